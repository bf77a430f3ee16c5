import type { ClockOffset } from '../model/capture.ts';
import type { Exchange } from '../model/exchange.ts';
import { endMicros, type Span } from '../model/span.ts';

/**
 * The ingress' clock minus ours, from the answer's `Date`. It names a whole second (RFC 9110 §5.6.7), so half of it is
 * added, and half of it and of the round trip are the uncertainty. undefined without a readable `Date`.
 */
export function ingressOffset(exchange: Exchange): ClockOffset | undefined {
  const date = exchange.answer?.headers.find(([name]) => name === 'date')?.[1];
  const dateMs = date === undefined ? Number.NaN : Date.parse(date);
  if (Number.isNaN(dateMs)) return undefined;
  const middleMs = (exchange.sentAtMs + exchange.answeredAtMs) / 2;
  const roundTripMs = exchange.answeredAtMs - exchange.sentAtMs;
  return { offsetMs: Math.round(dateMs + 500 - middleMs), uncertaintyMs: Math.ceil(500 + roundTripMs / 2) };
}

/**
 * The mesh's clock minus ours, from the trace's first span: by a common clock it lies between sending and answer.
 * @param entry the gateway's outermost span.
 */
export function spanOffset(exchange: Exchange, entry: Span): ClockOffset {
  const mostMs = entry.startMicros / 1000 - exchange.sentAtMs;
  const leastMs = endMicros(entry) / 1000 - exchange.answeredAtMs;
  return {
    offsetMs: Math.round((mostMs + leastMs) / 2),
    uncertaintyMs: Math.ceil(Math.abs(mostMs - leastMs) / 2),
  };
}

/**
 * One clock's offset from several requests: what all of them allow. A first request takes longer than the gateway's span of
 * it (connections are made), and says little by itself. Where no offset fits all, the one of the smallest uncertainty.
 */
export function commonOffset(offsets: readonly ClockOffset[]): ClockOffset | undefined {
  const leastMs = Math.max(...offsets.map(({ offsetMs, uncertaintyMs }) => offsetMs - uncertaintyMs));
  const mostMs = Math.min(...offsets.map(({ offsetMs, uncertaintyMs }) => offsetMs + uncertaintyMs));
  if (leastMs > mostMs) return offsets.toSorted((one, other) => one.uncertaintyMs - other.uncertaintyMs)[0];
  if (offsets.length === 0) return undefined;
  return { offsetMs: Math.round((mostMs + leastMs) / 2), uncertaintyMs: Math.ceil((mostMs - leastMs) / 2) };
}
