import { betaQuantile } from './distributions.ts';

/** Bounds of a probability, 0–1. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The exact (Clopper–Pearson) interval of a binomial probability: all values that `successes` of `trials` do not rule out.
 * It holds the true value with at least `confidence`, whatever that is; both bounds are quantiles of the beta distribution
 * (C. J. Clopper and E. S. Pearson, Biometrika 26, 1934). Nothing tried rules out nothing: 0–1.
 * @param confidence 0–1, default 0.95
 * @throws RangeError where the counts cannot be counts
 */
export function binomialInterval(successes: number, trials: number, confidence = 0.95): Interval {
  if (!Number.isInteger(successes) || !Number.isInteger(trials) || successes < 0 || successes > trials)
    throw new RangeError(
      `expected 0 ≤ successes ≤ trials, whole numbers, for example 3 of 60; got ${successes} of ${trials}`,
    );
  const tail = (1 - confidence) / 2;
  return {
    low: successes === 0 ? 0 : betaQuantile(tail, successes, trials - successes + 1),
    // The mirror image, because a tail of 1e-7 would lose its digits as 1 − 1e-7.
    high: successes === trials ? 1 : 1 - betaQuantile(tail, trials - successes, successes + 1),
  };
}
