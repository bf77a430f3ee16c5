import type { Capture, Incident } from '../model/capture.ts';
import type { FindingCode } from '../model/codes.ts';
import type { Fact } from '../model/facts/facts.ts';
import { type Cause, type FindingRef, refTo, type Subject } from '../model/finding.ts';
import { CLOCK_TOLERANCE_MS } from '../model/limits.ts';
import type { Outcome } from '../model/outcome.ts';
import { FindingCollector } from './finding-collector.ts';
import { importedFact, nothingSent, openImport } from './imported.ts';
import { noteMeshChanges } from './mesh-changes.ts';
import { noteCopies, noteUnidentified } from './odd-spans.ts';
import { noteParts } from './parts.ts';
import type { RunView } from './run-view.ts';
import { noteServiceClocks } from './service-clocks.ts';
import { noteTailSampling, tailSamplingIn } from './tail-sampling.ts';
import { noteUnknownNames } from './unknown-names.ts';

/** Whether the run could decide. Its errors make it `inconclusive`, never `fail`: they say nothing about the mesh. */
export function judgeEnvironment(view: RunView): Outcome {
  const { capture } = view;
  const collector = new FindingCollector(view);
  noteEnd(view, collector);
  noteParts(capture, collector);
  const open = capture.traces.filter(({ reason }) => reason === 'deadline');
  for (const incident of capture.incidents) noteIncident(incident, open.length > 0, collector);
  if (capture.end === 'complete') noteOpen(view, collector);
  noteTailSampling(view, collector);
  noteUnidentified(view, collector);
  noteUnknownNames(view, collector);
  noteInformation(view, collector);
  noteCopies(view, collector);
  noteServiceClocks(view, collector);
  noteMeshChanges(view, collector);
  const findings = collector.findings();
  const errors = findings.filter(({ severity }) => severity === 'error');
  const nothing = capture.exchanges.length === 0;
  const observed = observedOf(view);
  if (errors.length === 0 && !nothing) return { promise: 'environment', status: 'pass', facts: { observed }, findings };
  const reason = errors[0]?.facts.received ?? nothingSent(capture);
  return { promise: 'environment', status: 'inconclusive', facts: { observed, reason }, findings };
}

function observedOf({ capture, gatewayProfile, application, definedGateway }: RunView): Fact {
  const { preflight, timings, traces, exchanges } = capture;
  return {
    kind: 'run-observed',
    api: preflight.api,
    imported: importedFact(capture),
    format: preflight.format?.value,
    gatewaySpans: gatewayProfile,
    gateway: application.gateway === definedGateway ? undefined : application.gateway,
    settled: traces.filter(({ reason }) => reason !== 'deadline').length,
    probes: exchanges.length,
    backendCalls: timings.backendCalls,
  };
}

function noteEnd({ capture, traces }: RunView, collector: FindingCollector): void {
  const { stopped } = capture.preflight;
  if (stopped !== undefined) noteIncident(stopped, true, collector);
  if (capture.end === 'cut') {
    collector.note({
      code: 'HC711',
      subject: { kind: 'mesh' },
      expected: { kind: 'end-record' },
      received: { kind: 'ended-after', by: 'cut', probes: capture.exchanges.length, traces: traces.length },
      of: 1,
    });
  }
  if (capture.end === 'interrupted') {
    collector.note({
      code: 'HC715',
      subject: { kind: 'mesh' },
      expected: { kind: 'planned-probes', probes: plannedProbes(capture) },
      received: { kind: 'ended-after', by: 'interrupted', probes: capture.exchanges.length, traces: traces.length },
      of: 1,
    });
  }
}

const CAUSE_OF: Partial<Record<FindingCode, Cause>> = {
  HC701: 'backend-unreachable',
  HC702: 'backend-not-jaeger',
  HC703: 'backend-refused',
  HC708: 'ingress-unreachable',
  HC718: 'spans-lost',
};

const OF_THE_MESH: ReadonlySet<FindingCode> = new Set(['HC708', 'HC709', 'HC720', 'HC721', 'HC722']);

/** Trouble that cost no trace is worth knowing, and no more than that. */
function noteIncident(incident: Incident, costly: boolean, collector: FindingCollector): void {
  const cause = CAUSE_OF[incident.code];
  const subject: Subject = OF_THE_MESH.has(incident.code) ? { kind: 'mesh' } : { kind: 'backend' };
  collector.note({
    code: incident.code,
    severity: costly ? 'error' : 'warning',
    subject,
    ...(cause !== undefined && { causes: [cause] }),
    expected: incident.expected === undefined ? { kind: 'no-trouble' } : { kind: 'stated', text: incident.expected },
    // Where in the answer it is, only the message says.
    received: {
      kind: 'stated',
      text: incident.code === 'HC704' ? incident.message : (incident.received ?? incident.message),
    },
    of: incident.times,
    affected: incident.times,
    ...(incident.hint !== undefined && { remedy: { kind: 'stated' as const, text: incident.hint } }),
  });
}

/** Where the backend was away to the end, or gives up what it had, that is the reason, and a longer wait would not have helped. */
function whyOpen({ incidents, timings }: RunView['capture']): FindingRef | undefined {
  if (incidents.some(({ code }) => code === 'HC718')) return refTo('HC718', { kind: 'backend' });
  if (timings.backendAwayMs === undefined) return undefined;
  const last = incidents.findLast(({ during, code }) => during === 'settle' && CAUSE_OF[code] !== undefined);
  return last && refTo(last.code, { kind: 'backend' });
}

function noteOpen(view: RunView, collector: FindingCollector): void {
  const { capture, exchanges } = view;
  const why = whyOpen(capture);
  const tail = tailSamplingIn(view) === undefined ? undefined : refTo('HC724', { kind: 'backend' });
  for (const trace of capture.traces) {
    const { probe, reason, traceId, spans } = trace;
    if (reason !== 'deadline') continue;
    // Those too that should leave nothing: the control that would show it was dropped.
    const explainedBy = why ?? (spans.length === 0 ? tail : undefined);
    const exchange = exchanges.get(probe);
    const open = {
      expected: { kind: 'trace-at-rest' },
      received: { kind: 'open-trace', spans: spans.length, forgotten: explainedBy?.code === 'HC718' },
    } as const;
    collector.note({
      code: 'HC705',
      subject: { kind: 'backend' },
      ...(capture.imported === undefined ? open : openImport(trace)),
      of: capture.traces.length,
      ...(exchange !== undefined && { exchange }),
      ...(traceId !== undefined && { traceId }),
      ...(explainedBy !== undefined && { explainedBy }),
    });
  }
}

function noteInformation({ capture, application }: RunView, collector: FindingCollector): void {
  const { preflight, timings, expectations } = capture;
  if (preflight.markerSearch === 'not-supported' && capture.plan.some(({ purpose }) => purpose === 'undecided')) {
    collector.note({
      code: 'HC706',
      severity: 'info',
      subject: { kind: 'backend' },
      expected: { kind: 'search-by-tag' },
      received: { kind: 'no-search-by-tag', reason: preflight.markerSearchReason },
      of: 1,
    });
  }
  const clock = preflight.spanClock ?? preflight.ingressClock;
  if (clock !== undefined && Math.abs(clock.offsetMs) > clock.uncertaintyMs + CLOCK_TOLERANCE_MS) {
    collector.note({
      code: 'HC707',
      severity: 'warning',
      subject: { kind: 'service', service: application.gateway },
      causes: ['clock-skew'],
      expected: { kind: 'same-clock', uncertaintyMs: clock.uncertaintyMs },
      received: { kind: 'clock-offset', aheadMs: clock.offsetMs },
      of: 1,
    });
  }
  const { longestLagMs = 0, slowWay } = timings;
  const isLate = longestLagMs > expectations.flushMs.value;
  if (isLate || slowWay !== undefined) {
    collector.note({
      code: 'HC716',
      severity: 'info',
      subject: { kind: 'backend' },
      causes: ['spans-late'],
      expected: { kind: 'spans-in-time', flushMs: expectations.flushMs.value },
      received:
        isLate || slowWay === undefined ? { kind: 'late-span', lagMs: longestLagMs } : { kind: 'slow-way', ...slowWay },
      of: 1,
    });
  }
}

/** The second stage is planned where it was begun. */
function plannedProbes({ plan, exchanges }: Capture): number {
  const isBegun = exchanges.some(({ probe }) => probe.stage === 2);
  return isBegun ? plan.length : plan.filter(({ stage }) => stage === undefined).length;
}
