import { answerOf } from '../diagnose/call-answer.ts';
import { type Call, callsFrom, dependsOnVersion } from '../model/application.ts';
import { type MadeSpan, versionOf } from '../model/expected.ts';
import { knownNames } from '../model/of-request.ts';
import {
  calledHost,
  calledService,
  httpStatus,
  isExternalHost,
  isProxySpan,
  responseFlags,
  type Span,
  tag,
} from '../model/span.ts';
import { byStart } from '../model/trace.ts';
import { hopSubject } from './calls.ts';
import { foreignCalls } from './explanations.ts';
import type { FindingCollector } from './finding-collector.ts';
import type { RunView, TraceView } from './run-view.ts';

/** Notes calls that the application does not make (HC304), and calls made more often than it makes them (HC305). */
export function noteCalls(trace: TraceView, view: RunView, of: number, collector: FindingCollector): void {
  const onTheWay = noteDetours(trace, view, of, collector);
  const known = knownNames(view.application);
  for (const { span, workload } of trace.made) {
    if (!isProxySpan(span) || workload === undefined) continue;
    if (!known.has(workload.service)) {
      collector.note({
        code: 'HC304',
        subject: { kind: 'service', service: workload.service },
        causes: ['unexpected-call'],
        expected: { kind: 'known-services', services: [...known] },
        received: { kind: 'span-seen', span: span.kind, service: workload.service },
        of,
        exchange: trace.exchange,
        traceId: trace.assembly.trace.id,
        spans: [span],
      });
    } else if (span.kind === 'client' && !onTheWay.has(span)) noteUnexpected({ span, workload }, trace, of, collector);
  }
  noteRepeated(trace, view, of, collector);
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
      if (workload?.service === through && isBelow(span, clientSpan, assembly)) onTheWay.add(span);
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

function isBelow(span: Span, above: Span, { parentOf, trace }: TraceView['assembly']): boolean {
  let parent = parentOf.get(span);
  for (let steps = 0; parent !== undefined && parent !== above && steps < trace.spans.length; steps += 1)
    parent = parentOf.get(parent);
  return parent === above;
}

function noteUnexpected(
  { span, workload }: Required<MadeSpan>,
  trace: TraceView,
  of: number,
  collector: FindingCollector,
): void {
  const { application } = trace;
  const callee = calledService(span) ?? tag(span, 'upstream_cluster');
  if (callee === undefined) return;
  const calledAs = (call: Call) => (call.through === true ? application.gateway : call.callee);
  const version = versionOf(workload, application, trace.context);
  const expected =
    workload.service === application.gateway
      ? [application.entry]
      : version === undefined && dependsOnVersion(application, workload.service)
        ? application.calls.filter(({ caller }) => caller === workload.service).map(calledAs)
        : callsFrom(application, workload.service, version).map(calledAs);
  if (expected.includes(callee)) return;
  const host = calledHost(span);
  const isOutside = host !== undefined && isExternalHost(host);
  collector.note({
    code: 'HC304',
    // Nothing of the mesh is on the other side, and no trace of it can break there.
    ...(isOutside && { severity: 'warning' as const }),
    subject: hopSubject(application, {
      caller: workload.service,
      callee,
      ...(version !== undefined && { callerVersion: version }),
    }),
    causes: ['unexpected-call'],
    expected: { kind: 'calls-to', caller: workload.service, callees: expected },
    received: { kind: isOutside ? 'call-outside' : 'call-to', callee },
    of,
    exchange: trace.exchange,
    traceId: trace.assembly.trace.id,
    spans: [span],
  });
}

/** A retry that the definition allows is worth a warning, for something failed; anything beyond it is an error. */
function noteRepeated(trace: TraceView, view: RunView, of: number, collector: FindingCollector): void {
  const { application } = trace;
  for (const calls of groupCalls(trace).values()) {
    const [first] = calls;
    const workload = first === undefined ? undefined : trace.makers.get(first);
    const callee = first === undefined ? undefined : calledService(first);
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
    const hasFailed = (span: Span) => (httpStatus(span) ?? 0) === 0 || (httpStatus(span) ?? 0) >= 500;
    const failed =
      usual === 1 ? calls.slice(0, -1).every(hasFailed) : calls.filter(hasFailed).length >= calls.length - usual;
    const explainedBy = foreignCalls(trace, view, callee);
    collector.note({
      code: 'HC305',
      ...(explainedBy !== undefined && { explainedBy }),
      severity: calls.length <= allowed && failed ? 'warning' : 'error',
      subject: hopSubject(application, {
        caller: workload.service,
        callee,
        ...(workload.version !== undefined && { callerVersion: workload.version }),
      }),
      causes: explainedBy === undefined ? ['retried'] : ['context-reused'],
      expected: { kind: 'one-call' },
      received: { kind: 'repeated-call', answers: calls.map(answerOf) },
      of,
      exchange: trace.exchange,
      traceId: trace.assembly.trace.id,
      spans: calls,
    });
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

function triesOf({ times = 1, attempts = 1 }: Call): number {
  return times * attempts;
}

/** CLIENT proxy spans by caller's SERVER span and callee; an app's own spans in between are looked through. */
function groupCalls({ made, assembly, makers }: TraceView): Map<string, Span[]> {
  const groups = new Map<string, Span[]>();
  const order = new Map(assembly.trace.spans.map((span, index) => [span, index]));
  for (const { span } of made.toSorted((a, b) => byStart(a.span, b.span))) {
    if (span.kind !== 'client' || !isProxySpan(span)) continue;
    let parent = assembly.parentOf.get(span);
    for (let steps = 0; parent !== undefined && !isProxySpan(parent) && steps < assembly.trace.spans.length; steps += 1)
      parent = assembly.parentOf.get(parent);
    if (parent === undefined || makers.get(parent)?.service !== makers.get(span)?.service) continue;
    const key = `${order.get(parent)} ${calledService(span)}`;
    groups.set(key, [...(groups.get(key) ?? []), span]);
  }
  return groups;
}

/** Calls that a fault injection rule touched (HC307): FI aborts, DI delays (docs/facts/envoy.md#tags). */
export function noteInjected(
  trace: TraceView,
  { application }: RunView,
  of: number,
  collector: FindingCollector,
): void {
  for (const { span, workload } of trace.made) {
    if (span.kind !== 'client' || workload === undefined) continue;
    const flags = responseFlags(span);
    if (!flags.some((flag) => flag === 'FI' || flag === 'DI')) continue;
    const callee = calledService(span);
    if (callee === undefined) continue;
    collector.note({
      code: 'HC307',
      severity: flags.includes('FI') ? 'error' : 'warning',
      subject: hopSubject(application, {
        caller: workload.service,
        callee,
        ...(workload.version !== undefined && { callerVersion: workload.version }),
      }),
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
