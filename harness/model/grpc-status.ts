import { httpStatus, type Span, tag } from './span.ts';

/** The codes of gRPC by number (grpc.io, Status codes and their use in gRPC). */
export const GRPC_CODES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;

type Code = (typeof GRPC_CODES)[number];

/**
 * What these codes are as a status of HTTP (google/rpc/code.proto). The first row are errors of the callee, as Envoy's tag
 * `error` has them on a SERVER span (docs/facts/grpc.md#errors); the others are like 4xx, an answer to a wrong request.
 */
const AS_HTTP: Readonly<Record<Code, number>> = {
  ...{ UNKNOWN: 500, DEADLINE_EXCEEDED: 504, UNIMPLEMENTED: 501, INTERNAL: 500, UNAVAILABLE: 503, DATA_LOSS: 500 },
  // 429 by the table, but Envoy and gRPC's clients take it for a service that cannot answer.
  RESOURCE_EXHAUSTED: 503,
  OK: 200,
  ...{ CANCELLED: 499, INVALID_ARGUMENT: 400, NOT_FOUND: 404, ALREADY_EXISTS: 409, PERMISSION_DENIED: 403 },
  ...{ FAILED_PRECONDITION: 400, ABORTED: 409, OUT_OF_RANGE: 400, UNAUTHENTICATED: 401 },
};

/** Status of gRPC, from trailers or headers; undefined: not gRPC, or it ended without one (docs/facts/grpc.md#tags). */
export function grpcStatus(span: Pick<Span, 'tags'>): number | undefined {
  const text = tag(span, 'grpc.status_code');
  return text !== undefined && /^\d{1,2}$/.test(text) ? Number(text) : undefined;
}

/**
 * How the call ended, as a status of HTTP: that of HTTP, and where gRPC's is an error behind HTTP's 200, what it is in HTTP. A
 * code that gRPC does not have counts as UNKNOWN, as its clients take it. 0: no answer; undefined: the span shows none.
 */
export function endedWith(span: Span): number | undefined {
  const status = httpStatus(span);
  const grpc = grpcStatus(span);
  if (grpc === undefined || status !== 200) return status;
  return AS_HTTP[GRPC_CODES[grpc] ?? 'UNKNOWN'];
}
