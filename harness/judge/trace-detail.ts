import type { Fragment } from '../model/capture.ts';
import type { FindingCode } from '../model/codes.ts';
import type { FragmentDetail, GapDetail, SpanDetail, SpanMark, TraceDetail, TraceState } from '../model/detail.ts';
import type { Probe, ProbeId } from '../model/exchange.ts';
import { madeSpans } from '../model/expected.ts';
import { calledService, endMicros, httpStatus, isProxySpan, responseFlags, type Span } from '../model/span.ts';
import { type Assembly, assemble } from '../model/trace.ts';
import { identify, type Workload } from '../model/workload.ts';
import { noteLinks } from './links.ts';
import { type RunView, type TraceView, traceLink } from './run-view.ts';

/** One trace as a picture shows it: nothing repaired, and what is missing or hangs wrong marked where it is. Linear in its spans. */
export function detailTrace(trace: TraceView, view: RunView): TraceDetail {
  const { assembly, exchange, settled } = trace;
  const { capture, fragments } = view;
  const wrong = wrongSpans(trace, view);
  const startMicros = earliest(assembly.trace.spans);
  const { spans, indexOf } = listSpans(assembly, view, startMicros, wrong);
  const gaps = trace.hops.flatMap((hop): GapDetail[] => {
    if (hop.half === undefined) return [];
    const { caller, callee, callerVersion, half, callerSpan, clientSpan } = hop;
    const above = half === 'server' ? clientSpan : callerSpan;
    const below = above === undefined ? undefined : indexOf.get(above);
    return [
      {
        caller,
        callee,
        half,
        ...(callerVersion !== undefined && { callerVersion }),
        ...(below !== undefined && { below }),
      },
    ];
  });
  const version = versionOf(trace, view);
  return {
    id: assembly.trace.id,
    probe: exchange.probe.id,
    purpose: exchange.probe.purpose,
    context: contextOf(exchange.probe),
    state: stateOf(trace, gaps.length, wrong.size),
    settled: settled.reason,
    ...(version !== undefined && { version }),
    startMicros,
    durationMicros: durationOf(assembly, startMicros),
    spans,
    gaps,
    fragments: (fragments.get(exchange.probe.id) ?? []).map((fragment) => detailFragment(fragment, view, startMicros)),
    link: traceLink(capture, assembly.trace.id) ?? '',
  };
}

/** What the client waited for, where that span is there: a callee whose clock is apart makes no request longer. */
function durationOf({ entries, orphans, trace }: Assembly, startMicros: number): number {
  const [entry] = entries;
  if (entry !== undefined && entries.length === 1 && orphans.length === 0) return entry.durationMicros;
  return latest(trace.spans) - startMicros;
}

/** `b3 64-bit`, `ot-span-context`; `none` where it carried nothing. */
function contextOf({ format, variant }: Probe): string {
  const parts = [format === 'none' && variant !== undefined ? undefined : format, variant];
  return parts.filter((part) => part !== undefined).join(' ');
}

function detailFragment({ traceId, spans }: Fragment, view: RunView, startMicros: number): FragmentDetail {
  const assembly = assemble({ id: traceId, spans });
  return {
    id: traceId,
    spans: listSpans(assembly, view, startMicros, new Map()).spans,
    link: traceLink(view.capture, traceId) ?? '',
  };
}

/** The state of {@link detailTrace}, without the rest of it. */
export function traceState(trace: TraceView, view: RunView): TraceState {
  const gaps = trace.hops.filter(({ half }) => half !== undefined).length;
  return stateOf(trace, gaps, wrongSpans(trace, view).size);
}

/** Spans that hang wrong, and the findings of them. */
function wrongSpans(trace: TraceView, view: RunView): ReadonlyMap<Span, readonly FindingCode[]> {
  const wrong = new Map<Span, FindingCode[]>();
  noteLinks(trace, view, ({ code, spans = [] }) => {
    for (const span of spans) wrong.set(span, [...(wrong.get(span) ?? []), code]);
  });
  return wrong;
}

function stateOf({ exchange, settled, assembly }: TraceView, gaps: number, wrong: number): TraceState {
  if (exchange.probe.purpose === 'forced-off') return 'unwanted';
  if (settled.reason === 'deadline') return 'open';
  const { entries, orphans, selfParents, duplicates, cycles } = assembly;
  const unfit = orphans.length + selfParents.length + duplicates.length + cycles.length;
  if (gaps === 0 && wrong === 0 && unfit === 0 && entries.length === 1) return 'whole';
  return exchange.probe.trial ? 'trial' : 'broken';
}

function versionOf({ exchange, made }: TraceView, view: RunView): string | undefined {
  const { application } = view;
  const page = exchange.answer?.page.version;
  const service = application.versioned?.service;
  if (page !== undefined || service === undefined) return page;
  const servers = made.filter(({ span, workload }) => span.kind === 'server' && workload?.service === service);
  return servers.at(-1)?.workload?.version ?? versionElsewhere(exchange.probe.id, service, view);
}

/** Of a call that began a new trace. */
function versionElsewhere(probe: ProbeId, service: string, { fragments, naming }: RunView): string | undefined {
  const spans = (fragments.get(probe) ?? []).flatMap((fragment) => fragment.spans);
  return spans
    .filter(({ kind }) => kind === 'server')
    .map((span) => identify(span, naming))
    .findLast((workload) => workload?.service === service)?.version;
}

/** Depth first, without recursion; every span once, whatever its links say. */
function listSpans(
  assembly: Assembly,
  view: RunView,
  startMicros: number,
  wrong: ReadonlyMap<Span, readonly FindingCode[]>,
): { spans: SpanDetail[]; indexOf: ReadonlyMap<Span, number> } {
  const marks = marksOf(assembly);
  const makers = new Map(madeSpans(assembly, view.naming).map(({ span, workload }) => [span, workload]));
  const indexOf = new Map<Span, number>();
  const spans: SpanDetail[] = [];
  const add = (root: Span) => {
    const open: { span: Span; depth: number; parent?: number }[] = [{ span: root, depth: 0 }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { span, depth, parent } = next;
      if (indexOf.has(span)) continue;
      const index = spans.length;
      indexOf.set(span, index);
      const place = { depth, ...(parent !== undefined && { parent }) };
      spans.push({
        ...place,
        ...describe(span, makers.get(span), view, startMicros),
        marks: marks.get(span) ?? [],
        codes: wrong.get(span) ?? [],
      });
      for (const child of (assembly.childrenOf.get(span) ?? []).toReversed())
        open.push({ span: child, depth: depth + 1, parent: index });
    }
  };
  for (const root of [...assembly.entries, ...assembly.orphans, ...assembly.selfParents]) add(root);
  // The remaining spans hang on a circle, or are the second span of an id.
  for (const span of assembly.trace.spans) if (!indexOf.has(span)) add(span);
  return { spans, indexOf };
}

function marksOf({ entries, orphans, selfParents, duplicates, cycles }: Assembly): ReadonlyMap<Span, SpanMark[]> {
  const marks = new Map<Span, SpanMark[]>();
  const mark = (spans: readonly Span[], as: SpanMark) => {
    for (const span of spans) marks.set(span, [...(marks.get(span) ?? []), as]);
  };
  mark(entries.slice(0, 1), 'entry');
  mark(entries.slice(1), 'second-entry');
  mark(orphans, 'orphan');
  mark(selfParents, 'self-parent');
  mark(duplicates, 'duplicate');
  for (const cycle of cycles) mark(cycle, 'cycle');
  return marks;
}

function describe(
  span: Span,
  workload: Workload | undefined,
  { application, naming }: RunView,
  startMicros: number,
): Omit<SpanDetail, 'depth' | 'parent' | 'marks' | 'codes'> {
  const callee = span.kind === 'client' ? calledService(span, naming.homes) : undefined;
  const status = httpStatus(span);
  return {
    id: span.id,
    fullName: span.service,
    service: workload?.service ?? span.service,
    ...(workload?.version !== undefined && { version: workload.version }),
    ...(workload?.pod !== undefined && { pod: workload.pod }),
    kind: span.kind,
    operation: span.operation,
    offsetMicros: span.startMicros - startMicros,
    durationMicros: span.durationMicros,
    proxy: isProxySpan(span),
    gateway: workload?.service === application.gateway,
    ...(callee !== undefined && { callee }),
    ...(status !== undefined && { status }),
    flags: responseFlags(span),
    tags: span.tags,
  };
}

function earliest(spans: readonly Span[]): number {
  return spans.reduce((least, { startMicros }) => Math.min(least, startMicros), spans[0]?.startMicros ?? 0);
}

function latest(spans: readonly Span[]): number {
  return spans.reduce((most, span) => Math.max(most, endMicros(span)), Number.NEGATIVE_INFINITY);
}
