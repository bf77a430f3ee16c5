const CONFIDENCE = 0.95;

/**
 * The lowest rate that such a result still fits: the one-sided exact (Clopper-Pearson) lower bound with 95 %.
 * All of n gives 0.05^(1/n); none gives 0.
 * @returns 0–1
 */
export function lowestRate(hits: number, n: number): number {
  if (hits <= 0 || n <= 0) return 0;
  let low = 0;
  let high = 1;
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2;
    if (tail(hits, n, middle) < 1 - CONFIDENCE) low = middle;
    else high = middle;
  }
  return low;
}

/** P(X ≥ hits) of a binomial, by its terms. */
function tail(hits: number, n: number, rate: number): number {
  if (rate <= 0) return 0;
  if (rate >= 1) return 1;
  let logTerm = 0;
  for (let i = 0; i < hits; i += 1) logTerm += Math.log((n - i) / (i + 1));
  logTerm += hits * Math.log(rate) + (n - hits) * Math.log1p(-rate);
  let sum = 0;
  for (let k = hits; k <= n; k += 1) {
    sum += Math.exp(logTerm);
    logTerm += Math.log((n - k) / (k + 1)) + Math.log(rate) - Math.log1p(-rate);
  }
  return Math.min(1, sum);
}
