import type { ShownTrace } from '../shared/shown.ts';
import { isWrong } from '../shared/trace-words.ts';

/** By the value of the list of choices; the first is the one that the page opens with. */
export const SORTS = { '': 'broken ones first', sent: 'in the order sent', slow: 'slowest first' } as const;

/** Broken traces before those that did not settle, and that before the rest; within each as they were sent. */
function weight({ state }: ShownTrace): number {
  return isWrong(state) ? 0 : state === 'open' ? 1 : 2;
}

export function sorted(traces: readonly ShownTrace[], by: string): readonly ShownTrace[] {
  if (by === 'sent') return traces;
  if (by === 'slow') return traces.toSorted((a, b) => b.durationMicros - a.durationMicros);
  return traces.toSorted((a, b) => weight(a) - weight(b));
}
