import fc from 'fast-check';
import { expect, it } from 'vitest';
import { proxySpans } from '../../fixtures/testing/spans.ts';
import { wasServed } from './expected.ts';
import { asDeclaredAnswer, endedWith, GRPC_CODES, grpcStatus, OF_REQUEST } from './grpc-status.ts';

function server(tags: Readonly<Record<string, string>>) {
  const [span] = proxySpans([{ kind: 'server', service: 'stock.shop', tags }]);
  if (span === undefined) throw new Error('expected a span');
  return span;
}

it.each([
  [{ 'http.status_code': '200', 'grpc.status_code': '0' }, 200, true],
  [{ 'http.status_code': '200', 'grpc.status_code': '5' }, 500, false],
  [{ 'http.status_code': '200', 'grpc.status_code': '13' }, 500, false],
  [{ 'http.status_code': '200', 'grpc.status_code': '14', response_flags: 'UF' }, 500, false],
  // A code that gRPC does not have.
  [{ 'http.status_code': '200', 'grpc.status_code': '42' }, 500, false],
  // A proxy that answers before gRPC does.
  [{ 'http.status_code': '503', 'grpc.status_code': '0' }, 503, false],
  [{ 'http.status_code': '0', response_flags: 'DR' }, 0, false],
  [{ 'http.status_code': '200' }, 200, true],
  [{}, undefined, true],
] as const)('reads %o as a call that ended with %s', (tags, status, served) => {
  expect({ status: endedWith(server(tags)), served: wasServed(server(tags)) }).toEqual({ status, served });
});

it('takes every code but OK for an error of the callee, unless the definition has it', () => {
  for (const [code, name] of GRPC_CODES.entries()) {
    const span = server({ 'http.status_code': '200', 'grpc.status_code': String(code) });
    const asDeclared = asDeclaredAnswer(span);
    expect([name, endedWith(span), endedWith(asDeclared), asDeclared.tags]).toEqual([
      name,
      code === 0 ? 200 : 500,
      200,
      span.tags,
    ]);
  }
});

it('has those as of the request that Envoy does not mark with error (docs/facts/grpc.md#errors)', () => {
  expect(GRPC_CODES.filter((code) => code !== 'OK' && !OF_REQUEST.includes(code))).toEqual([
    'UNKNOWN',
    'DEADLINE_EXCEEDED',
    'RESOURCE_EXHAUSTED',
    'UNIMPLEMENTED',
    'INTERNAL',
    'UNAVAILABLE',
    'DATA_LOSS',
  ]);
});

it('takes any text of a tag, and gives a status of HTTP or none', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (http, grpc) => {
      const span = server({ 'http.status_code': http, 'grpc.status_code': grpc });
      const status = endedWith(span);
      expect(status === undefined || (Number.isInteger(status) && status >= 0 && status <= 999)).toBe(true);
      expect(grpcStatus(span) ?? 0).toBeLessThan(100);
    }),
  );
});
