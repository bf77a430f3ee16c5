import type { ContractCapture, ContractExchange } from '../../model/contract.ts';
import { newIdentity, type Pairs, usualHeaders } from './identity.ts';

/** What a service makes of the headers of a request. */
export type Made = (headers: Pairs) => Pairs;

const REQUIRED = ['x-request-id', 'traceparent', 'tracestate'];

/** Hex digits that count up, so that no two ids are the same and every run is. */
export function countingHex(): (digits: number) => string {
  let next = 0;
  return (digits) => {
    next += 1;
    // Both halves of a long id differ from those of all others.
    const part = (0x1234_5678_0000_0000n + BigInt(next)).toString(16).padStart(16, '1');
    return (digits > 16 ? `${part}${part.split('').toReversed().join('')}` : part).slice(0, digits).padEnd(digits, 'a');
  };
}

/** A run of five requests alone against a service that copies everything to its upstream `stock`. */
export function madeCapture(): ContractCapture {
  const random = countingHex();
  const exchanges = [1, 2, 3, 4, 5].map(
    (number): ContractExchange => ({
      id: `c00${number}`,
      phase: 'alone',
      headers: usualHeaders(REQUIRED, newIdentity(random)).map(([name, value]) => [name, value] as const),
      sentMs: number * 100,
      answeredMs: number * 100 + 50,
      status: 200,
    }),
  );
  const bare: ContractCapture = {
    schema: 'hopcheck/contract@1',
    run: { id: 'test', startedAt: '2026-01-01T00:00:00.000Z', hopcheck: 'test' },
    service: { name: 'orders', url: 'http://127.0.0.1:1/orders', protocol: 'http/1.1' },
    upstreams: [{ name: 'stock', address: '127.0.0.1:2' }],
    required: REQUIRED,
    watched: REQUIRED,
    exchanges,
    calls: [],
    tls: [],
    timings: { startMs: 0, formsMs: 0, isolationMs: 0, troubleMs: 0, holdMs: 0 },
  };
  return withCalls(bare, (headers) => headers);
}

/** The same requests, each with one call of each upstream that carries what the service makes of its headers. */
export function withCalls(capture: ContractCapture, make: Made): ContractCapture {
  const calls = capture.exchanges.flatMap(({ id, headers, sentMs }, index) =>
    capture.upstreams.map(({ name }, place) => ({
      upstream: name,
      number: index * capture.upstreams.length + place + 1,
      arrivedMs: sentMs + 10,
      during: id,
      connection: place,
      before: index,
      protocol: 'http/1.1' as const,
      method: 'GET',
      path: '/',
      headers: make(headers).map(([header, value]) => [header, value] as const),
    })),
  );
  return { ...capture, calls };
}
