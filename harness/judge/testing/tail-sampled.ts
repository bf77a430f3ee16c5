import type { Capture } from '../../model/capture.ts';

/** From an answer to the first span of its trace behind a collector that waits half a minute, ms. */
const ARRIVAL_MS = 31_000;

/** The run as it would be with every probe forced on, behind a collector that keeps only these traces. @param keeps by number */
export function tailSampled(capture: Capture, keeps: (index: number) => boolean, arrivalMs = ARRIVAL_MS): Capture {
  return {
    ...capture,
    exchanges: capture.exchanges.map((exchange) => ({
      ...exchange,
      probe: { ...exchange.probe, purpose: 'forced-on' as const },
    })),
    traces: capture.traces.map((trace, index) =>
      keeps(index) ? { ...trace, arrivalMs } : { ...trace, spans: [], reason: 'absent' as const },
    ),
  };
}
