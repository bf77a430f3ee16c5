import { logChoose } from './distributions.ts';

/** So many of so many. */
export interface Counted {
  readonly affected: number;
  readonly of: number;
}

/** Probabilities that are equal differ by rounding alone. */
const ROUNDING = 1 + 1e-9;

/**
 * Fisher's exact test, two-sided: the probability of a table at least as improbable as this one where both groups have the
 * same share of affected ones (R. A. Fisher, Statistical Methods for Research Workers, section 21.02). 1 where one group is
 * empty.
 */
export function fisherPValue(one: Counted, other: Counted): number {
  const affected = one.affected + other.affected;
  const of = one.of + other.of;
  if (one.of === 0 || other.of === 0) return 1;
  const all = logChoose(of, affected);
  const logProbability = (k: number) => logChoose(one.of, k) + logChoose(other.of, affected - k) - all;
  const seen = Math.exp(logProbability(one.affected));
  let sum = 0;
  for (let k = Math.max(0, affected - other.of); k <= Math.min(one.of, affected); k += 1) {
    const probability = Math.exp(logProbability(k));
    if (probability <= seen * ROUNDING) sum += probability;
  }
  return Math.min(1, sum);
}

/** A name is wrong in at most this share of the findings that strike all versions alike. */
export const NAMING_ALPHA = 0.01;

/** Which groups are affected more than the others. */
export interface Difference {
  /** The groups that are; empty where no difference is significant. */
  readonly named: readonly string[];
  /** Of the parting with the greatest difference, times the number of partings (Bonferroni); at most 1. */
  readonly pValue: number;
}

/**
 * Parts the groups in two by their shares, where they differ most, and tests that parting. Every other parting could have
 * been chosen as well, so the p-value counts for all of them: two groups have one parting, three have three.
 */
export function differingGroups(groups: ReadonlyMap<string, Counted>): Difference {
  const seen = [...groups].filter(([, { of }]) => of > 0);
  const byShare = seen.toSorted(([, a], [, b]) => b.affected / b.of - a.affected / a.of);
  const partings = 2 ** Math.max(0, byShare.length - 1) - 1;
  let best: Difference = { named: [], pValue: 1 };
  for (let size = 1; size < byShare.length; size += 1) {
    const upper = byShare.slice(0, size);
    const pValue = Math.min(1, partings * fisherPValue(sum(upper), sum(byShare.slice(size))));
    if (pValue < best.pValue) best = { named: upper.map(([name]) => name), pValue };
  }
  return best.pValue < NAMING_ALPHA ? { ...best, named: best.named.toSorted() } : { named: [], pValue: best.pValue };
}

function sum(groups: readonly (readonly [string, Counted])[]): Counted {
  return {
    affected: groups.reduce((total, [, { affected }]) => total + affected, 0),
    of: groups.reduce((total, [, { of }]) => total + of, 0),
  };
}
