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
    { k: 3, trials: 60, a: 1n, b: 20n },
    { k: 19, trials: 60, a: 1n, b: 3n },
    { k: 5, trials: 60, a: 1n, b: 2n },
    { k: 0, trials: 60, a: 1n, b: 3n },
    { k: 150, trials: 300, a: 1n, b: 3n },
    { k: 59, trials: 60, a: 1n, b: 3n },
    { k: 40, trials: 1000, a: 1n, b: 10n },
  ])('P(X ≤ $k) of $trials equals the sum in whole numbers', ({ k, trials, a, b }) => {
    const exact = byCounting(k, trials, a, b);
    const probability = Number(a) / Number(b);
    expect(Math.abs(binomialAtMost(k, trials, probability) / exact - 1)).toBeLessThan(1e-10);
    // The other tail, seen from the other side.
    const mirrored = binomialAtLeast(trials - k, trials, 1 - probability);
    expect(Math.abs(mirrored / exact - 1)).toBeLessThan(1e-10);
  });

  it('are certain outside the range', () => {
    expect({
      belowZero: binomialAtMost(-1, 10, 0.5),
      atTheTop: binomialAtMost(10, 10, 0.5),
      certainSuccess: binomialAtMost(3, 10, 1),
    }).toEqual({ belowZero: 0, atTheTop: 1, certainSuccess: 0 });
    expect({
      atZero: binomialAtLeast(0, 10, 0.5),
      aboveTheTop: binomialAtLeast(11, 10, 0.5),
      certainFailure: binomialAtLeast(3, 10, 0),
    }).toEqual({ atZero: 1, aboveTheTop: 0, certainFailure: 0 });
    expect({ certainFailure: binomialAtMost(0, 10, 0), certainSuccess: binomialAtLeast(10, 10, 1) }).toEqual({
      certainFailure: 1,
      certainSuccess: 1,
    });
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
