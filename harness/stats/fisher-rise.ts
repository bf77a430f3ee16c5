import { logChoose } from './distributions.ts';

/** So many of so many. */
export interface Tally {
  readonly affected: number;
  readonly of: number;
}

/**
 * Whether a share rose: Fisher's exact test, one-sided (R. A. Fisher, Statistical Methods for Research Workers, section
 * 21.02). The probability that chance puts at least as many of all affected ones into `now`, were both shares the same.
 * 1 where one of the two counted nothing, or has counts that cannot be. With the two exchanged it says whether the share fell.
 */
export function risePValue(before: Tally, now: Tally): number {
  if ([before, now].some((tally) => tally.of === 0 || tally.affected > tally.of)) return 1;
  const affected = before.affected + now.affected;
  const all = logChoose(before.of + now.of, affected);
  let sum = 0;
  for (let k = Math.max(now.affected, affected - before.of); k <= Math.min(now.of, affected); k += 1)
    sum += Math.exp(logChoose(now.of, k) + logChoose(before.of, affected - k) - all);
  return Math.min(1, sum);
}

/** Probability that {@link risePValue} is below `alpha` where the true shares are these; exact, over all counts. */
export function risePower(before: { of: number; share: number }, now: { of: number; share: number }, alpha: number) {
  let power = 0;
  for (let b = 0; b <= before.of; b += 1)
    for (let n = 0; n <= now.of; n += 1) {
      const weight = binomial(before.of, b, before.share) * binomial(now.of, n, now.share);
      if (weight > 1e-12 && risePValue({ affected: b, of: before.of }, { affected: n, of: now.of }) < alpha)
        power += weight;
    }
  return Math.min(1, power);
}

function binomial(n: number, k: number, share: number): number {
  if (share <= 0) return k === 0 ? 1 : 0;
  if (share >= 1) return k === n ? 1 : 0;
  return Math.exp(logChoose(n, k) + k * Math.log(share) + (n - k) * Math.log1p(-share));
}
