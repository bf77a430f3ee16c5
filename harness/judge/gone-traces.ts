import type { Exchange } from '../model/exchange.ts';
import type { RunView } from './run-view.ts';

/** So many traces missing, and so many there, make an order that chance does not. */
const ENOUGH = 3;

/**
 * Exchanges of forced-on probes whose traces the backend has given up: none of the earlier ones is there, all of the
 * later ones are, and preflight had seen such a trace, so the mesh did trace. A mesh that loses or does not make traces
 * now and then never leaves this order. Empty where it is not so.
 */
export function goneTraces({
  capture,
  settled,
  traces,
}: Pick<RunView, 'capture' | 'settled' | 'traces'>): readonly Exchange[] {
  if (capture.preflight.format === undefined) return [];
  const there = new Set(traces.map(({ exchange }) => exchange.probe.id));
  const asked = capture.exchanges
    .filter(
      ({ probe, answer }) =>
        probe.purpose === 'forced-on' &&
        probe.trial === undefined &&
        answer !== undefined &&
        settled.get(probe.id) !== undefined &&
        settled.get(probe.id)?.reason !== 'deadline',
    )
    .toSorted((a, b) => a.sentAtMs - b.sentAtMs);
  const first = asked.findIndex(({ probe }) => there.has(probe.id));
  if (first < ENOUGH || asked.length - first < ENOUGH) return [];
  return asked.slice(first).every(({ probe }) => there.has(probe.id)) ? asked.slice(0, first) : [];
}
