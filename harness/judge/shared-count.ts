import type { SharedCount } from '../model/facts/values.ts';
import { rounded } from '../model/numbers.ts';
import { binomialInterval } from '../stats/interval.ts';

/** So many of so many, with the exact interval of the share (95 %) where anything was counted. */
export function sharedCountOf(affected: number, of: number): SharedCount {
  if (of === 0) return { affected, of };
  const { low, high } = binomialInterval(affected, of);
  return { affected, of, low: rounded(low), high: rounded(high) };
}
