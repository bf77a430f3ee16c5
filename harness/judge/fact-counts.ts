import { isCarriedTrial } from '../diagnose/request.ts';
import { hopKey } from '../model/expected.ts';
import type { RunView } from './run-view.ts';

/**
 * How often each hop, by its caller's version, was looked at: by {@link hopKey}.
 * @param trials true: the requests that only tried a format; false: all others; absent: both.
 */
export function countFacts({ diagnosis }: RunView, trials?: boolean): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { hop, request } of diagnosis.facts) {
    if (trials !== undefined && isCarriedTrial(request) !== trials) continue;
    const key = hopKey(hop);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
