import type { Incident } from '../model/capture.ts';
import type { FindingCode } from '../model/codes.ts';
import { type Cause, type FindingRef, refTo, type Subject } from '../model/finding.ts';
import { CLOCK_TOLERANCE_MS } from '../model/limits.ts';
import type { Outcome } from '../model/outcome.ts';
import { plural } from './calls.ts';
import { FindingCollector } from './finding-collector.ts';
import { importedText, nothingSent, openImport } from './imported.ts';
import type { RunView } from './run-view.ts';
import { noteServiceClocks } from './service-clocks.ts';
import { noteUnknownNames } from './unknown-names.ts';

/** Whether the run could decide. Its errors make it `inconclusive`, never `fail`: they say nothing about the mesh. */
export function judgeEnvironment(view: RunView): Outcome {
  const { capture } = view;
  const collector = new FindingCollector(view);
  noteEnd(view, collector);
  const open = capture.traces.filter(({ reason }) => reason === 'deadline');
  for (const incident of capture.incidents) noteIncident(incident, open.length > 0, collector);
  if (capture.end === 'complete') noteOpen(view, collector);
  noteUnidentified(view, collector);
  noteUnknownNames(view, collector);
  noteInformation(view, collector);
  noteCopies(view, collector);
  noteServiceClocks(view, collector);
  const findings = collector.findings();
  const errors = findings.filter(({ severity }) => severity === 'error');
  const nothing = capture.exchanges.length === 0;
  const observed = observedText(view);
  if (errors.length === 0 && !nothing) return { promise: 'environment', status: 'pass', observed, findings };
  const reason = errors[0]?.received ?? nothingSent(capture);
  return { promise: 'environment', status: 'inconclusive', observed, reason, findings };
}

function observedText({ capture, gatewayProfile, application, definedGateway }: RunView): string {
  const { preflight, timings, traces } = capture;
  const settled = traces.filter(({ reason }) => reason !== 'deadline').length;
  const dump = importedText(capture);
  const parts = [
    ...(dump === undefined ? [preflight.api ?? 'no trace backend'] : [dump]),
    ...(preflight.format === undefined ? [] : [`context ${preflight.format.value}`]),
    ...(gatewayProfile === undefined ? [] : [plural(gatewayProfile, 'gateway span')]),
    ...(application.gateway === definedGateway ? [] : [`gateway ${application.gateway}`]),
    ...(dump === undefined
      ? [
          `${settled} of ${plural(capture.exchanges.length, 'probe')} settled`,
          plural(timings.backendCalls, 'backend call'),
        ]
      : []),
  ];
  return parts.join(' · ');
}

function noteEnd({ capture, traces }: RunView, collector: FindingCollector): void {
  const { stopped } = capture.preflight;
  if (stopped !== undefined) noteIncident(stopped, true, collector);
  if (capture.end === 'cut') {
    collector.note({
      code: 'HC711',
      subject: { kind: 'mesh' },
      expected: 'a capture with an end record',
      received: `it ends after ${plural(capture.exchanges.length, 'probe')} and ${plural(traces.length, 'trace')}`,
      of: 1,
    });
  }
  if (capture.end === 'interrupted') {
    collector.note({
      code: 'HC715',
      subject: { kind: 'mesh' },
      expected: `${plural(capture.plan.length, 'probe')} and their traces`,
      received: `ended from outside after ${plural(capture.exchanges.length, 'probe')} and ${plural(traces.length, 'trace')}`,
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
    expected: incident.expected ?? 'no trouble',
    // Where in the answer it is, only the message says.
    received: incident.code === 'HC704' ? incident.message : (incident.received ?? incident.message),
    of: incident.times,
    affected: incident.times,
    ...(incident.hint !== undefined && { remedy: incident.hint }),
  });
}

/** Where the backend was away to the end, or gives up what it had, that is the reason, and a longer wait would not have helped. */
function whyOpen({ incidents, timings }: RunView['capture']): FindingRef | undefined {
  if (incidents.some(({ code }) => code === 'HC718')) return refTo('HC718', { kind: 'backend' });
  if (timings.backendAwayMs === undefined) return undefined;
  const last = incidents.findLast(({ during, code }) => during === 'settle' && CAUSE_OF[code] !== undefined);
  return last && refTo(last.code, { kind: 'backend' });
}

function noteOpen({ capture, exchanges }: RunView, collector: FindingCollector): void {
  const explainedBy = whyOpen(capture);
  for (const trace of capture.traces) {
    const { probe, reason, traceId, spans } = trace;
    if (reason !== 'deadline') continue;
    const exchange = exchanges.get(probe);
    const rest = explainedBy?.code === 'HC718' ? 'more may have been there' : 'still changing';
    const open = {
      expected: 'a trace that has stopped changing',
      received: spans.length === 0 ? 'not read, or nothing came' : `${plural(spans.length, 'span')}, ${rest}`,
    };
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

function noteUnidentified({ traces }: RunView, collector: FindingCollector): void {
  for (const { exchange, unidentified, assembly } of traces) {
    const [span] = unidentified;
    if (span === undefined) continue;
    collector.note({
      code: 'HC710',
      subject: { kind: 'mesh' },
      expected: 'istio.canonical_service, node_id or a service name',
      received: `service name ${JSON.stringify(span.service)}, operation ${JSON.stringify(span.operation)}`,
      of: traces.length,
      exchange,
      traceId: assembly.trace.id,
      spans: unidentified,
    });
  }
}

function noteCopies({ traces }: RunView, collector: FindingCollector): void {
  for (const { exchange, assembly } of traces) {
    const { copies, trace } = assembly;
    if (copies.length === 0) continue;
    collector.note({
      code: 'HC719',
      severity: 'info',
      subject: { kind: 'backend' },
      expected: 'each span once',
      received: `${copies.length} of ${copies.length + trace.spans.length} are copies`,
      of: traces.length,
      exchange,
      traceId: trace.id,
      spans: copies,
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
      expected: 'a search by tag',
      received: preflight.markerSearchReason ?? 'not supported',
      of: 1,
    });
  }
  const clock = preflight.spanClock ?? preflight.ingressClock;
  if (clock !== undefined && Math.abs(clock.offsetMs) > clock.uncertaintyMs + CLOCK_TOLERANCE_MS) {
    const side = clock.offsetMs > 0 ? 'ahead of' : 'behind';
    collector.note({
      code: 'HC707',
      severity: 'warning',
      subject: { kind: 'service', service: application.gateway },
      causes: ['clock-skew'],
      expected: `the clock of this machine, ± ${clock.uncertaintyMs} ms`,
      received: `${Math.abs(clock.offsetMs)} ms ${side} it`,
      of: 1,
    });
  }
  if (timings.longestLagMs !== undefined && timings.longestLagMs > expectations.flushMs.value) {
    collector.note({
      code: 'HC716',
      severity: 'info',
      subject: { kind: 'backend' },
      causes: ['spans-late'],
      expected: `spans within ${expectations.flushMs.value} ms of their end`,
      received: `one took at least ${timings.longestLagMs} ms`,
      of: 1,
    });
  }
}
