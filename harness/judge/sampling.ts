// Over 250 lines: one promise, with its notes beside each other.
import type { HopDefect } from '../diagnose/diagnose.ts';
import { FORMATS } from '../formats/formats.ts';
import type { Fragment } from '../model/capture.ts';
import type { Exchange } from '../model/exchange.ts';
import { hopKey } from '../model/expected.ts';
import type { Fact } from '../model/facts/facts.ts';
import { type FindingRef, refTo, type Subject } from '../model/finding.ts';
import type { Outcome } from '../model/outcome.ts';
import { calledService, type Span } from '../model/span.ts';
import { confidenceOf } from './among-targets.ts';
import { hopSubject } from './calls.ts';
import { conclude } from './conclude.ts';
import { FindingCollector, type Note } from './finding-collector.ts';
import { noteGatewayEnds } from './gateway-ends.ts';
import { countFacts } from './hops.ts';
import type { RunView } from './run-view.ts';
import { type Group, probesOf, type Sent } from './sent.ts';
import { sharedCountOf } from './shared-count.ts';
import { openProbesFact } from './still-open.ts';
import { type StrayReason, type Strays, straysOf } from './strays.ts';
import { tailSamplingIn } from './tail-sampling.ts';
import { byVersionOf } from './version-tally.ts';

/** The run, and its probes that left their traces under other ids. */
interface Seen {
  readonly view: RunView;
  readonly strays: Strays | undefined;
}

/** Forced on is traced, whole; forced off leaves nothing; the mesh's own decisions are reported. */
export function judgeSampling(view: RunView): Outcome {
  const promise = 'sampling';
  const collector = new FindingCollector(view);
  const on = probesOf(view, 'forced-on');
  const off = probesOf(view, 'forced-off');
  const undecided = probesOf(view, 'undecided');
  const tail = tailSamplingIn(view);
  const strays = straysOf(view);
  const seen = { view, strays };
  if (tail === undefined) for (const probe of on.closed) noteForcedOn(probe, on.closed.length, seen, collector);
  noteChanged(view, collector);
  noteGatewayEnds(view, collector);
  for (const probe of off.closed) noteForcedOff(probe, off.closed.length, seen, collector);
  // With a configured rate they have a separate promise (sampling-rate.ts). Where some are open, the others are not a
  // fair sample: those that were traced are there first.
  if (
    view.capture.expectations.samplingPercent === undefined &&
    undecided.closed.length > 0 &&
    undecided.open === 0 &&
    tail === undefined
  )
    noteRate(undecided.closed, confidenceOf(view.capture.expectations), collector);
  const findings = collector.findings();
  const observed = observedOf({ on, off, undecided }, seen);
  const open = on.open + off.open + undecided.open;
  const reason: Fact | undefined =
    on.closed.length + off.closed.length === 0
      ? (openProbesFact(open, view) ?? { kind: 'no-decided-probe' })
      : tail !== undefined
        ? { kind: 'tail-sampled' }
        : openProbesFact(open, view);
  return conclude(promise, { observed, findings, reason });
}

function noteForcedOn(
  { exchange, trace }: Sent,
  of: number,
  { view, strays }: Seen,
  collector: FindingCollector,
): void {
  if (trace !== undefined) return;
  const { traceId, format } = exchange.probe;
  const stray = strays?.traces.get(exchange.probe.id);
  const why = strays === undefined ? undefined : strayNote(strays.reason, format, view);
  collector.note({
    code: 'HC601',
    subject: { kind: 'mesh' },
    causes: ['sampling-off'],
    expected: { kind: 'trace-of-probe', format },
    received: { kind: 'untraced' },
    ...why,
    of,
    exchange,
    ...(traceId !== undefined && { traceId }),
    ...(stray !== undefined && { otherTraces: [stray.traceId] }),
  });
}

/** The facts of HC601 where the mesh traces the probes under ids that they did not carry. */
function strayNote(
  reason: StrayReason,
  format: string,
  { application, capture }: RunView,
): Pick<Note, 'causes' | 'received' | 'remedy' | 'explainedBy'> {
  switch (reason) {
    case 'replaced':
      return {
        causes: ['parent-outside'],
        received: { kind: 'context-not-ours' },
        remedy: { kind: 'find-outer-parent' },
        explainedBy: outerParent(application.gateway),
      };
    case 'stripped':
      return {
        causes: ['stripped-in-transit'],
        received: { kind: 'context-stripped' },
        remedy: { kind: 'find-in-front' },
      };
    case 'unread': {
      const source = capture.preflight.format?.source;
      const isGiven = source === 'flag' || source === 'environment' || source === 'file';
      return {
        causes: isGiven ? [] : ['format-mismatch', 'stripped-in-transit'],
        received: { kind: 'trace-of-other-id' },
        remedy: isGiven ? { kind: 'gateway-format', format } : { kind: 'find-format', format },
      };
    }
  }
}

/** HC402 of what stands in front of the gateway. */
function outerParent(gateway: string): FindingRef {
  return refTo('HC402', { kind: 'service', service: gateway });
}

/**
 * Where the decision changed along the tree: the caller was traced, and its call carried the decision not to trace
 * (diagnose).
 */
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

/** Each place where the trace begins is a place where the decision was lost. */
function noteForcedOff(
  { exchange, trace }: Sent,
  of: number,
  { view, strays }: Seen,
  collector: FindingCollector,
): void {
  const stray = strays?.traces.get(exchange.probe.id);
  if (strays !== undefined && stray !== undefined) noteStrayOff({ exchange, stray }, of, strays, { view, collector });
  if (trace === undefined) return;
  for (const { span, workload } of trace.made) {
    if (trace.assembly.parentOf.has(span)) continue;
    const service = workload?.service ?? span.service;
    const subject = loserOf(span, service, view);
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

/** Its decision went with its context, so that the mesh decided by itself. */
function noteStrayOff(
  { exchange, stray }: { readonly exchange: Exchange; readonly stray: Fragment },
  of: number,
  { reason }: Strays,
  { view, collector }: { readonly view: RunView; readonly collector: FindingCollector },
): void {
  const { gateway } = view.application;
  collector.note({
    code: 'HC602',
    subject: { kind: 'mesh' },
    expected: { kind: 'no-span-wanted' },
    received: { kind: 'spans-left', spans: stray.spans.length, first: 'server', service: gateway },
    of,
    exchange,
    traceId: stray.traceId,
    explainedBy: reason === 'replaced' ? outerParent(gateway) : refTo('HC601', { kind: 'mesh' }),
  });
}

/** A CLIENT span without parent: its own application; a SERVER span: its caller; at the gateway: the mesh. */
function loserOf(span: Span, service: string, { application, naming }: RunView): Subject {
  if (service === application.gateway) return { kind: 'mesh' };
  const callee = calledService(span, naming.homes);
  if (span.kind === 'client' && callee !== undefined) return hopSubject(application, { caller: service, callee });
  const caller = application.calls.find((call) => call.callee === service)?.caller ?? application.gateway;
  return hopSubject(application, { caller, callee: service });
}

function noteRate(undecided: readonly Sent[], confidence: number, collector: FindingCollector): void {
  const traced = undecided.filter(({ trace }) => trace !== undefined).length;
  collector.note({
    code: 'HC606',
    severity: 'info',
    subject: { kind: 'mesh' },
    expected: { kind: 'any-share' },
    received: { kind: 'undecided-traced', traced: sharedCountOf(traced, undecided.length, confidence) },
    of: undecided.length,
    affected: traced,
  });
}

function observedOf(
  { on, off, undecided }: Readonly<Record<'on' | 'off' | 'undecided', Group>>,
  { view: { diagnosis }, strays }: Seen,
): Fact {
  const isTraced = ({ trace, exchange }: Sent) => trace !== undefined || strays?.traces.has(exchange.probe.id) === true;
  const tracedOf = ({ closed }: Group) => ({
    traced: closed.filter(isTraced).length,
    of: closed.length,
  });
  const changed = [...diagnosis.hopDefects.filter(isOwnChange), ...diagnosis.gatewayEnds].filter(
    ({ fact }) => fact.request.exchange.probe.purpose === 'forced-on',
  );
  return {
    kind: 'decisions-seen',
    forcedOn: tracedOf(on),
    underOtherIds: strays === undefined ? undefined : strays.traces.size,
    inPart: new Set(changed.map(({ fact }) => fact.request.exchange.probe.id)).size,
    forcedOff: off.closed.length > 0 ? tracedOf(off) : undefined,
    undecided: undecided.closed.length > 0 ? tracedOf(undecided) : undefined,
  };
}
