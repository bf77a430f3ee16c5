import fc from 'fast-check';
import { expect, it } from 'vitest';
import { proxySpans } from '../../fixtures/testing/spans.ts';
import { wasServed } from './expected.ts';
import { endedWith, GRPC_CODES, grpcStatus } from './grpc-status.ts';

function server(tags: Readonly<Record<string, string>>) {
  const [span] = proxySpans([{ kind: 'server', service: 'stock.shop', tags }]);
  if (span === undefined) throw new Error('expected a span');
  return span;
}

it.each([
  [{ 'http.status_code': '200', 'grpc.status_code': '0' }, 200, true],
  [{ 'http.status_code': '200', 'grpc.status_code': '5' }, 404, true],
  [{ 'http.status_code': '200', 'grpc.status_code': '13' }, 500, false],
  [{ 'http.status_code': '200', 'grpc.status_code': '14', response_flags: 'UF' }, 503, false],
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

it('takes the codes for errors of the callee that Envoy marks with error (docs/facts/grpc.md#errors)', () => {
  const errors = GRPC_CODES.filter((_, code) => {
    const ended = endedWith(server({ 'http.status_code': '200', 'grpc.status_code': String(code) }));
    return ended !== undefined && ended >= 500;
  });
  expect(errors).toEqual([
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
