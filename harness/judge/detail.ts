import { onceOfKind } from '../diagnose/alike.ts';
import type { Capture, SettleReason } from '../model/capture.ts';
import { DETAIL_TRACES, type ProbeDetail, type RunDetail, type TraceDetail } from '../model/detail.ts';
import type { Exchange } from '../model/exchange.ts';
import type { TraceId } from '../model/ids.ts';
import { expectedTraces } from './expected-trace.ts';
import { pagesOf, type RunView, type TraceView } from './run-view.ts';
import { detailTrace, traceState } from './trace-detail.ts';

/**
 * What pictures need of a run. It judges nothing: it shows what the promises look at.
 * @param evidence traces that findings point to; they are kept whatever is left out.
 */
export function detailRun(view: RunView, evidence: ReadonlySet<TraceId>): RunDetail {
  const { capture, application, gatewayProfile } = view;
  const bySending = (a: Exchange, b: Exchange) => a.sentAtMs - b.sentAtMs;
  const sent = view.traces.toSorted((a, b) => bySending(a.exchange, b.exchange));
  // Of a large run most traces are left out: pictures are made of the chosen ones alone.
  const stateOf = onceOfKind((trace: TraceView) => traceState(trace, view));
  const all = sent.map((trace): Candidate => ({ trace, id: traceIdOf(trace), state: stateOf(trace) }));
  const chosen = chooseTraces(all, evidence);
  const traces = chosen.map(({ trace }) => detailTrace(trace, view));
  const broken = (list: readonly Candidate[]) => list.filter(isWrong).length;
  const shares = sharesOf(capture);
  const pages = pagesOf(capture);
  return {
    application,
    traces,
    leftOut: { traces: all.length - traces.length, broken: broken(all) - broken(chosen) },
    expected: expectedTraces(application, gatewayProfile),
    probes: capture.exchanges.toSorted(bySending).map((exchange) => detailProbe(exchange, view)),
    waiting: waitingOf(capture),
    ...(pages !== undefined && { pages }),
    ...(shares !== undefined && { shares }),
  };
}

interface Candidate extends Pick<TraceDetail, 'id' | 'state'> {
  readonly trace: TraceView;
}

function traceIdOf(trace: TraceView): TraceId {
  return trace.settled.traceId ?? trace.assembly.trace.id;
}

const isWrong = ({ state }: Candidate) => state === 'broken' || state === 'unwanted';

/** Evidence first, then broken ones, then the rest; evenly spread over the run where not all of a kind fit. */
function chooseTraces(all: readonly Candidate[], evidence: ReadonlySet<TraceId>): readonly Candidate[] {
  if (all.length <= DETAIL_TRACES) return all;
  const rank = (trace: Candidate) => (evidence.has(trace.id) ? 0 : isWrong(trace) ? 1 : 2);
  const chosen = new Set<Candidate>();
  for (const wanted of [0, 1, 2]) {
    const kind = all.filter((trace) => rank(trace) === wanted);
    const room = Math.min(DETAIL_TRACES - chosen.size, kind.length);
    for (let n = 0; n < room; n += 1) {
      const trace = kind[Math.floor((n * kind.length) / room)];
      if (trace !== undefined) chosen.add(trace);
    }
  }
  return all.filter((trace) => chosen.has(trace));
}

function detailProbe({ probe, sentAtMs, answeredAtMs, answer, error }: Exchange, view: RunView): ProbeDetail {
  const startMs = Date.parse(view.capture.run.startedAt);
  const settled = view.settled.get(probe.id);
  const version = answer?.page.version;
  return {
    id: probe.id,
    purpose: probe.purpose,
    sentAtMs: sentAtMs - startMs,
    answeredAtMs: answeredAtMs - startMs,
    ...(answer !== undefined && { status: answer.status }),
    ...(error !== undefined && { error: error.kind }),
    ...(version !== undefined && { version }),
    ...(settled !== undefined && { settled: settled.reason }),
    ...(settled?.arrivalMs !== undefined && { firstSpanAtMs: answeredAtMs - startMs + settled.arrivalMs }),
    ...(settled?.lastChangeMs !== undefined && { lastChangeAtMs: answeredAtMs - startMs + settled.lastChangeMs }),
    spans: settled?.spans.length ?? 0,
  };
}

function waitingOf({ timings, expectations, traces }: Capture): RunDetail['waiting'] {
  const settled: Partial<Record<SettleReason, number>> = {};
  for (const { reason } of traces) settled[reason] = (settled[reason] ?? 0) + 1;
  return {
    preflightMs: timings.preflightMs,
    probeMs: timings.probeMs,
    settleMs: timings.settleMs,
    flushMs: expectations.flushMs.value,
    flushFrom: expectations.flushMs.from,
    graceMs: timings.graceMs,
    ...(timings.longestLagMs !== undefined && { longestLagMs: timings.longestLagMs }),
    settled,
  };
}

function sharesOf({ expectations: { shares } }: Capture): RunDetail['shares'] {
  if (shares === undefined) return undefined;
  const weights = Object.entries(shares.value);
  const sum = weights.reduce((total, [, weight]) => total + weight, 0);
  if (!(sum > 0)) return undefined;
  const of = Object.fromEntries(weights.map(([version, weight]) => [version, weight / sum]));
  return { of, source: shares.source, from: shares.from };
}
