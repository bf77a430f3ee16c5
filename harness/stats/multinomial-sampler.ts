import { binomialAtMost } from './distributions.ts';
import type { Uniform } from './random.ts';

/** Draws counts of a multinomial distribution; made once for many draws. */
export interface MultinomialSampler {
  readonly trials: number;
  /** For each cell but the last: the distribution functions of 1, 2, 4, … trials, given that no earlier cell was hit. */
  readonly cells: readonly (readonly Float64Array[])[];
}

/**
 * Cell by cell, each by a binomial draw among the trials that are left. A binomial draw of n trials is the sum of draws of
 * the powers of two that n is made of, each looked up in its table: exact, and a few comparisons instead of n.
 * @param shares probabilities, of any sum
 */
export function multinomialSampler(trials: number, shares: readonly number[]): MultinomialSampler {
  const powers = Math.max(1, Math.ceil(Math.log2(trials + 1)));
  let left = shares.reduce((sum, share) => sum + share, 0);
  const cells = shares.slice(0, -1).map((share) => {
    const probability = Math.min(1, share / left);
    left -= share;
    return Array.from({ length: powers }, (_, power) =>
      Float64Array.from({ length: 2 ** power + 1 }, (_, k) => binomialAtMost(k, 2 ** power, probability)),
    );
  });
  return { trials, cells };
}

/** One draw: a count for each cell. */
export function drawMultinomial({ trials, cells }: MultinomialSampler, uniform: Uniform): number[] {
  let left = trials;
  const counts = cells.map((tables) => {
    let count = 0;
    for (let power = 0; left >> power > 0; power += 1)
      if ((left >> power) & 1) count += lookUp(tables[power] ?? new Float64Array(1), uniform());
    left -= count;
    return count;
  });
  counts.push(left);
  return counts;
}

/** The first k whose distribution function is above u. */
function lookUp(table: Float64Array, u: number): number {
  let low = 0;
  let high = table.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((table[middle] ?? 1) > u) high = middle;
    else low = middle + 1;
  }
  return low;
}
