import type { CheckedHop } from '../model/expected.ts';
import type { Cause } from '../model/finding.ts';
import type { TraceId } from '../model/ids.ts';
import { type Span, tag } from '../model/span.ts';
import { proxyAbove } from '../model/trace.ts';
import { type LocatedCall, locateCall } from './locate-call.ts';
import type { DiagnosisInput, ExaminedRequest } from './request.ts';

export type ContextCause = Extract<
  Cause,
  'context-dropped' | 'trace-restarted' | 'id-truncated' | 'context-reused' | 'parent-wrong' | 'parent-phantom'
>;

/** What happened to the context at one hop of one request. */
export interface HopFact {
  readonly hop: CheckedHop;
  readonly request: ExaminedRequest;
  /** Where it was looked for; absent: it is in its place, or was not found anywhere. Read it with {@link callOf}. */
  readonly call?: LocatedCall;
  /** `kept`: the call is below the caller's SERVER span. `unseen`: no call was found to tell. */
  readonly context: 'kept' | ContextCause | 'unseen';
  /** `guid:x-request-id` at the caller's SERVER span and at its call. */
  readonly requestId: 'kept' | 'lost' | 'unseen';
  /** The trace that the call was found in, where it is not the request's own. */
  readonly elsewhere?: TraceId;
}

/** The tag that carries x-request-id (docs/facts/envoy.md#tags). */
const GUID = 'guid:x-request-id';

/** One hop of a request, caller at work or not found: what became of the context there. Linear for whole traces. */
export function readHop(hop: CheckedHop, request: ExaminedRequest, input: DiagnosisInput): HopFact {
  const { callerSpan, clientSpan } = hop;
  // The only span of a gateway of profile 1 is its own call (docs/facts/envoy.md#healthy-traces).
  if (callerSpan !== undefined && clientSpan === callerSpan)
    return { hop, request, context: 'kept', requestId: 'unseen' };
  if (callerSpan === undefined) return { hop, request, context: 'unseen', requestId: 'unseen' };
  // The callee below its caller: the headers came with the call, even without a span of the call.
  if (hop.arrived !== undefined)
    return { hop, request, context: 'kept', requestId: requestIdAt(hop.arrived, callerSpan) };
  const own = callInPlace(hop, request);
  const call = own ?? locateCall(hop, request, input);
  if (call === undefined) return { hop, request, context: 'unseen', requestId: 'unseen' };
  const isGateway = hop.caller === input.application.gateway;
  return {
    hop,
    request,
    ...(own === undefined && { call }),
    context: isGateway ? 'kept' : contextAt(call, callerSpan, request),
    requestId: requestIdAt(call.span, callerSpan),
    ...(!call.inOwnTrace && { elsewhere: call.span.traceId }),
  };
}

/** The call of a hop. undefined: the caller's CLIENT span was not found anywhere. */
export function callOf({ hop, request, call }: HopFact): LocatedCall | undefined {
  return call ?? callInPlace(hop, request);
}

/** The call where it should be. Made when it is asked for: a run has hundreds of thousands of them. */
function callInPlace({ callerSpan, clientSpan, arrived }: CheckedHop, { assembly }: ExaminedRequest) {
  if (callerSpan === undefined || clientSpan === undefined || arrived !== undefined) return undefined;
  const isInPlace = clientSpan === callerSpan || assembly.parentOf.get(clientSpan) === callerSpan;
  return isInPlace ? { span: clientSpan, assembly, inOwnTrace: true } : undefined;
}

function contextAt(call: LocatedCall, callerSpan: Span, request: ExaminedRequest): HopFact['context'] {
  const { span, assembly, inOwnTrace } = call;
  const above = proxyAbove(span, assembly);
  if (above === callerSpan) return 'kept';
  if (inOwnTrace) {
    // Two SERVER spans of one pod (a retry): only the link shows whose call it is, and it is one of them.
    if (
      above !== undefined &&
      above.kind === 'server' &&
      request.makers.get(above)?.service === request.makers.get(span)?.service
    )
      return 'kept';
    return isParentKnown(span, callerSpan, request) ? 'parent-wrong' : 'parent-phantom';
  }
  if (isTruncated(span.traceId, callerSpan.traceId)) return 'id-truncated';
  // Below a SERVER span of another request: a fragment begins with the call.
  if (above?.kind === 'server') return 'context-reused';
  if (span.parentId === undefined) return 'context-dropped';
  return 'trace-restarted';
}

/**
 * The call names a parent that the request has, none, or the one that is above its caller: under a shared span context
 * the caller's SERVER span has the parent of its call, which the client may have sent.
 */
function isParentKnown(call: Span, callerSpan: Span, { assembly, exchange }: ExaminedRequest): boolean {
  const { parentId } = call;
  if (parentId === undefined || assembly.parentOf.has(call)) return true;
  return parentId === callerSpan.parentId || parentId === exchange.probe.spanId;
}

/** 128 bit cut to the lower 64 (docs/facts/envoy.md#faults). */
function isTruncated(found: TraceId, own: TraceId): boolean {
  return found !== own && found === own.slice(16).padStart(32, '0');
}

function requestIdAt(call: Span, server: Span): HopFact['requestId'] {
  const received = tag(server, GUID);
  const sent = tag(call, GUID);
  if (received === undefined || sent === undefined) return 'unseen';
  return sameRequestId(received, sent) ? 'kept' : 'lost';
}

/**
 * Envoy packs its decision into the 15th digit on the way (docs/facts/envoy.md#decision), so that digit is not
 * compared.
 */
function sameRequestId(a: string, b: string): boolean {
  return (
    a === b || (a.length === 36 && b.length === 36 && a.slice(0, 14) === b.slice(0, 14) && a.slice(15) === b.slice(15))
  );
}
