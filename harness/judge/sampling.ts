import type { HopDefect } from '../diagnose/diagnose.ts';
import { FORMATS } from '../formats/formats.ts';
import type { Application } from '../model/application.ts';
import type { Exchange } from '../model/exchange.ts';
import { hopKey } from '../model/expected.ts';
import type { Fact } from '../model/facts/facts.ts';
import type { Subject } from '../model/finding.ts';
import type { Outcome } from '../model/outcome.ts';
import { calledService, type Span } from '../model/span.ts';
import { hopSubject } from './calls.ts';
import { conclude } from './conclude.ts';
import { FindingCollector } from './finding-collector.ts';
import { countFacts } from './hops.ts';
import type { RunView } from './run-view.ts';
import { type Group, probesOf, type Sent } from './sent.ts';
import { sharedCountOf } from './shared-count.ts';
import { tailSamplingIn } from './tail-sampling.ts';
import { byVersionOf } from './version-tally.ts';

/** Forced on is traced, whole; forced off leaves nothing; what the mesh does of its own will is told. */
export function judgeSampling(view: RunView): Outcome {
  const promise = 'sampling';
  const collector = new FindingCollector(view);
  const on = probesOf(view, 'forced-on');
  const off = probesOf(view, 'forced-off');
  const undecided = probesOf(view, 'undecided');
  const tail = tailSamplingIn(view);
  if (tail === undefined) for (const probe of on.closed) noteForcedOn(probe, on.closed.length, view, collector);
  noteChanged(view, collector);
  for (const probe of off.closed) noteForcedOff(probe, off.closed.length, view, collector);
  // With a configured rate they have a promise of their own (sampling-rate.ts). Where some are open, what is left of
  // them is no sample: those that were traced are there first.
  if (
    view.capture.expectations.samplingPercent === undefined &&
    undecided.closed.length > 0 &&
    undecided.open === 0 &&
    tail === undefined
  )
    noteRate(undecided.closed, collector);
  const findings = collector.findings();
  const observed = observedOf({ on, off, undecided }, view);
  const open = on.open + off.open + undecided.open;
  const reason: Fact | undefined =
    on.closed.length + off.closed.length === 0
      ? { kind: 'no-decided-probe' }
      : tail !== undefined
        ? { kind: 'tail-sampled' }
        : open > 0
          ? { kind: 'probes-open', probes: open }
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
      expected: { kind: 'trace-of-probe', format: exchange.probe.format },
      received: stray ? { kind: 'trace-of-other-id' } : { kind: 'untraced' },
      of,
      exchange,
      ...(traceId !== undefined && { traceId }),
      ...(stray && {
        remedy: { kind: 'gateway-format' as const, format: exchange.probe.format },
      }),
    });
    return;
  }
}

/** Where the decision changed along the tree: the caller was traced, and its call was told not to be (diagnose). */
function noteChanged(view: RunView, collector: FindingCollector): void {
  const changed = view.diagnosis.hopDefects.filter(isOwnChange);
  if (changed.length === 0) return;
  const of = countFacts(view, false);
  for (const { fact, code, causes, received } of changed) {
    const { hop, request } = fact;
    const byVersion = byVersionOf(view.application, hop, of);
    collector.note({
      code,
      subject: hopSubject(view.application, hop),
      causes,
      expected: { kind: 'call-traced', caller: hop.caller, callee: hop.callee },
      received,
      remedy: decisionRemedy({ caller: hop.caller, callee: hop.callee }, view),
      of: of.get(hopKey(hop)) ?? 0,
      ...(byVersion !== undefined && { byVersion }),
      among: hop.callerVersion ?? '',
      exchange: request.exchange,
      traceId: request.assembly.trace.id,
      spans: hop.callerSpan === undefined ? [] : [hop.callerSpan],
    });
  }
}

/** Where the decision is lost its header is the cause: dropped, changed, or sent without a value. */
function decisionRemedy({ caller, callee }: { caller: string; callee: string }, { capture }: RunView): Fact {
  const format = capture.preflight.format?.value;
  const column = format === undefined ? undefined : FORMATS[format].columns.find(({ shows }) => shows === 'decision');
  const header = column?.name ?? (format === undefined ? undefined : FORMATS[format].columns[0]?.name);
  return { kind: 'keep-decision', caller, callee, ...(header !== undefined && { header }) };
}

/** Probes that only try a format are not among those that are counted. */
function isOwnChange({ code, fact }: HopDefect): boolean {
  return code === 'HC603' && fact.request.exchange.probe.trial !== true;
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
      expected: { kind: 'no-span-wanted' },
      received: { kind: 'spans-left', spans: trace.settled.spans.length, first: span.kind, service },
      ...(subject.kind === 'hop' && { remedy: decisionRemedy(subject, view) }),
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
    expected: { kind: 'any-share' },
    received: { kind: 'undecided-traced', traced: sharedCountOf(traced, undecided.length) },
    of: undecided.length,
    affected: traced,
  });
}

function observedOf(
  { on, off, undecided }: Readonly<Record<'on' | 'off' | 'undecided', Group>>,
  { diagnosis }: RunView,
): Fact {
  const tracedOf = ({ closed }: Group) => ({
    traced: closed.filter(({ trace }) => trace !== undefined).length,
    of: closed.length,
  });
  const changed = diagnosis.hopDefects.filter(
    (hopDefect) => isOwnChange(hopDefect) && hopDefect.fact.request.exchange.probe.purpose === 'forced-on',
  );
  return {
    kind: 'decisions-seen',
    forcedOn: tracedOf(on),
    inPart: new Set(changed.map(({ fact }) => fact.request.exchange.probe.id)).size,
    forcedOff: off.closed.length > 0 ? tracedOf(off) : undefined,
    undecided: undecided.closed.length > 0 ? tracedOf(undecided) : undefined,
  };
}
