// Over 250 lines: one promise, with its notes beside each other.
import { countKinds, onceOfKind, oneOfEach } from '../diagnose/alike.ts';
import { answerOf } from '../diagnose/call-answer.ts';
import type { RequestKind } from '../diagnose/request.ts';
import { callsFrom } from '../model/application.ts';
import { isEarlyAnswer, isRefusedByProxy } from '../model/early-answer.ts';
import type { ProbeId } from '../model/exchange.ts';
import { type CheckedHop, hopKey, versionOf, wasServed } from '../model/expected.ts';
import type { Fact } from '../model/facts/facts.ts';
import { type FindingRef, refTo } from '../model/finding.ts';
import type { Outcome } from '../model/outcome.ts';
import { calledService, isProxySpan } from '../model/span.ts';
import { causesInRun } from './call-causes.ts';
import { hopSubject } from './calls.ts';
import { conclude } from './conclude.ts';
import { explanationOf, uncapturedOf } from './explanations.ts';
import { noteFailedCalls, noteRetriesOfProxy } from './failed-calls.ts';
import { FindingCollector, type Note } from './finding-collector.ts';
import { outageOfHop } from './outages.ts';
import { notePending } from './pending-calls.ts';
import { reportHops } from './propagation.ts';
import { copyHeaders, remedyOf } from './remedies.ts';
import { type RunView, type TraceView, tracesToJudge } from './run-view.ts';
import { answersShowing } from './shown-on-page.ts';
import { noteSilent } from './silent-services.ts';
import { openTraces } from './still-open.ts';
import { timingOf } from './timing.ts';
import { isOfOtherInstallation, noteCalls, noteInjected } from './unexpected-calls.ts';
import { byVersionOf } from './version-tally.ts';

/** Every expected service and hop is in every trace, each as its CLIENT and its SERVER span, and nothing else. */
export function judgeTraceShape(view: RunView): Outcome {
  const promise = 'trace-shape';
  const collector = new FindingCollector(view);
  const traces = tracesToJudge(view);
  const expectedOf = countExpected(traces);
  let unclear = 0;
  // Of traces of one kind none has anything to note where the first has not.
  const quiet = new Set<RequestKind>();
  for (const trace of traces) {
    if (trace.kind !== undefined && quiet.has(trace.kind)) continue;
    const before = collector.notes;
    const missing = trace.hops.filter(({ half }) => half !== undefined);
    // A span without a known service may be the missing one (docs/architecture.md#service-identity): HC710 says so, and
    // no service is accused.
    if (missing.length > 0 && trace.unidentified.length > 0) unclear += 1;
    else for (const hop of missing) noteMissing(hop, trace, view, expectedOf, collector);
    noteCalls(trace, view, traces.length, collector);
    noteInjected(trace, view, expectedOf, traces.length, collector);
    noteFailedCalls(trace, view, collector);
    noteRetriesOfProxy(trace, view, traces.length, collector);
    noteGatewaySpans(trace, view, traces.length, collector);
    if (trace.kind !== undefined && missing.length === 0 && collector.notes === before) quiet.add(trace.kind);
  }
  noteSilent(traces, view, collector);
  notePending(traces, view, collector);
  if (unclear === 0) noteMissingServices(traces, view, collector);
  const findings = collector.findings();
  const observed = observedOf(traces, view);
  const reason: Fact | undefined =
    traces.length === 0
      ? (openTraces(view) ?? { kind: 'no-trace' })
      : unclear > 0
        ? { kind: 'spans-unclear', traces: unclear }
        : openTraces(view);
  return conclude(promise, { observed, findings, reason });
}

/** Traces in which each hop is expected, by version of the caller. */
function countExpected(traces: readonly TraceView[]): ReadonlyMap<string, number> {
  const expected = new Map<string, number>();
  for (const { request, times } of countKinds(traces))
    for (const key of new Set(request.hops.map(hopKey))) expected.set(key, (expected.get(key) ?? 0) + times);
  return expected;
}

/** Span counts are shown as a cross-check and judge nothing: a broken trace can have the count of a healthy one. */
function observedOf(traces: readonly TraceView[], view: RunView): Fact {
  const sizeOf = onceOfKind(({ assembly }: TraceView) => assembly.trace.spans.length);
  const counts = Map.groupBy(traces, sizeOf);
  const hops = reportHops(view).filter(({ expected }) => expected > 0);
  return {
    kind: 'traces-seen',
    traces: traces.length,
    wholeHops: hops.filter(({ seen, expected }) => seen === expected).length,
    hops: hops.length,
    sizes: [...counts].toSorted(([a], [b]) => a - b).map(([spans, same]) => ({ traces: same.length, spans })),
  };
}

function noteMissing(
  hop: CheckedHop,
  trace: TraceView,
  view: RunView,
  expectedOf: ReadonlyMap<string, number>,
  collector: FindingCollector,
): void {
  const { exchange, assembly } = trace;
  const { clientSpan, callerSpan } = hop;
  // Another installation behind the same gateway: its requests are not of this application.
  if (isOfOtherInstallation(hop, view)) return;
  const byVersion = byVersionOf(view.application, hop, expectedOf);
  const common = {
    subject: hopSubject(view.application, hop),
    of: expectedOf.get(hopKey(hop)) ?? 0,
    among: hop.callerVersion ?? '',
    ...(byVersion !== undefined && { byVersion }),
    exchange,
    traceId: assembly.trace.id,
  };
  const { instead } = hop;
  const explainedBy =
    explanationOf(hop, exchange.probe.id, view) ??
    outageOfHop(hop, view) ??
    (instead === undefined ? undefined : refTo('HC304', hopSubject(view.application, { ...hop, callee: instead })));
  const explained = explainedBy === undefined ? {} : { explainedBy };
  if (hop.half === 'client') {
    collector.note({
      ...common,
      ...explained,
      code: 'HC302',
      ...missingCall(hop, exchange.probe.id, view),
      expected: { kind: 'call-in-trace', caller: hop.caller, callee: hop.callee },
      ...(callerSpan !== undefined && { spans: [callerSpan] }),
    });
    return;
  }
  const causes = clientSpan === undefined ? [] : causesInRun(clientSpan, undefined, view);
  const answer = clientSpan && answerOf(clientSpan);
  const isRefused = causes.includes('call-refused');
  const failure = causes.length === 0 ? undefined : timingOf(hop, causes, view);
  collector.note({
    ...common,
    ...explained,
    code: 'HC303',
    causes,
    expected: { kind: 'server-span', callee: hop.callee },
    received: { kind: 'no-server-span', answer, ...(failure !== undefined && { failure }) },
    ...remedyOf(hop, causes, { answer, failure }),
    // It may be meant so, and no service was asked.
    ...(isRefused && {
      severity: 'warning' as const,
      remedy: { kind: 'look-at-callee', caller: hop.caller, callee: hop.callee, by: 'refusal' } as const,
    }),
    ...(clientSpan !== undefined && { spans: [clientSpan] }),
  });
}

/** The facts of a call without a span: that it arrived, that the mesh sees no call of this hop, or nothing. */
function missingCall(hop: CheckedHop, probe: ProbeId, view: RunView): Pick<Note, 'causes' | 'received' | 'remedy'> {
  const { caller, callee } = hop;
  if (hop.arrived?.kind === 'client')
    return {
      causes: ['not-captured'],
      received: { kind: 'arrived-unseen', caller, callee },
      remedy: { kind: 'capture-call', caller, callee, side: 'callee' },
    };
  if (hop.arrived !== undefined) {
    // A SERVER span names the span of its call as parent, lost or not. Only where it shares that one's id it names the
    // caller's, and then the diagnosis knows of the loss.
    return {
      causes: ['not-captured'],
      received: { kind: 'arrived-uncaptured', caller, callee },
      remedy: { kind: 'capture-call', caller, callee, side: 'caller' },
    };
  }
  const uncaptured = uncapturedOf(hop, probe, view);
  if (uncaptured === undefined) return { received: { kind: 'no-call' } };
  const wasEnded = view.capture.end === 'interrupted';
  const isOfCaller = uncaptured.causes[0] !== 'not-captured';
  const shown = answersShowing(callee, view.capture, view.application);
  return {
    causes: uncaptured.causes,
    received: { kind: 'call-not-captured', caller, callee, where: uncaptured.where, ...(shown > 0 && { shown }) },
    remedy: wasEnded
      ? { kind: 'run-to-the-end', caller, callee }
      : isOfCaller
        ? copyHeaders(hop, view)
        : { kind: 'capture-call', caller, callee, side: 'callee' },
  };
}

/** Only a configured profile: a profile that preflight found by majority is a description, not a demand. */
function noteGatewaySpans(trace: TraceView, { capture }: RunView, of: number, collector: FindingCollector): void {
  const { application } = trace;
  const profile = capture.preflight.gatewayProfile;
  if (profile === undefined || profile.source === 'discovered') return;
  const seen = trace.made.filter(
    ({ workload, span }) =>
      workload?.service === application.gateway &&
      isProxySpan(span) &&
      (span.kind !== 'client' || (calledService(span) ?? application.entry) === application.entry),
  );
  const tries = seen.filter(({ span }) => span.kind === 'client').length;
  if (seen.length === 0 || seen.length === profile.value || (profile.value === 2 && tries > 1)) return;
  const common = {
    of,
    exchange: trace.exchange,
    traceId: trace.assembly.trace.id,
    expected: { kind: 'gateway-spans', spans: profile.value, from: profile.from },
    received: { kind: 'gateway-spans', spans: seen.length },
  } as const;
  const subject = hopSubject(application, { caller: application.gateway, callee: application.entry });
  if (seen.length > profile.value)
    collector.note({ ...common, code: 'HC304', subject: { kind: 'service', service: application.gateway } });
  else collector.note({ ...common, code: 'HC303', subject });
}

/** Services that should be in traces and have no span in any of them; the hop where the trace breaks off explains them. */
function noteMissingServices(traces: readonly TraceView[], view: RunView, collector: FindingCollector): void {
  const { application } = view;
  const isPresent = (service: string) =>
    oneOfEach(traces).some(({ made }) => made.some(({ workload }) => workload?.service === service));
  const absent = [application.gateway, ...application.services.map(({ name }) => name)].filter(
    (service) => !isPresent(service),
  );
  if (absent.length === 0) return;
  const expectedIn = new Map(traces.map((trace) => [trace, expectedServices(trace)]));
  for (const service of absent) {
    const expecting = traces.filter((trace) => expectedIn.get(trace)?.has(service));
    for (const trace of expecting) {
      const explainedBy = breakAbove(service, trace, view);
      collector.note({
        code: 'HC301',
        subject: { kind: 'service', service },
        expected: { kind: 'spans-of', services: [service] },
        received: { kind: 'no-span-anywhere' },
        of: expecting.length,
        exchange: trace.exchange,
        traceId: trace.assembly.trace.id,
        ...(explainedBy !== undefined && { explainedBy }),
      });
    }
  }
}

/** Services that take part in this request: those called by one that answered, or that the page shows to have answered. */
function expectedServices({ application, context, made, hops }: TraceView): ReadonlySet<string> {
  const { gateway, entry } = application;
  const isRefused = (callee: string) =>
    hops.some((hop) => hop.callee === callee && hop.clientSpan !== undefined && isRefusedByProxy(hop.clientSpan));
  // A gateway that answers by itself calls nothing.
  const expected = new Set([gateway, ...(hops.some(({ caller }) => caller === gateway) ? [entry] : [])]);
  for (const service of expected) {
    const servers = made.filter(({ span, workload }) => span.kind === 'server' && workload?.service === service);
    const served = servers.filter(({ span }) => wasServed(span));
    // All of its spans failed: it was down, and called no service.
    if (servers.length > 0 && served.length === 0) continue;
    if (servers.length > 0 && servers.every(({ span }) => isEarlyAnswer(span, application))) continue;
    const page = versionOf({ service }, application, context);
    const versions = served.length > 0 ? served.map(({ workload }) => workload?.version ?? page) : [page];
    for (const version of versions)
      for (const { callee, peer, optional } of callsFrom(application, service, version))
        if (peer === undefined && optional !== true && !isRefused(callee)) expected.add(callee);
  }
  return expected;
}

/** The missing hop to the service, or to one that the service is called by. */
function breakAbove(service: string, trace: TraceView, view: RunView): FindingRef | undefined {
  const { application } = trace;
  if (service === application.gateway) {
    const first = trace.hops.find(({ caller, half }) => caller === service && half !== undefined);
    return first && explanationOf(first, trace.exchange.probe.id, view);
  }
  const tried = new Set<string>();
  for (let callee: string | undefined = service; callee !== undefined && !tried.has(callee); ) {
    tried.add(callee);
    const hop = trace.hops.find((candidate) => candidate.callee === callee && candidate.half !== undefined);
    if (hop !== undefined && hop.caller !== service) {
      const symptom = refTo(hop.half === 'client' ? 'HC302' : 'HC303', hopSubject(application, hop));
      return explanationOf(hop, trace.exchange.probe.id, view) ?? outageOfHop(hop, view) ?? symptom;
    }
    const at: string = callee;
    callee = application.calls.find((call) => call.callee === at)?.caller;
  }
  return undefined;
}
