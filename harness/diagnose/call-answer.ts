import { isRefusal, isRefusedByProxy } from '../model/early-answer.ts';
import type { CallAnswer } from '../model/facts/values.ts';
import type { Cause } from '../model/finding.ts';
import { endedWith, GRPC_CODES, grpcStatus } from '../model/grpc-status.ts';
import { httpStatus, responseFlags, type Span } from '../model/span.ts';

/**
 * The cause that a failed call, or one without its other half, shows at the callee (docs/facts/envoy.md#tags, #faults):
 * UH no endpoint, 0/DC/UT the caller gave up, FI a fault rule. UF on the SERVER span: the application does not listen; on
 * the call alone: nothing does, its sidecar included. UC: it was connected, and the callee closed without an answer. A filter of a proxy that refuses the call has a flag; of other refusals
 * a SERVER span shows that the callee gave them. Empty: the call itself was answered. DEADLINE_EXCEEDED of gRPC is an
 * answer that came too late, whichever side noticed (docs/facts/grpc.md#deadlines).
 */
export function causesOfCall(client: Span, server?: Span): readonly Cause[] {
  const flags = new Set([...responseFlags(client), ...(server === undefined ? [] : responseFlags(server))]);
  const status = endedWith(client);
  if (flags.has('FI') || flags.has('DI')) return ['fault-injected'];
  if (isRefusedByProxy(client) || (server !== undefined && isRefusal(server))) return ['call-refused'];
  if (flags.has('UH') || flags.has('NR') || flags.has('NC')) return ['callee-unreachable'];
  if (status === 0 || flags.has('DC') || flags.has('UT') || isLate(client)) return ['callee-slow'];
  if (flags.has('UC')) return ['callee-closed'];
  if (flags.has('UF')) return [server === undefined ? 'callee-unreachable' : 'callee-down'];
  if (status !== undefined && status >= 500) return server === undefined ? ['callee-down'] : ['callee-error'];
  return [];
}

/** The caller went away: over HTTP/1.1 it closed the connection (DC), over HTTP/2 it reset the stream (DR; docs/facts/grpc.md). */
export function isClosedByCaller(span: Span): boolean {
  const flags = responseFlags(span);
  return flags.includes('DC') || flags.includes('DR');
}

/** How the call was answered, as its CLIENT span shows it. */
export function answerOf(span: Span): CallAnswer {
  const grpc = grpcStatus(span);
  return {
    status: httpStatus(span),
    ...(grpc !== undefined && grpc !== 0 && { grpcStatus: grpc }),
    flags: responseFlags(span),
  };
}

const LATE = GRPC_CODES.indexOf('DEADLINE_EXCEEDED');

function isLate(span: Span): boolean {
  return grpcStatus(span) === LATE;
}
