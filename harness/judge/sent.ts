import type { SettledTrace } from '../model/capture.ts';
import type { Exchange, ProbePurpose } from '../model/exchange.ts';
import type { RunView, TraceView } from './run-view.ts';

/** A probe that was answered, and what is settled about its trace; `trace` where there is a span. */
export interface Sent {
  readonly exchange: Exchange;
  readonly settled: SettledTrace;
  readonly trace?: TraceView;
}

export interface Group {
  readonly closed: readonly Sent[];
  /** Answered, and not settled. */
  readonly open: number;
}

/** Probes of one purpose that were answered; one that got no answer may never have reached the mesh. */
export function probesOf(view: RunView, purpose: ProbePurpose): Group {
  const traces = new Map(view.traces.map((trace) => [trace.exchange.probe.id, trace]));
  const closed: Sent[] = [];
  let open = 0;
  for (const exchange of view.capture.exchanges) {
    if (exchange.probe.purpose !== purpose || exchange.answer === undefined || exchange.probe.trial === true) continue;
    const settled = view.settled.get(exchange.probe.id);
    const trace = traces.get(exchange.probe.id);
    if (settled === undefined || settled.reason === 'deadline') open += 1;
    else closed.push({ exchange, settled, ...(trace !== undefined && { trace }) });
  }
  return { closed, open };
}
