import { bdtr, bdtrc, compiled, incbi, lgam } from 'cephes';

// The one place that knows the library: Cephes (S. L. Moshier), compiled to WebAssembly. It has to be compiled once, before
// the first call; that takes a few milliseconds, and everything here may then be called as any function.
await compiled;

/** P(X ≤ k) for X ~ Binomial(trials, probability). */
export function binomialAtMost(k: number, trials: number, probability: number): number {
  if (k < 0) return 0;
  if (k >= trials || probability <= 0) return 1;
  if (probability >= 1) return 0;
  return bdtr(Math.floor(k), trials, probability);
}

/** P(X ≥ k), exact in the far tail too, where 1 − P(X < k) would be 0. */
export function binomialAtLeast(k: number, trials: number, probability: number): number {
  if (k <= 0) return 1;
  if (k > trials || probability <= 0) return 0;
  if (probability >= 1) return 1;
  return bdtrc(Math.ceil(k) - 1, trials, probability);
}

/** x with P(B ≤ x) = p for B ~ Beta(a, b); a, b > 0. */
export function betaQuantile(p: number, a: number, b: number): number {
  return incbi(a, b, p);
}

/** log n! */
export function logFactorial(n: number): number {
  return lgam(n + 1);
}

/** log of the number of ways to choose k of n; -∞ where there is no way. */
export function logChoose(n: number, k: number): number {
  if (k < 0 || k > n) return Number.NEGATIVE_INFINITY;
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}
