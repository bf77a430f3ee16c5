import type { Application } from '../model/application.ts';
import type { Exchange } from '../model/exchange.ts';
import { hopKey } from '../model/expected.ts';
import type { Subject } from '../model/finding.ts';
import type { Outcome } from '../model/outcome.ts';
import { calledService, type Span } from '../model/span.ts';
import { shareText } from '../stats/interval.ts';
import { hopSubject, plural } from './calls.ts';
import { conclude } from './conclude.ts';
import { FindingCollector } from './finding-collector.ts';
import { countFacts } from './hops.ts';
import type { RunView } from './run-view.ts';
import { type Group, probesOf, type Sent } from './sent.ts';

/** Forced on is traced, whole; forced off leaves nothing; what the mesh does of its own will is told. */
export function judgeSampling(view: RunView): Outcome {
  const promise = 'sampling';
  const collector = new FindingCollector(view);
  const on = probesOf(view, 'forced-on');
  const off = probesOf(view, 'forced-off');
  const undecided = probesOf(view, 'undecided');
  for (const probe of on.closed) noteForcedOn(probe, on.closed.length, view, collector);
  noteChanged(view, collector);
  for (const probe of off.closed) noteForcedOff(probe, off.closed.length, view, collector);
  // With a configured rate they have a promise of their own (sampling-rate.ts). Where some are open, what is left of
  // them is no sample: those that were traced are there first.
  if (view.capture.expectations.samplingPercent === undefined && undecided.closed.length > 0 && undecided.open === 0)
    noteRate(undecided.closed, collector);
  const findings = collector.findings();
  const observed = observedText({ on, off, undecided }, view);
  const open = on.open + off.open + undecided.open;
  const reason =
    on.closed.length + off.closed.length === 0
      ? 'no probe with a decision was settled'
      : open > 0
        ? `${plural(open, 'probe')} did not settle`
        : undefined;
  return conclude(promise, { observed, findings, reason });
}

function noteForcedOn({ exchange, trace }: Sent, of: number, view: RunView, collector: FindingCollector): void {
  const traceId = exchange.probe.traceId;
  if (trace === undefined) {
    const stray = isStray(view);
    collector.note({
      code: 'HC601',
      subject: { kind: 'mesh' },
      causes: stray ? [] : ['sampling-off'],
      expected: `a trace under the id the probe carried (${exchange.probe.format})`,
      received: stray ? "a trace under an id of the mesh's own" : 'no span, although later probes arrived',
      of,
      exchange,
      ...(traceId !== undefined && { traceId }),
      ...(stray && {
        remedy: `the gateway traces these requests and does not read ${exchange.probe.format}: leave --format out, or give the format of its tracing provider`,
      }),
    });
    return;
  }
}

/** Where the decision changed along the tree: the caller was traced, and its call was told not to be (diagnose). */
function noteChanged(view: RunView, collector: FindingCollector): void {
  const changed = view.diagnosis.hopDefects.filter(({ code }) => code === 'HC603');
  if (changed.length === 0) return;
  const of = countFacts(view, false);
  for (const { fact, code, causes, received } of changed) {
    const { hop, request } = fact;
    collector.note({
      code,
      subject: hopSubject(view.application, hop),
      causes,
      expected: `the call of ${hop.caller} to ${hop.callee} traced, as its request was`,
      received,
      of: of.get(hopKey(hop)) ?? 0,
      among: hop.callerVersion ?? '',
      exchange: request.exchange,
      traceId: request.assembly.trace.id,
      spans: hop.callerSpan === undefined ? [] : [hop.callerSpan],
    });
  }
}

/** No forced-on probe came under its id, and one was found by its marker under another. */
function isStray({ traces, exchanges, fragments }: RunView): boolean {
  const isOwn = ({ probe }: Exchange) => probe.purpose === 'forced-on' && probe.trial === undefined;
  if (traces.some(({ exchange }) => isOwn(exchange))) return false;
  return [...fragments.keys()].some((id) => exchanges.get(id)?.probe.purpose === 'forced-on');
}

/** Each place where the trace begins is a place where the decision was lost. */
function noteForcedOff({ exchange, trace }: Sent, of: number, view: RunView, collector: FindingCollector): void {
  if (trace === undefined) return;
  for (const { span, workload } of trace.made) {
    if (trace.assembly.parentOf.has(span)) continue;
    const service = workload?.service ?? span.service;
    const subject = loserOf(span, service, view.application);
    collector.note({
      code: 'HC602',
      subject,
      causes: subject.kind === 'hop' ? ['sampled-changed'] : ['sampling-off'],
      expected: 'no span: the probe carried sampled 0',
      received: `${plural(trace.settled.spans.length, 'span')}, from a ${span.kind.toUpperCase()} span of ${service} on`,
      of,
      exchange,
      traceId: trace.assembly.trace.id,
      spans: [span],
    });
  }
}

/** A CLIENT span without parent: its own application; a SERVER span: its caller; at the gateway: the mesh. */
function loserOf(span: Span, service: string, application: Application): Subject {
  if (service === application.gateway) return { kind: 'mesh' };
  const callee = calledService(span);
  if (span.kind === 'client' && callee !== undefined) return hopSubject(application, { caller: service, callee });
  const caller = application.calls.find((call) => call.callee === service)?.caller ?? application.gateway;
  return hopSubject(application, { caller, callee: service });
}

function noteRate(undecided: readonly Sent[], collector: FindingCollector): void {
  const traced = undecided.filter(({ trace }) => trace !== undefined).length;
  collector.note({
    code: 'HC606',
    severity: 'info',
    subject: { kind: 'mesh' },
    expected: 'any share: no rate is configured (--sampling)',
    received: `undecided probes traced: ${shareText(traced, undecided.length)}`,
    of: undecided.length,
    affected: traced,
  });
}

function observedText(
  { on, off, undecided }: Readonly<Record<'on' | 'off' | 'undecided', Group>>,
  { diagnosis }: RunView,
): string {
  const traced = ({ closed }: Group) => closed.filter(({ trace }) => trace !== undefined).length;
  const changed = diagnosis.hopDefects.filter(
    ({ code, fact }) => code === 'HC603' && fact.request.exchange.probe.purpose === 'forced-on',
  );
  const inPart = new Set(changed.map(({ fact }) => fact.request.exchange.probe.id)).size;
  const part = inPart === 0 ? '' : `, ${inPart} in part`;
  const parts = [`forced on: ${traced(on)} of ${on.closed.length} traced${part}`];
  if (off.closed.length > 0) parts.push(`forced off: ${traced(off)} of ${off.closed.length} traced`);
  parts.push(
    undecided.closed.length > 0
      ? `undecided: ${traced(undecided)} of ${undecided.closed.length} traced`
      : 'undecided: not judged',
  );
  return parts.join(' · ');
}
