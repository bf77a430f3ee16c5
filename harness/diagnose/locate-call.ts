import { serverAbove } from '../model/call-place.ts';
import type { Fragment } from '../model/capture.ts';
import type { CheckedHop } from '../model/expected.ts';
import type { TraceId } from '../model/ids.ts';
import { calledService, isProxySpan, type Span, tag } from '../model/span.ts';
import { type Assembly, assemble, proxyAbove } from '../model/trace.ts';
import { isDuring } from '../model/while-open.ts';
import { identify, type Workload } from '../model/workload.ts';
import { onceOfKind } from './alike.ts';
import type { DiagnosisInput, ExaminedRequest } from './request.ts';

/** The CLIENT span of a call, wherever it was found. */
export interface LocatedCall {
  readonly span: Span;
  readonly assembly: Assembly;
  /** In the request's own trace, or under another trace id. */
  readonly inOwnTrace: boolean;
}

/**
 * Looks for the call that the caller's SERVER span should have made: below that span, elsewhere in the trace, then in
 * the fragments of the same request. A fragment may be the trace of another request altogether (context reused): of its
 * calls those with this probe's marker come first, then those made while the caller was at work.
 */
export function locateCall(hop: CheckedHop, request: ExaminedRequest, input: DiagnosisInput): LocatedCall | undefined {
  const { assembly, makers } = request;
  const caller = hop.callerSpan === undefined ? undefined : makers.get(hop.callerSpan);
  const own = assembly.trace.spans.filter(
    (span) => isCall(span, hop, makers.get(span), input) && samePod(caller, makers.get(span)),
  );
  const below = own.find((span) => proxyAbove(span, assembly) === hop.callerSpan);
  if (below !== undefined) return { span: below, assembly, inOwnTrace: true };
  // A call that hangs below another pod's SERVER span of the same service is that one's.
  const loose = own.filter((span) => {
    const above = proxyAbove(span, assembly);
    return above === undefined || above.kind !== 'server' || makers.get(above)?.service !== hop.caller;
  });
  const [first] = byCloseness(loose, hop.callerSpan);
  if (first !== undefined) return { span: first, assembly, inOwnTrace: true };
  return inFragments(hop, caller, request, input) ?? inOtherRequests(hop, caller, request, input);
}

/**
 * A call with the context of another request lies in that one's trace, outside of the time in which its caller handled it.
 * The application may send its own user agent and the old x-request-id, so that only place and time show whose it is.
 */
function inOtherRequests(
  hop: CheckedHop,
  caller: Workload | undefined,
  request: ExaminedRequest,
  input: DiagnosisInput,
): LocatedCall | undefined {
  const during = whileOpen(hop.callerSpan);
  const found = strayCallsOf(input).find(
    ({ span, assembly, maker }) =>
      assembly !== request.assembly && isCall(span, hop, maker, input) && samePod(caller, maker) && during(span),
  );
  return found && { span: found.span, assembly: found.assembly, inOwnTrace: false };
}

interface StrayCall {
  readonly span: Span;
  readonly assembly: Assembly;
  readonly maker: Workload | undefined;
}

const strays = new WeakMap<DiagnosisInput['requests'], readonly StrayCall[]>();

/** Such calls of every trace. Looked for once per run. */
function strayCallsOf({ requests }: DiagnosisInput): readonly StrayCall[] {
  const known = strays.get(requests);
  if (known !== undefined) return known;
  const callsIn = onceOfKind(callsBelowServers);
  const found = requests.flatMap((request): StrayCall[] => {
    const { made } = request;
    return callsIn(request).flatMap(({ call, above }) => {
      const { span, workload } = made[call] ?? {};
      const around = made[above]?.span;
      if (span === undefined || around === undefined || isDuring(span, around)) return [];
      return [{ span, assembly: request.assembly, maker: workload }];
    });
  });
  strays.set(requests, found);
  return found;
}

/** Places of the CLIENT spans below a SERVER span, and of that. */
function callsBelowServers({ assembly, made }: ExaminedRequest): readonly { call: number; above: number }[] {
  return made.flatMap(({ span }, call) => {
    const above = serverAbove(span, assembly);
    return above === undefined ? [] : [{ call, above: made.findIndex((one) => one.span === above) }];
  });
}

function inFragments(
  hop: CheckedHop,
  caller: Workload | undefined,
  { exchange }: ExaminedRequest,
  input: DiagnosisInput,
): LocatedCall | undefined {
  const { fragments, naming } = input;
  for (const fragment of fragments.get(exchange.probe.id) ?? []) {
    const calls = fragment.spans.filter((span) => {
      const maker = identify(span, naming);
      return isCall(span, hop, maker, input) && samePod(caller, maker);
    });
    const marked = calls.filter((span) => tag(span, 'user_agent') === exchange.probe.marker);
    const during = calls.filter(whileOpen(hop.callerSpan));
    const [span] = byCloseness(marked.length > 0 ? marked : during, hop.callerSpan);
    if (span !== undefined) return { span, assembly: assembleFragment(fragment), inOwnTrace: false };
  }
  return undefined;
}

const assembled = new WeakMap<Fragment, Assembly>();

/** Put together once, however many hops look into it. */
export function assembleFragment(fragment: Fragment): Assembly {
  const known = assembled.get(fragment);
  if (known !== undefined) return known;
  const made = assemble({ id: fragment.traceId, spans: fragment.spans });
  assembled.set(fragment, made);
  return made;
}

/** A SERVER span of the callee in a fragment, that is the answer to this very call. */
export function locateServer(
  hop: CheckedHop,
  { exchange }: ExaminedRequest,
  { fragments, naming }: DiagnosisInput,
): { readonly span: Span; readonly traceId: TraceId } | undefined {
  for (const { spans, traceId } of fragments.get(exchange.probe.id) ?? []) {
    const span = spans.find(
      (candidate) =>
        candidate.kind === 'server' &&
        isProxySpan(candidate) &&
        identify(candidate, naming)?.service === hop.callee &&
        (tag(candidate, 'user_agent') === exchange.probe.marker || whileOpen(hop.clientSpan)(candidate)),
    );
    if (span !== undefined) return { span, traceId };
  }
  return undefined;
}

function isCall(
  span: Span,
  { caller, callee, calledAs = callee }: CheckedHop,
  maker: Workload | undefined,
  { naming }: DiagnosisInput,
): boolean {
  if (span.kind !== 'client' || !isProxySpan(span) || maker?.service !== caller) return false;
  return calledService(span, naming?.homes) === calledAs;
}

function samePod(a: Workload | undefined, b: Workload | undefined): boolean {
  if (a?.pod !== undefined && b?.pod !== undefined) return a.pod === b.pod;
  return a?.version === undefined || b?.version === undefined || a.version === b.version;
}

function whileOpen(around: Span | undefined): (span: Span) => boolean {
  return (span) => around !== undefined && isDuring(span, around);
}

function byCloseness(spans: readonly Span[], around: Span | undefined): readonly Span[] {
  const during = whileOpen(around);
  return spans.toSorted((a, b) => Number(during(b)) - Number(during(a)) || a.startMicros - b.startMicros);
}
