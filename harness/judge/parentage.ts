// Over 250 lines: one promise, with its notes beside each other.
import type { RequestKind } from '../diagnose/request.ts';
import type { Application } from '../model/application.ts';
import type { Fact } from '../model/facts/facts.ts';
import { type Cause, type FindingRef, refTo, type Subject } from '../model/finding.ts';
import type { Outcome } from '../model/outcome.ts';
import { calledService, isProxySpan, type Span } from '../model/span.ts';
import { hopSubject } from './calls.ts';
import { conclude } from './conclude.ts';
import { explanationOf, LOSS, silentGateway, silentService } from './explanations.ts';
import { FindingCollector, type Note } from './finding-collector.ts';
import { noteLinks } from './links.ts';
import { noteAssumedParent } from './outer-parent.ts';
import { type RunView, type TraceView, tracesToJudge } from './run-view.ts';
import { openTraces } from './still-open.ts';

/** Services of a circle of spans that a finding names. */
const CYCLE_SHOWN = 5;

/** Exactly one entry span, every other parent present, no cycles, and proxy spans linked as calls are made. */
export function judgeParentage(view: RunView): Outcome {
  const promise = 'parentage';
  const collector = new FindingCollector(view);
  const traces = tracesToJudge(view);
  let intact = 0;
  // Of traces of one kind all are intact where the first is.
  const whole = new Set<RequestKind>();
  for (const trace of traces) {
    let notes = 0;
    const note = (given: Omit<Note, 'of' | 'exchange' | 'traceId'>) => {
      notes += 1;
      collector.note({ ...given, of: traces.length, exchange: trace.exchange, traceId: trace.assembly.trace.id });
    };
    noteAssumedParent(trace, view, traces.length, collector);
    if (trace.kind === undefined || !whole.has(trace.kind)) {
      noteStructure(trace, view, note);
      noteLinks(trace, view, note);
    }
    if (notes > 0) continue;
    intact += 1;
    if (trace.kind !== undefined) whole.add(trace.kind);
  }
  const findings = collector.findings();
  const observed = { kind: 'intact-traces', intact, of: traces.length } as const;
  const reason: Fact | undefined = openTraces(view) ?? (traces.length === 0 ? { kind: 'no-trace' } : undefined);
  return conclude(promise, { observed, findings, reason });
}

type NoteLink = (note: Omit<Note, 'of' | 'exchange' | 'traceId'>) => void;

function noteStructure(trace: TraceView, view: RunView, note: NoteLink): void {
  const { application, assembly, makers } = trace;
  const nameOf = (span: Span) => makers.get(span)?.service ?? span.service;
  if (assembly.entries.length !== 1) noteEntries(trace, view, note);
  for (const span of assembly.orphans) {
    const isFirst = nameOf(span) === application.gateway || isServerOf(span, application.entry, makers);
    const lost = lostOnTheWay(span, trace, view) ?? (isFirst ? silentGateway(trace, view) : undefined);
    const outside = lost === undefined && nameOf(span) === application.gateway;
    const explainedBy = outside ? undefined : (lost ?? orphanExplained(span, trace, view));
    note({
      code: 'HC402',
      subject: orphanSubject(span, nameOf(span), trace, view),
      causes: outside ? ['parent-outside'] : explainedBy === undefined ? ['parent-phantom'] : causesOfRef(explainedBy),
      expected: { kind: 'parent-present', parentId: span.parentId, span: span.kind, service: nameOf(span) },
      received: { kind: 'parent-absent' },
      ...(outside && { remedy: { kind: 'find-outer-parent' as const } }),
      spans: [span],
      ...(explainedBy !== undefined && { explainedBy }),
    });
  }
  for (const span of assembly.selfParents) {
    note({
      code: 'HC403',
      subject: { kind: 'service', service: nameOf(span) },
      expected: { kind: 'other-parent' },
      received: { kind: 'own-parent', parentId: span.parentId },
      spans: [span],
    });
  }
  for (const span of assembly.duplicates) {
    note({
      code: 'HC404',
      subject: { kind: 'service', service: nameOf(span) },
      expected: { kind: 'unique-span', span: span.kind, spanId: span.id },
      received: { kind: 'duplicate-span' },
      spans: [span],
    });
  }
  for (const cycle of assembly.cycles) {
    const [first] = cycle;
    if (first === undefined) continue;
    note({
      code: 'HC405',
      subject: { kind: 'service', service: nameOf(first) },
      expected: { kind: 'parents-to-entry' },
      received: { kind: 'parent-cycle', spans: cycle.length, services: cycle.slice(0, CYCLE_SHOWN).map(nameOf) },
      spans: cycle,
    });
  }
}

function noteEntries(trace: TraceView, view: RunView, note: NoteLink): void {
  const { application, assembly, makers } = trace;
  const { entries } = assembly;
  if (entries.length === 0) {
    const [explainedBy] = whyNoEntry(trace, view);
    note({
      code: 'HC401',
      subject: { kind: 'mesh' },
      expected: { kind: 'one-entry' },
      received: { kind: 'entry-spans', services: [] },
      ...(explainedBy !== undefined && { explainedBy }),
    });
    return;
  }
  const named = (span: Span) => makers.get(span)?.service ?? span.service;
  const gatewayAt = entries.findIndex((span) => named(span) === application.gateway);
  const others = entries.filter((_, index) => index !== Math.max(0, gatewayAt));
  for (const span of others) {
    // A call that names the client's span as its parent, or none.
    const explainedBy = span.kind === 'client' ? ofItsCall(span, trace, view) : undefined;
    note({
      code: 'HC401',
      subject: { kind: 'service', service: named(span) },
      causes: explainedBy === undefined ? ['trace-restarted'] : ['parent-wrong'],
      expected: { kind: 'one-entry' },
      received: { kind: 'entry-spans', services: entries.map(named) },
      spans: [span],
      ...(explainedBy !== undefined && { explainedBy }),
    });
  }
}

/**
 * What accounts for a trace without an entry span, likeliest first: without the gateway's spans there is none, and neither
 * below a parent from outside. That is one fault, not two.
 */
function whyNoEntry(trace: TraceView, view: RunView): readonly FindingRef[] {
  const { assembly, makers, hops, exchange } = trace;
  const { gateway, entry } = trace.application;
  const isLost = assembly.orphans.some((span) => lostOnTheWay(span, trace, view) !== undefined);
  const isFromOutside = assembly.orphans.some((span) => makers.get(span)?.service === gateway);
  const missing = hops.find(
    ({ caller, half, callerSpan }) => caller === gateway && half === 'client' && callerSpan === undefined,
  );
  const explanations = [
    isLost ? LOSS : undefined,
    silentGateway(trace, view),
    isFromOutside ? refTo('HC402', { kind: 'service', service: gateway }) : undefined,
    missing && explanationOf(missing, exchange.probe.id, view),
    missing && refTo('HC302', hopSubject(view.application, { caller: gateway, callee: entry })),
  ];
  return explanations.filter((ref) => ref !== undefined);
}

/** A SERVER span's parent is its caller's business, a CLIENT span's its own application's. */
function orphanSubject(span: Span, service: string, trace: TraceView, { application, naming }: RunView): Subject {
  const callee = calledService(span, naming.homes);
  if (span.kind === 'client' && callee !== undefined) return hopSubject(application, { caller: service, callee });
  const caller = callerOf(service, application, trace);
  return caller === undefined ? { kind: 'service', service } : hopSubject(application, { caller, callee: service });
}

/** What the finding that accounts for an orphan says about it. */
function causesOfRef({ code }: FindingRef): readonly Cause[] {
  if (code === 'HC506') return ['parent-phantom'];
  if (code === 'HC308') return ['spans-lost'];
  return ['sidecar-not-reporting'];
}

/** Where spans get lost wherever they come from, so did the parent of this one: if its hop is whole in other traces. */
function lostOnTheWay(span: Span, trace: TraceView, view: RunView): FindingRef | undefined {
  const { makers, assembly } = trace;
  const { application, diagnosis } = view;
  const service = makers.get(span)?.service;
  if (diagnosis.loss === undefined || service === undefined || !isProxySpan(span)) return undefined;
  const { gateway } = application;
  // A gateway's call without its SERVER span; its first span has a parent outside, or none.
  if (service === gateway && (span.kind !== 'client' || view.gatewayProfile !== 2)) return undefined;
  if (service === gateway && assembly.trace.spans.some((other) => isServerOf(other, gateway, makers))) return undefined;
  const called = span.kind === 'client' ? calledService(span, view.naming.homes) : service;
  const caller = span.kind === 'client' ? service : callerOf(service, application, trace);
  if (caller === undefined || called === undefined) return undefined;
  return diagnosis.loss.covers({ caller, callee: called }) ? LOSS : undefined;
}

function isServerOf(span: Span, service: string, makers: TraceView['makers']): boolean {
  return span.kind === 'server' && makers.get(span)?.service === service;
}

/** The finding about the context at the call that this span is of. */
function ofItsCall(span: Span, { makers, hops, exchange }: TraceView, view: RunView): FindingRef | undefined {
  const caller = makers.get(span)?.service;
  const callee = calledService(span, view.naming.homes);
  const hop = hops.find((one) => one.caller === caller && one.callee === callee);
  const found = hop && explanationOf(hop, exchange.probe.id, view);
  return found?.code === 'HC505' ? found : undefined;
}

/** The diagnosis of the hop, else the missing caller. */
function orphanExplained(span: Span, trace: TraceView, view: RunView): FindingRef | undefined {
  const service = trace.makers.get(span)?.service;
  const { id } = trace.exchange.probe;
  if (service === undefined || !isProxySpan(span)) return undefined;
  const hops =
    span.kind === 'client'
      ? trace.hops.filter(
          ({ caller, callee }) => caller === service && callee === calledService(span, view.naming.homes),
        )
      : trace.hops.filter(
          ({ callee, half, calledAs }) =>
            callee === service && (half === 'client' || (half === 'server' && calledAs !== undefined)),
        );
  for (const hop of hops) {
    const found = explanationOf(hop, id, view);
    if (found !== undefined) return found;
  }
  const unreportedCaller = unreported(span, trace, view);
  if (unreportedCaller !== undefined) return unreportedCaller;
  // Below a service whose own SERVER span did not come; its call may be missing too.
  const above = span.kind === 'client' ? service : callerOf(service, trace.application, trace);
  const silent = trace.hops.find(({ callee, half }) => callee === above && half === 'server');
  return silent === undefined ? undefined : explanationOf(silent, id, view);
}

/** The caller of an orphaned SERVER span has no span at all in the trace, and trace shape says so. */
function unreported(span: Span, trace: TraceView, view: RunView): FindingRef | undefined {
  const { application, makers, made, hops } = trace;
  const service = makers.get(span)?.service;
  if (span.kind !== 'server' || service === undefined || !isProxySpan(span)) return undefined;
  const caller = callerOf(service, application, trace);
  if (caller === undefined || made.some(({ workload }) => workload?.service === caller)) return undefined;
  const silent = silentService(caller, trace, view);
  if (silent !== undefined) return silent;
  const hop = hops.find(({ callee, half }) => callee === caller && half !== undefined);
  if (hop === undefined) return undefined;
  const symptom = refTo(hop.half === 'client' ? 'HC302' : 'HC303', hopSubject(application, hop));
  return explanationOf(hop, trace.exchange.probe.id, view) ?? symptom;
}

/**
 * Whose call an orphaned SERVER span answers: of several callers one without a span in the trace, else one whose own call is
 * not in it.
 */
function callerOf(service: string, application: Application, { made, hops }: TraceView): string | undefined {
  if (service === application.entry) return application.gateway;
  const callers = [...new Set(application.calls.flatMap(({ caller, callee }) => (callee === service ? [caller] : [])))];
  if (callers.length < 2) return callers[0];
  return (
    callers.find((caller) => made.every(({ workload }) => workload?.service !== caller)) ??
    callers.find((caller) =>
      hops.every((hop) => hop.caller !== caller || hop.callee !== service || hop.half !== undefined),
    ) ??
    callers[0]
  );
}
