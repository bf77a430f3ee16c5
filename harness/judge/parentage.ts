import type { Application } from '../model/application.ts';
import type { Cause, FindingRef, Subject } from '../model/finding.ts';
import type { Outcome } from '../model/outcome.ts';
import { calledService, isProxySpan, type Span } from '../model/span.ts';
import { hopSubject, plural } from './calls.ts';
import { explanationOf } from './explanations.ts';
import { FindingBook, type Note } from './finding-book.ts';
import { noteLinks } from './links.ts';
import { type RunView, type TraceView, tracesToJudge } from './run-view.ts';

/** Exactly one entry span, every other parent present, no cycles, and proxy spans linked as calls are made. */
export function judgeParentage(view: RunView): Outcome {
  const promise = 'parentage';
  const book = new FindingBook(view);
  const traces = tracesToJudge(view);
  let intact = 0;
  for (const trace of traces) {
    let notes = 0;
    const note = (given: Omit<Note, 'of' | 'exchange' | 'traceId'>) => {
      notes += 1;
      book.note({ ...given, of: traces.length, exchange: trace.exchange, traceId: trace.assembly.trace.id });
    };
    noteStructure(trace, view, note);
    noteLinks(trace, view, note);
    if (notes === 0) intact += 1;
  }
  const findings = book.findings();
  const observed = `${intact} of ${plural(traces.length, 'trace')} with one entry span and every parent in place`;
  if (findings.length > 0) return { promise, status: 'fail', observed, findings };
  const open = view.traces.filter(({ settled }) => settled.reason === 'deadline').length;
  const reason =
    traces.length === 0 ? 'no trace to judge' : open > 0 ? `${plural(open, 'trace')} did not settle` : undefined;
  if (reason !== undefined) return { promise, status: 'inconclusive', observed, reason, findings };
  return { promise, status: 'pass', observed, findings };
}

type NoteLink = (note: Omit<Note, 'of' | 'exchange' | 'traceId'>) => void;

function noteStructure(trace: TraceView, view: RunView, note: NoteLink): void {
  const { application } = view;
  const { assembly, makers } = trace;
  const nameOf = (span: Span) => makers.get(span)?.service ?? span.service;
  if (assembly.entries.length !== 1) noteEntries(trace, application, note);
  for (const span of assembly.orphans) {
    const outside = nameOf(span) === application.gateway;
    const explainedBy = outside ? undefined : orphanExplained(span, trace, view);
    note({
      code: 'HC402',
      subject: orphanSubject(span, nameOf(span), application),
      causes: outside ? ['parent-outside'] : explainedBy === undefined ? ['parent-phantom'] : causesOfRef(explainedBy),
      expected: `parent ${span.parentId} of a ${span.kind.toUpperCase()} span of ${nameOf(span)} in the trace`,
      received: `no span with that id`,
      spans: [span],
      ...(explainedBy !== undefined && { explainedBy }),
    });
  }
  for (const span of assembly.selfParents) {
    note({
      code: 'HC403',
      subject: { kind: 'service', service: nameOf(span) },
      expected: 'a parent other than itself',
      received: `parent ${span.parentId} is the span itself`,
      spans: [span],
    });
  }
  for (const span of assembly.duplicates) {
    note({
      code: 'HC404',
      subject: { kind: 'service', service: nameOf(span) },
      expected: `one ${span.kind.toUpperCase()} span with id ${span.id}`,
      received: 'two or more',
      spans: [span],
    });
  }
  for (const cycle of assembly.cycles) {
    const [first] = cycle;
    if (first === undefined) continue;
    note({
      code: 'HC405',
      subject: { kind: 'service', service: nameOf(first) },
      expected: 'parents that lead to the entry span',
      received: `a cycle of ${plural(cycle.length, 'span')}: ${cycle.slice(0, 5).map(nameOf).join(' → ')}`,
      spans: cycle,
    });
  }
}

function noteEntries({ assembly, makers, hops }: TraceView, application: Application, note: NoteLink): void {
  const { entries } = assembly;
  if (entries.length === 0) {
    // Without the gateway's spans there is no entry: that is one fault, not two.
    const missing = hops.find(
      ({ caller, half, callerSpan }) => caller === application.gateway && half === 'client' && callerSpan === undefined,
    );
    const subject = hopSubject(application, { caller: application.gateway, callee: application.entry });
    note({
      code: 'HC401',
      subject: { kind: 'mesh' },
      expected: 'one entry span',
      received: 'none',
      ...(missing !== undefined && { explainedBy: { promise: 'trace-shape', code: 'HC302', subject } }),
    });
    return;
  }
  const named = (span: Span) => makers.get(span)?.service ?? span.service;
  const gatewayAt = entries.findIndex((span) => named(span) === application.gateway);
  const others = entries.filter((_, index) => index !== Math.max(0, gatewayAt));
  for (const span of others) {
    note({
      code: 'HC401',
      subject: { kind: 'service', service: named(span) },
      causes: ['trace-restarted'],
      expected: 'one entry span',
      received: `${entries.length}: ${entries.map(named).join(', ')}`,
      spans: [span],
    });
  }
}

/** A SERVER span's parent is its caller's business, a CLIENT span's its own application's. */
function orphanSubject(span: Span, service: string, application: Application): Subject {
  const callee = calledService(span);
  if (span.kind === 'client' && callee !== undefined) return hopSubject(application, { caller: service, callee });
  const caller = callerOf(service, application);
  return caller === undefined ? { kind: 'service', service } : hopSubject(application, { caller, callee: service });
}

/** What the finding that accounts for an orphan says about it. */
function causesOfRef({ code }: FindingRef): readonly Cause[] {
  if (code === 'HC506') return ['parent-phantom'];
  return ['sidecar-not-reporting'];
}

/** The diagnosis of the hop, else the missing caller. */
function orphanExplained(span: Span, trace: TraceView, view: RunView): FindingRef | undefined {
  const service = trace.makers.get(span)?.service;
  const { id } = trace.exchange.probe;
  if (service === undefined || !isProxySpan(span)) return undefined;
  const hops =
    span.kind === 'client'
      ? trace.hops.filter(({ caller, callee }) => caller === service && callee === calledService(span))
      : trace.hops.filter(({ callee, half }) => callee === service && half === 'client');
  for (const hop of hops) {
    const found = explanationOf(hop, id, view);
    if (found !== undefined) return found;
  }
  const unreportedCaller = unreported(span, trace, view);
  if (unreportedCaller !== undefined) return unreportedCaller;
  // Below a service whose own SERVER span did not come.
  const silent = trace.hops.find(({ callee, half }) => callee === service && half === 'server');
  return span.kind === 'client' && silent !== undefined ? explanationOf(silent, id, view) : undefined;
}

/** The caller of an orphaned SERVER span has no span at all in the trace, and trace shape says so. */
function unreported(span: Span, trace: TraceView, view: RunView): FindingRef | undefined {
  const { makers, made, hops } = trace;
  const { application } = view;
  const service = makers.get(span)?.service;
  if (span.kind !== 'server' || service === undefined || !isProxySpan(span)) return undefined;
  const caller = callerOf(service, application);
  if (caller === undefined || made.some(({ workload }) => workload?.service === caller)) return undefined;
  const hop = hops.find(({ callee, half }) => callee === caller && half !== undefined);
  if (hop === undefined) return undefined;
  const code = hop.half === 'client' ? 'HC302' : 'HC303';
  const symptom: FindingRef = { promise: 'trace-shape', code, subject: hopSubject(application, hop) };
  return explanationOf(hop, trace.exchange.probe.id, view) ?? symptom;
}

function callerOf(service: string, application: Application): string | undefined {
  if (service === application.entry) return application.gateway;
  return application.calls.find(({ callee }) => callee === service)?.caller;
}
