import { countKinds } from '../diagnose/alike.ts';
import { answerOf, isClosedByCaller } from '../diagnose/call-answer.ts';
import { isCancelled } from '../diagnose/cancelled.ts';
import { wasServed } from '../model/expected.ts';
import type { FailedBy } from '../model/facts/trace-shape.ts';
import type { CallFailure } from '../model/facts/values.ts';
import { type Cause, type FindingRef, refTo } from '../model/finding.ts';
import { endedWith } from '../model/grpc-status.ts';
import { isNamedOwnRequest } from '../model/own-request.ts';
import type { Span } from '../model/span.ts';
import { proxyAbove, spansAbove } from '../model/trace.ts';
import { hopSubject } from './calls.ts';
import { countCalls, type EndedCall, keyOf, lastCalls } from './ended-calls.ts';
import { explanationOf } from './explanations.ts';
import type { FindingCollector } from './finding-collector.ts';
import { isNamedAsMissing } from './never-answers.ts';
import { outagesOf } from './outages.ts';
import { remedyOf } from './remedies.ts';
import { type RunView, type TraceView, tracesToJudge } from './run-view.ts';
import { areSpansAlone } from './spans-alone.ts';
import { timingOf } from './timing.ts';
import { byVersionOf } from './version-tally.ts';

/**
 * Notes calls whose spans show that they failed (HC309), where no page shows what a user saw: in a dump without a list of
 * requests, and in a right answer of a request whose definition says nothing of errors. A failure below another one in the same trace explains it. A call that the caller repeated counts by its last
 * answer (HC305 shows the earlier ones), one without a SERVER span is HC303, one that a fault rule touched HC307.
 *
 * A call that was given up because the caller's own caller had gone is not a finding: the call above it is.
 *
 * A call that is refused is a warning: it may be meant so. So is one of a hop whose every call is answered 4xx. It is an
 * error where the caller fails with it. A refusal by the service behind the gateway concerns the client alone.
 */
export function noteFailedCalls(trace: TraceView, view: RunView, collector: FindingCollector): void {
  if (!areSpansAlone(trace, view)) return;
  const ended = lastCalls(trace, view);
  const left = ended.filter(({ client, causes }) => isLeftByClient(client, causes, trace, view));
  const failed = ended
    .filter((call) => !isGivenUpFromAbove(call, left, trace))
    .map((call) => (call.causes.length === 0 && isRejectedAlways(call, view) ? { ...call, causes: REFUSED } : call))
    .filter((call) => call.causes.length > 0 && !isRefusedToClient(call, view));
  const counts = failed.length === 0 ? undefined : countCalls(view);
  for (const call of failed) {
    const { client, servers, causes } = call;
    if (accountOf(call, trace, view) !== undefined) continue;
    const explainedBy = failureBelow(client, failed, trace, view) ?? downVersion(call, trace, view);
    const by = isLeftByClient(client, causes, trace, view) ? 'client' : endedBy(causes, servers);
    const isMild =
      by === 'client' || isNamedOwnRequest(client) || (by === 'refusal' && !failsAbove(call, failed, trace));
    const byVersion = byVersionOf(view.application, call, counts ?? new Map());
    collector.note({
      code: 'HC309',
      ...(isMild && { severity: 'warning' as const }),
      subject: { ...hopSubject(view.application, call), ...failingVersions(call, view) },
      ...(byVersion !== undefined && { byVersion }),
      causes,
      expected: { kind: by === 'refusal' ? 'call-accepted' : 'call-answered', callee: call.callee },
      received: { kind: 'call-failed', answer: answerOf(client), by },
      ...(causes.includes('caller-cancelled') && by === 'caller'
        ? remedyOf(call, causes, { answer: answerOf(client), failure: undefined })
        : { remedy: { kind: 'look-at-callee', caller: call.caller, callee: call.callee, by } as const }),
      of: counts?.get(keyOf(call)) ?? 0,
      among: call.callerVersion ?? '',
      exchange: trace.exchange,
      traceId: trace.assembly.trace.id,
      spans: [client],
      ...(explainedBy !== undefined && { explainedBy }),
    });
  }
}

/**
 * Notes calls that the caller's proxy tried again by itself and then had answered: one CLIENT span with several SERVER
 * spans below it. A warning, as something failed. Where the last try failed too, that failure is the finding.
 */
export function noteRetriesOfProxy(trace: TraceView, view: RunView, of: number, collector: FindingCollector): void {
  for (const call of lastCalls(trace, view)) {
    const { client, servers, caller } = call;
    const last = servers.at(-1);
    if (servers.length < 2 || last === undefined || !wasServed(last) || !servers.slice(0, -1).some(hasFailed)) continue;
    collector.note({
      code: 'HC305',
      severity: 'warning',
      subject: hopSubject(view.application, call),
      causes: ['retried'],
      expected: { kind: 'one-call' },
      received: { kind: 'call-tried', caller, answers: servers.map(answerOf) },
      of,
      exchange: trace.exchange,
      traceId: trace.assembly.trace.id,
      spans: [client, ...servers],
    });
  }
}

function hasFailed(server: Span): boolean {
  return !wasServed(server);
}

/** The finding of another code that names this failure; undefined: HC309 does. */
function accountOf(call: EndedCall, { hops, exchange }: TraceView, view: RunView): FindingRef | undefined {
  const subject = hopSubject(view.application, call);
  if (call.causes.includes('fault-injected')) return refTo('HC307', subject);
  const outage = outagesOf(view).get(`${call.caller} ${call.callee}`);
  if (outage !== undefined) return outage.ref;
  const half = hops.find(({ clientSpan, half: missing }) => clientSpan === call.client && missing === 'server');
  return half === undefined ? undefined : (explanationOf(half, exchange.probe.id, view) ?? refTo('HC303', subject));
}

/** The failure furthest down below this call. */
function failureBelow(
  client: Span,
  failed: readonly EndedCall[],
  trace: TraceView,
  view: RunView,
): FindingRef | undefined {
  const below = failed
    .map((call) => ({ call, depth: depthBelow(call.client, client, trace) }))
    .filter(({ depth }) => depth > 0)
    .toSorted((a, b) => b.depth - a.depth);
  const deepest = below[0]?.call;
  if (deepest === undefined) return undefined;
  return accountOf(deepest, trace, view) ?? refTo('HC309', hopSubject(view.application, deepest));
}

/** The version that was called, where the run shows that it never answers. */
function downVersion({ callee, servers }: EndedCall, { makers }: TraceView, view: RunView): FindingRef | undefined {
  const last = servers.at(-1);
  const version = last && makers.get(last)?.version;
  if (version === undefined || view.capture.imported?.requests === false || !isNamedAsMissing(callee, version, view))
    return undefined;
  return refTo('HC201', { kind: 'service', service: callee, versions: [version] });
}

const REFUSED: readonly Cause[] = ['call-refused'];

function isRefusedToClient({ caller, causes }: EndedCall, { application }: RunView): boolean {
  return caller === application.gateway && causes.includes('call-refused');
}

/** A call above this one fails, and not by a refusal. */
function failsAbove({ client }: EndedCall, failed: readonly EndedCall[], trace: TraceView): boolean {
  return failed.some((call) => !call.causes.includes('call-refused') && depthBelow(client, call.client, trace) > 0);
}

const rejecting = new WeakMap<RunView, ReadonlySet<string>>();

/** Every call of the hop, of two or more, is answered 4xx: one alone may be a request for something that does not exist. */
function isRejectedAlways(call: EndedCall, view: RunView): boolean {
  const known = rejecting.get(view) ?? rejectingHops(view);
  rejecting.set(view, known);
  return known.has(keyOf(call)) && isRejected(call.client);
}

function rejectingHops(view: RunView): ReadonlySet<string> {
  const calls = new Map<string, { rejected: number; of: number }>();
  for (const { request, times } of countKinds(tracesToJudge(view)))
    for (const call of lastCalls(request, view)) {
      const tally = calls.get(keyOf(call)) ?? { rejected: 0, of: 0 };
      calls.set(keyOf(call), tally);
      tally.of += times;
      if (isRejected(call.client)) tally.rejected += times;
    }
  return new Set([...calls].flatMap(([key, { rejected, of }]) => (of > 1 && rejected === of ? [key] : [])));
}

function isRejected(client: Span): boolean {
  if (isNamedOwnRequest(client)) return false;
  const status = endedWith(client) ?? 0;
  return status >= 400 && status < 500;
}

/** How many spans further down; 0: not below it. */
function depthBelow(span: Span, above: Span, { assembly }: TraceView): number {
  return spansAbove(span, assembly).indexOf(above) + 1;
}

/** The versions of the callee whose calls fail, where they differ from the others. */
function failingVersions(call: EndedCall, view: RunView): { readonly calleeVersions?: readonly string[] } {
  const known = failing.get(view) ?? new Map<string, CallFailure | undefined>();
  failing.set(view, known);
  const key = `${call.caller} ${call.callee} ${call.causes}`;
  if (!known.has(key)) known.set(key, timingOf(call, call.causes, view));
  const calleeVersions = known.get(key)?.calleeVersions;
  return calleeVersions === undefined ? {} : { calleeVersions };
}

const failing = new WeakMap<RunView, Map<string, CallFailure | undefined>>();

/**
 * The client of the gateway went away before the application's longest timeout had passed: people close pages, and
 * that says nothing against a service.
 */
function isLeftByClient(
  client: Span,
  causes: readonly Cause[],
  { assembly, makers }: TraceView,
  { application }: RunView,
): boolean {
  if (!isGivenUp(causes) || makers.get(client)?.service !== application.gateway) return false;
  const above = proxyAbove(client, assembly);
  const first = above !== undefined && makers.get(above)?.service === application.gateway ? above : client;
  return isClosedByCaller(first) && first.durationMicros < application.longestUpstreamTimeoutMs * 1000;
}

/** The call ended because a call above it did: that says nothing against its callee. */
function isGivenUpFromAbove({ client, causes }: EndedCall, left: readonly EndedCall[], trace: TraceView): boolean {
  if (!isGivenUp(causes)) return false;
  return isCancelled(client, trace.assembly) || left.some((call) => depthBelow(client, call.client, trace) > 0);
}

function isGivenUp(causes: readonly Cause[]): boolean {
  return causes.includes('callee-slow') || causes.includes('caller-cancelled');
}

function endedBy(causes: readonly Cause[], servers: readonly Span[]): FailedBy {
  if (causes.includes('call-refused')) return 'refusal';
  if (isGivenUp(causes)) return 'caller';
  if (servers.length === 0) return 'proxy';
  return causes.includes('callee-down') ? 'sidecar' : 'application';
}
