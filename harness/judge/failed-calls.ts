import { answerOf, causesOfCall } from '../diagnose/call-answer.ts';
import { wasServed } from '../model/expected.ts';
import type { FailedBy } from '../model/facts/trace-shape.ts';
import type { CallFailure } from '../model/facts/values.ts';
import { type Cause, type FindingRef, refTo } from '../model/finding.ts';
import { calledService, isProxySpan, responseFlags, type Span } from '../model/span.ts';
import { byStart, proxyAbove } from '../model/trace.ts';
import { hopSubject } from './calls.ts';
import { explanationOf } from './explanations.ts';
import type { FindingCollector } from './finding-collector.ts';
import { type RunView, type TraceView, tracesToJudge } from './run-view.ts';
import { timingOf } from './timing.ts';
import { byVersionOf } from './version-tally.ts';

/** A call between services of the application, and how it ended. */
interface EndedCall {
  readonly caller: string;
  readonly callee: string;
  readonly callerVersion?: string;
  readonly client: Span;
  /** The callee's SERVER spans, in order of their start: one for each try of the caller's proxy. */
  readonly servers: readonly Span[];
  /** Why it failed; empty: it did not. */
  readonly causes: readonly Cause[];
}

/**
 * Notes calls whose spans show that they failed (HC309), where no page shows what a user saw: in a dump without a list of
 * requests. A failure below another one in the same trace explains it. A call that the caller repeated counts by its last
 * answer (HC305 shows the earlier ones), one without a SERVER span is HC303, one that a fault rule touched HC307.
 */
export function noteFailedCalls(trace: TraceView, view: RunView, collector: FindingCollector): void {
  if (view.capture.imported?.requests !== false) return;
  const failed = lastCalls(trace, view).filter(({ causes }) => causes.length > 0);
  const counts = failed.length === 0 ? undefined : countCalls(view);
  for (const call of failed) {
    const { client, servers, causes } = call;
    if (accountOf(call, trace, view) !== undefined) continue;
    const explainedBy = failureBelow(client, failed, trace, view);
    const by = isLeftByClient(client, causes, trace, view) ? 'client' : endedBy(causes, servers);
    const byVersion = byVersionOf(view.application, call, counts ?? new Map());
    collector.note({
      code: 'HC309',
      ...(by === 'client' && { severity: 'warning' as const }),
      subject: { ...hopSubject(view.application, call), ...failingVersions(call, view) },
      ...(byVersion !== undefined && { byVersion }),
      causes,
      expected: { kind: 'call-answered', callee: call.callee },
      received: { kind: 'call-failed', answer: answerOf(client), by },
      remedy: { kind: 'look-at-callee', caller: call.caller, callee: call.callee, by },
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

/** Two judgements ask for the calls of a trace, one behind the other. */
let asked: { readonly trace: TraceView; readonly view: RunView; readonly calls: readonly EndedCall[] } | undefined;

/** Of calls of one service to another below the same span the last one. */
function lastCalls(trace: TraceView, view: RunView): readonly EndedCall[] {
  if (asked?.trace === trace && asked.view === view) return asked.calls;
  const calls = readCalls(trace, view);
  asked = { trace, view, calls };
  return calls;
}

function readCalls({ made, makers, assembly }: TraceView, view: RunView): readonly EndedCall[] {
  const { application, naming } = view;
  const services = servicesOf(view);
  const last = new Map<string, EndedCall>();
  for (const { span: client, workload } of made.toSorted((a, b) => byStart(a.span, b.span))) {
    const callee = calledService(client, naming.homes);
    if (client.kind !== 'client' || !isProxySpan(client) || workload === undefined || callee === undefined) continue;
    const { service: caller, version } = workload;
    if (!services.has(callee) || (caller !== application.gateway && !services.has(caller))) continue;
    const servers = (assembly.childrenOf.get(client) ?? []).filter(
      (span) => span.kind === 'server' && isProxySpan(span) && makers.get(span)?.service === callee,
    );
    last.set(`${proxyAbove(client, assembly)?.id ?? ''} ${caller} ${callee}`, {
      caller,
      callee,
      ...(version !== undefined && { callerVersion: version }),
      client,
      servers,
      causes: causesOfCall(client, servers.at(-1)),
    });
  }
  return [...last.values()];
}

const ofApplication = new WeakMap<RunView, ReadonlySet<string>>();

function servicesOf(view: RunView): ReadonlySet<string> {
  const known = ofApplication.get(view) ?? new Set(view.application.services.map(({ name }) => name));
  ofApplication.set(view, known);
  return known;
}

/** The finding of another code that names this failure; undefined: HC309 does. */
function accountOf(call: EndedCall, { hops, exchange }: TraceView, view: RunView): FindingRef | undefined {
  const subject = hopSubject(view.application, call);
  if (call.causes.includes('fault-injected')) return refTo('HC307', subject);
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

/** How many spans further down; 0: not below it. */
function depthBelow(span: Span, above: Span, { assembly: { parentOf, trace } }: TraceView): number {
  let parent = parentOf.get(span);
  for (let depth = 1; parent !== undefined && depth <= trace.spans.length; depth += 1) {
    if (parent === above) return depth;
    parent = parentOf.get(parent);
  }
  return 0;
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
 * The client of the gateway went away (DC) before the application's longest timeout had passed: people close pages, and
 * that says nothing against a service.
 */
function isLeftByClient(
  client: Span,
  causes: readonly Cause[],
  { assembly, makers }: TraceView,
  { application }: RunView,
): boolean {
  if (!causes.includes('callee-slow') || makers.get(client)?.service !== application.gateway) return false;
  const above = proxyAbove(client, assembly);
  const first = above !== undefined && makers.get(above)?.service === application.gateway ? above : client;
  return responseFlags(first).includes('DC') && first.durationMicros < application.longestUpstreamTimeoutMs * 1000;
}

function endedBy(causes: readonly Cause[], servers: readonly Span[]): FailedBy {
  if (causes.includes('callee-slow')) return 'caller';
  if (servers.length === 0) return 'proxy';
  return causes.includes('callee-down') ? 'sidecar' : 'application';
}

const counted = new WeakMap<RunView, ReadonlyMap<string, number>>();

/** Traces with each call, by its caller's version. */
function countCalls(view: RunView): ReadonlyMap<string, number> {
  const known = counted.get(view);
  if (known !== undefined) return known;
  const counts = new Map<string, number>();
  for (const trace of tracesToJudge(view))
    for (const key of new Set(lastCalls(trace, view).map(keyOf))) counts.set(key, (counts.get(key) ?? 0) + 1);
  counted.set(view, counts);
  return counts;
}

function keyOf({ caller, callee, callerVersion }: EndedCall): string {
  return `${caller} ${callerVersion ?? ''} ${callee}`;
}
