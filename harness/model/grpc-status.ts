import { httpStatus, plainSpan, type Span, tag } from './span.ts';

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

export type GrpcCode = (typeof GRPC_CODES)[number];

/**
 * Codes with which a callee may rightly answer, because of what was asked: Envoy does not set `error` for them on a SERVER span
 * (docs/facts/grpc.md#errors). No run takes them for right before the definition has them (`statuses`).
 */
export const OF_REQUEST: readonly GrpcCode[] = [
  ...(['CANCELLED', 'INVALID_ARGUMENT', 'NOT_FOUND', 'ALREADY_EXISTS', 'PERMISSION_DENIED'] as const),
  ...(['FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE', 'UNAUTHENTICATED'] as const),
];

const DECLARED: unique symbol = Symbol('declared');

interface Declared {
  readonly [DECLARED]?: true;
}

/** The span, as one whose status of gRPC the definition has as a right answer. */
export function asDeclaredAnswer(span: Span): Span {
  return Object.defineProperty(plainSpan(span), DECLARED, { value: true });
}

/** True for a span of {@link asDeclaredAnswer}. */
export function isDeclaredAnswer(span: Span & Declared): boolean {
  return span[DECLARED] === true;
}

/** Status of gRPC, from trailers or headers; undefined: not gRPC, or it ended without one (docs/facts/grpc.md#tags). */
export function grpcStatus(span: Pick<Span, 'tags'>): number | undefined {
  const text = tag(span, 'grpc.status_code');
  return text !== undefined && /^\d{1,2}$/.test(text) ? Number(text) : undefined;
}

/** Stands for every status of gRPC but OK. */
const GRPC_ERROR = 500;

/**
 * How the call ended, as a status of HTTP: that of HTTP, and where gRPC's is not OK behind HTTP's 200, an error of the callee
 * (500), unless the definition has it as a right answer. 0: no answer; undefined: the span shows none.
 */
export function endedWith(span: Span): number | undefined {
  const status = httpStatus(span);
  if (status !== 200 || (grpcStatus(span) ?? 0) === 0 || isDeclaredAnswer(span)) return status;
  return GRPC_ERROR;
}
