import { readHop } from '../diagnose/hop-fact.ts';
import type { Capture } from '../model/capture.ts';
import type { SpanDetail, TraceDetail } from '../model/detail.ts';
import type { Exchange, ProbeId } from '../model/exchange.ts';
import type { JudgedPromise } from '../model/report.ts';
import type { SeenElsewhere, SeenSpan, SeenTrace } from '../model/seen-trace.ts';
import { diagnosisInput, type RunView, traceLink, viewRun } from './run-view.ts';
import { callsIn } from './seen-calls.ts';
import { detailTrace } from './trace-detail.ts';

export interface Seeing {
  /** Names of the requests in the definition, in its order; the first is that of a probe that names none. */
  readonly requestNames: readonly string[];
  /** The promises after the policy: which defects do not count, and which were not decided. */
  readonly promises: readonly JudgedPromise[];
}

/**
 * The traces that own specs look at, in sending order: one per forced-on probe, whether or not a span came, and one per
 * undecided probe that the mesh traced. Probes that were forced off, and those that try another format, are not among
 * them. Pure; the same capture gives the same traces.
 */
export function seeTraces(capture: Capture, seeing: Seeing): readonly SeenTrace[] {
  const view = viewRun(capture);
  const input = diagnosisInput(view);
  const traces = new Map(view.traces.map((trace) => [trace.exchange.probe.id, trace]));
  const facts = Map.groupBy(view.diagnosis.facts, ({ request }) => request.exchange.probe.id);
  return capture.exchanges.flatMap((exchange): SeenTrace[] => {
    const { probe } = exchange;
    const trace = traces.get(probe.id);
    if (probe.purpose === 'forced-off' || probe.trial === true) return [];
    if (trace === undefined) return probe.purpose === 'forced-on' ? [withoutSpans(exchange, view, seeing)] : [];
    // The diagnosis leaves out what may still change.
    const own = facts.get(probe.id) ?? trace.hops.map((hop) => readHop(hop, trace, input));
    return [seenOf(exchange, detailTrace(trace, view), { view, seeing, calls: callsIn(trace, own, view, seeing) })];
  });
}

function withoutSpans(exchange: Exchange, view: RunView, seeing: Seeing): SeenTrace {
  const { probe } = exchange;
  const settled = view.settled.get(probe.id);
  const id = settled?.traceId ?? probe.traceId;
  return {
    ...headOf(exchange, seeing),
    ...(id !== undefined && { id, ...linkOf(view, id) }),
    settled: settled?.reason ?? 'deadline',
    spans: [],
    calls: [],
    elsewhere: fragmentsOf(probe.id, view),
  };
}

function seenOf(
  exchange: Exchange,
  detail: TraceDetail,
  { view, seeing, calls }: { view: RunView; seeing: Seeing; calls: SeenTrace['calls'] },
): SeenTrace {
  return {
    ...headOf(exchange, seeing),
    id: detail.id,
    ...linkOf(view, detail.id),
    settled: detail.settled,
    spans: detail.spans.map(spanOf),
    calls,
    elsewhere: fragmentsOf(exchange.probe.id, view),
  };
}

function headOf({ probe, answer }: Exchange, { requestNames }: Seeing) {
  return {
    probe: probe.id,
    request: probe.request ?? requestNames[0] ?? '',
    ...(answer !== undefined && { status: answer.status }),
  };
}

function spanOf({ id, parent, service, version, kind, operation, proxy, callee, marks, tags }: SpanDetail): SeenSpan {
  return {
    id,
    ...(parent !== undefined && { parent }),
    service,
    ...(version !== undefined && { version }),
    kind,
    operation,
    proxy,
    ...(callee !== undefined && { callee }),
    marks,
    tags,
  };
}

function fragmentsOf(probe: ProbeId, view: RunView): readonly SeenElsewhere[] {
  return (view.fragments.get(probe) ?? []).map(({ traceId, spans }) => ({
    id: traceId,
    ...linkOf(view, traceId),
    spans: spans.length,
    services: [...new Set(spans.map(({ service }) => service))],
  }));
}

function linkOf({ capture }: RunView, id: SeenElsewhere['id']): { readonly link?: string } {
  const link = traceLink(capture, id);
  return link === undefined ? {} : { link };
}
