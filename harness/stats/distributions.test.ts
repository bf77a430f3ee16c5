import { describe, expect, it } from 'vitest';
import { betaQuantile, binomialAtLeast, binomialAtMost, logFactorial } from './distributions.ts';

/** Sums the mass function with whole numbers only: independent of the library, and exact for p = a / b. */
function byCounting(k: number, trials: number, a: bigint, b: bigint): number {
  let choose = 1n;
  let sum = 0n;
  for (let x = 0n; x <= BigInt(k); x += 1n) {
    sum += choose * a ** x * (b - a) ** (BigInt(trials) - x);
    choose = (choose * (BigInt(trials) - x)) / (x + 1n);
  }
  // 60 digits are more than a double holds, also for tails of 1e-12.
  return Number((sum * 10n ** 60n) / b ** BigInt(trials)) / 1e60;
}

describe('binomial tails', () => {
  it.each([
    [3, 60, 1n, 20n],
    [19, 60, 1n, 3n],
    [5, 60, 1n, 2n],
    [0, 60, 1n, 3n],
    [150, 300, 1n, 3n],
    [59, 60, 1n, 3n],
    [40, 1000, 1n, 10n],
  ])('P(X ≤ %i) of %i equals the sum in whole numbers', (k, trials, a, b) => {
    const exact = byCounting(k, trials, a, b);
    const probability = Number(a) / Number(b);
    expect(Math.abs(binomialAtMost(k, trials, probability) / exact - 1)).toBeLessThan(1e-10);
    // The other tail, seen from the other side.
    const mirrored = binomialAtLeast(trials - k, trials, 1 - probability);
    expect(Math.abs(mirrored / exact - 1)).toBeLessThan(1e-10);
  });

  it('is certain outside the range', () => {
    expect([binomialAtMost(-1, 10, 0.5), binomialAtMost(10, 10, 0.5), binomialAtMost(3, 10, 1)]).toEqual([0, 1, 0]);
    expect([binomialAtLeast(0, 10, 0.5), binomialAtLeast(11, 10, 0.5), binomialAtLeast(3, 10, 0)]).toEqual([1, 0, 0]);
    expect([binomialAtMost(0, 10, 0), binomialAtLeast(10, 10, 1)]).toEqual([1, 1]);
  });
});

describe('betaQuantile', () => {
  it('inverts the binomial tail down to 1e-7', () => {
    for (const trials of [10, 60, 500, 10_000])
      for (const successes of [1, 2, trials / 2, trials - 1])
        for (const tail of [1e-7, 1e-6, 0.001, 0.025, 0.5]) {
          const probability = betaQuantile(tail, successes, trials - successes + 1);
          expect(Math.abs(binomialAtLeast(successes, trials, probability) / tail - 1)).toBeLessThan(1e-7);
        }
  });
});

it('logFactorial is the logarithm of the product', () => {
  let product = 1;
  for (let n = 0; n <= 20; n += 1) {
    if (n > 0) product *= n;
    expect(logFactorial(n)).toBeCloseTo(Math.log(product), 10);
  }
});
