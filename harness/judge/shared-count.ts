import type { SharedCount } from '../model/facts/values.ts';
import { rounded } from '../model/numbers.ts';
import { binomialInterval } from '../stats/interval.ts';

/** So many of so many, with the exact interval of the share where anything was counted. @param confidence default 0.95 */
export function sharedCountOf(affected: number, of: number, confidence?: number): SharedCount {
  if (of === 0) return { affected, of };
  const { low, high } = binomialInterval(affected, of, confidence);
  return { affected, of, low: rounded(low), high: rounded(high) };
}
