// Over 250 lines: the kinds of calls that are not expected, in one place.
import { answerOf, causesOfCall } from '../diagnose/call-answer.ts';
import { type Call, callsFrom, dependsOnVersion } from '../model/application.ts';
import { type CheckedHop, type MadeSpan, versionOf, wasServed } from '../model/expected.ts';
import type { Fact } from '../model/facts/facts.ts';
import type { CallNature } from '../model/facts/trace-shape.ts';
import { type Cause, type FindingRef, refTo } from '../model/finding.ts';
import { endedWith } from '../model/grpc-status.ts';
import { knownNames } from '../model/of-request.ts';
import { isNamedOwnRequest } from '../model/own-request.ts';
import { subjectName } from '../model/policy.ts';
import { calledService, isProxySpan, responseFlags, type Span, tag } from '../model/span.ts';
import { byStart, proxyAbove } from '../model/trace.ts';
import { isBelow, isBelowAny, isOfOtherGateway, natureOf } from './call-nature.ts';
import { hopSubject } from './calls.ts';
import { foreignCalls } from './explanations.ts';
import type { FindingCollector } from './finding-collector.ts';
import { isNamedAsMissing } from './never-answers.ts';
import { outageAt } from './outages.ts';
import type { RunView, TraceView } from './run-view.ts';
import { byVersionOf } from './version-tally.ts';

/** Notes calls that the application does not make (HC304), and calls made more often than it makes them (HC305). */
export function noteCalls(trace: TraceView, view: RunView, of: number, collector: FindingCollector): void {
  const onTheWay = noteDetours(trace, view, of, collector);
  const known = knownNames(view.application);
  const unexpected = new Set<Span>();
  for (const { span, workload } of trace.made) {
    if (!isProxySpan(span) || workload === undefined || !known.has(workload.service)) continue;
    if (span.kind !== 'client' || onTheWay.has(span)) continue;
    if (noteUnexpected({ span, workload }, trace, view, of, collector)) unexpected.add(span);
  }
  for (const { span, workload } of trace.made) {
    if (!isProxySpan(span) || workload === undefined || known.has(workload.service)) continue;
    // The call that led there is the finding.
    if (!isBelowAny(span, unexpected, trace)) noteUnknown({ span, workload }, trace, view, [...known], of, collector);
  }
  noteRepeated(trace, view, of, collector);
}

/** A span of a service that the application does not have. */
function noteUnknown(
  { span, workload: { service } }: Required<MadeSpan>,
  trace: TraceView,
  { application }: RunView,
  known: readonly string[],
  of: number,
  collector: FindingCollector,
): void {
  const isGateway = isOfOtherGateway(span, trace, application.gateway);
  const subject = { kind: 'service', service } as const;
  collector.note({
    code: 'HC304',
    subject,
    causes: ['unexpected-call'],
    expected: { kind: 'known-services', services: known },
    received: { kind: 'span-seen', span: span.kind, service },
    ...(isGateway && {
      severity: 'warning' as const,
      remedy: { kind: 'tolerate-call', subject: subjectName(subject), nature: 'gateway-in-front' } as const,
    }),
    of,
    exchange: trace.exchange,
    traceId: trace.assembly.trace.id,
    spans: [span],
  });
}

/**
 * Calls that reached the callee through the gateway, in one linked trace: the context was passed on, and only the way
 * differs from the expected one.
 * @returns the spans on these ways, which are not further calls.
 */
function noteDetours(trace: TraceView, view: RunView, of: number, collector: FindingCollector): ReadonlySet<Span> {
  const { assembly, exchange, made, hops } = trace;
  const onTheWay = new Set<Span>();
  for (const hop of hops) {
    const { caller, callee, through, clientSpan } = hop;
    if (through === undefined || clientSpan === undefined) continue;
    onTheWay.add(clientSpan);
    for (const { span, workload } of made)
      if (workload?.service === through && isBelow(span, clientSpan, trace)) onTheWay.add(span);
    if (hop.calledAs !== undefined) continue;
    collector.note({
      code: 'HC304',
      severity: 'warning',
      subject: hopSubject(view.application, hop),
      causes: ['unexpected-call'],
      expected: { kind: 'direct-call', caller, callee },
      received: { kind: 'call-through', callee, gateway: through },
      of,
      exchange,
      traceId: assembly.trace.id,
      spans: [clientSpan],
    });
  }
  return onTheWay;
}

/** True: the call is not one that the application makes. */
function noteUnexpected(
  { span, workload }: Required<MadeSpan>,
  trace: TraceView,
  view: RunView,
  of: number,
  collector: FindingCollector,
): boolean {
  const { application } = trace;
  const { naming } = view;
  const callee = calledService(span, naming.homes) ?? tag(span, 'upstream_cluster');
  if (callee === undefined) return false;
  const calledAs = (call: Call) => (call.through === true ? application.gateway : call.callee);
  const version = versionOf(workload, application, trace.context);
  const expected =
    workload.service === application.gateway
      ? [application.entry]
      : version === undefined && dependsOnVersion(application, workload.service)
        ? application.calls.filter(({ caller }) => caller === workload.service).map(calledAs)
        : callsFrom(application, workload.service, version).map(calledAs);
  if (expected.includes(callee)) return false;
  const isElsewhere = trace.hops.some((hop) => hop.instead === callee && isOfOtherInstallation(hop, view));
  const nature = isElsewhere ? 'other-installation' : natureOf(span, trace, application.gateway);
  const subject = hopSubject(application, {
    caller: workload.service,
    callee,
    ...(version !== undefined && { callerVersion: version }),
  });
  collector.note({
    code: 'HC304',
    subject,
    causes: ['unexpected-call'],
    expected: { kind: 'calls-to', caller: workload.service, callees: expected },
    received: receivedOf(nature, workload.service, callee, answeredBy(span, trace)),
    // The definition does not say which calls a version makes that it does not know.
    ...(nature === 'application' && isOfUnknownVersion(workload.service, version, callee, view) && MILD),
    ...(nature !== 'application' && {
      severity: 'warning' as const,
      remedy: { kind: 'tolerate-call', subject: subjectName(subject), nature } as const,
    }),
    of,
    exchange: trace.exchange,
    traceId: trace.assembly.trace.id,
    spans: [span],
  });
  return true;
}

const MILD = { severity: 'warning' } as const;

/** Another version of the caller makes the call, and this one is in no list of versions. */
function isOfUnknownVersion(
  caller: string,
  version: string | undefined,
  callee: string,
  { application }: RunView,
): boolean {
  const versions = application.services.find(({ name }) => name === caller)?.versions;
  if (version === undefined || versions === undefined || versions.includes(version)) return false;
  return application.calls.some((call) => call.caller === caller && call.callee === callee);
}

/**
 * Of a dump without a list of requests: the gateway sends this request to a service of the entry's name in another
 * namespace. That is another installation of the application behind the same gateway, whose requests are in the dump too.
 * A probe of hopcheck that ends there was led astray.
 */
export function isOfOtherInstallation(
  { caller, instead }: Pick<CheckedHop, 'caller' | 'instead'>,
  { capture, application }: RunView,
): boolean {
  return instead !== undefined && caller === application.gateway && capture.imported?.requests === false;
}

function receivedOf(nature: CallNature, caller: string, callee: string, service: string | undefined): Fact {
  switch (nature) {
    case 'application':
      return { kind: 'call-to', callee };
    case 'outside':
      return { kind: 'call-outside', callee };
    case 'other-way':
      return { kind: 'call-other-way', callee, service: service ?? callee };
    case 'other-installation':
      return { kind: 'call-to-installation', callee };
    default:
      return { kind: 'call-beside', caller, callee, nature };
  }
}

function answeredBy(call: Span, { hops }: TraceView): string | undefined {
  return hops.find(({ isOtherWay, clientSpan }) => isOtherWay === true && clientSpan === call)?.callee;
}

/** A retry that the definition allows is worth a warning, because something failed; anything beyond it is an error. */
function noteRepeated(trace: TraceView, view: RunView, of: number, collector: FindingCollector): void {
  const { application } = trace;
  for (const calls of groupCalls(trace, view.naming).values()) {
    const [first] = calls;
    const workload = first === undefined ? undefined : trace.makers.get(first);
    const callee = first === undefined ? undefined : calledService(first, view.naming.homes);
    if (first === undefined || workload === undefined || callee === undefined || calls.length < 2) continue;
    const isGateway = workload.service === application.gateway;
    const meant = application.calls.filter(
      (known) =>
        known.caller === workload.service &&
        (known.callee === callee || (known.through === true && callee === application.gateway)),
    );
    const usual = Math.max(1, sum(meant.map(({ times = 1 }) => times)));
    if (calls.length <= usual) continue;
    // A gateway's tries are the mesh's own retry policy.
    const allowed = isGateway ? Number.POSITIVE_INFINITY : Math.max(1, sum(meant.map(triesOf)));
    const hasFailed = (span: Span) => (endedWith(span) ?? 0) === 0 || (endedWith(span) ?? 0) >= 500;
    const again = usual === 1 ? calls.slice(0, -1) : calls.filter(hasFailed);
    const failed = usual === 1 ? again.every(hasFailed) : again.length >= calls.length - usual;
    const reused = foreignCalls(trace, view, callee);
    const causes = new Set(again.flatMap((span) => causesOfCall(span, serverOf(span, trace))));
    const explainedBy =
      reused ?? (failed ? whyRepeated({ caller: workload.service, callee }, [...causes], trace, view) : undefined);
    collector.note({
      code: 'HC305',
      ...(explainedBy !== undefined && { explainedBy }),
      severity: calls.length <= allowed && failed ? 'warning' : 'error',
      subject: hopSubject(application, {
        caller: workload.service,
        callee,
        ...(workload.version !== undefined && { callerVersion: workload.version }),
      }),
      causes: reused === undefined ? ['retried'] : ['context-reused'],
      expected: { kind: 'one-call' },
      received: { kind: 'repeated-call', answers: calls.map(answerOf) },
      of,
      exchange: trace.exchange,
      traceId: trace.assembly.trace.id,
      spans: calls,
    });
  }
}

/** The outage that makes a caller try again; a version that never answers is one too. */
function whyRepeated(
  hop: { readonly caller: string; readonly callee: string },
  causes: readonly Cause[],
  { made }: TraceView,
  view: RunView,
): FindingRef | undefined {
  const outage = outageAt(hop, causes, view);
  if (outage !== undefined) return outage;
  const failing = made.find(
    ({ span, workload }) => span.kind === 'server' && workload?.service === hop.callee && !wasServed(span),
  );
  const version = failing?.workload?.version;
  if (version === undefined || !isNamedAsMissing(hop.callee, version, view)) return undefined;
  return refTo('HC201', { kind: 'service', service: hop.callee, versions: [version] });
}

function serverOf(client: Span, { assembly }: TraceView): Span | undefined {
  return assembly.childrenOf.get(client)?.find(({ kind }) => kind === 'server');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

function triesOf({ times = 1, attempts = 1 }: Call): number {
  return times * attempts;
}

/** CLIENT proxy spans by caller's SERVER span and callee; an app's own spans in between are looked through. */
function groupCalls({ made, assembly, makers }: TraceView, { homes }: RunView['naming']): Map<string, Span[]> {
  const groups = new Map<string, Span[]>();
  const order = new Map(assembly.trace.spans.map((span, index) => [span, index]));
  for (const { span } of made.toSorted((a, b) => byStart(a.span, b.span))) {
    if (span.kind !== 'client' || !isProxySpan(span) || isNamedOwnRequest(span)) continue;
    const parent = proxyAbove(span, assembly);
    if (parent === undefined || makers.get(parent)?.service !== makers.get(span)?.service) continue;
    const key = `${order.get(parent)} ${calledService(span, homes)}`;
    groups.set(key, [...(groups.get(key) ?? []), span]);
  }
  return groups;
}

/**
 * Calls that a fault injection rule touched (HC307): FI aborts, DI delays (docs/facts/envoy.md#tags).
 * @param calls traces in which each hop is expected, by hopKey
 */
export function noteInjected(
  trace: TraceView,
  { application, naming }: RunView,
  calls: ReadonlyMap<string, number>,
  of: number,
  collector: FindingCollector,
): void {
  for (const { span, workload } of trace.made) {
    if (span.kind !== 'client' || workload === undefined) continue;
    const flags = responseFlags(span);
    if (!flags.some((flag) => flag === 'FI' || flag === 'DI')) continue;
    const callee = calledService(span, naming.homes);
    if (callee === undefined) continue;
    const { service: caller, version } = workload;
    const hop = { caller, callee, ...(version !== undefined && { callerVersion: version }) };
    const byVersion = byVersionOf(application, hop, calls);
    collector.note({
      code: 'HC307',
      severity: flags.includes('FI') ? 'error' : 'warning',
      subject: hopSubject(application, hop),
      ...(byVersion !== undefined && { byVersion }),
      causes: ['fault-injected'],
      expected: { kind: 'untouched-call' },
      received: {
        kind: 'fault-injected',
        effect: flags.includes('FI') ? 'aborted' : 'delayed',
        answer: answerOf(span),
      },
      of,
      exchange: trace.exchange,
      traceId: trace.assembly.trace.id,
      spans: [span],
    });
  }
}
