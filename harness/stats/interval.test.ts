import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialAtLeast, binomialAtMost } from './distributions.ts';
import { binomialInterval } from './interval.ts';

describe('binomialInterval', () => {
  // R. G. Newcombe, Statistics in Medicine 17 (1998) 857–872, table I, method 5 (Clopper–Pearson).
  it.each([
    { successes: 81, trials: 263, low: 0.2527, high: 0.3676 },
    { successes: 15, trials: 148, low: 0.0578, high: 0.1617 },
    { successes: 0, trials: 20, low: 0, high: 0.1684 },
    { successes: 1, trials: 29, low: 0.0009, high: 0.1776 },
  ])('gives for $successes of $trials the values of Newcombe', ({ successes, trials, low, high }) => {
    const interval = binomialInterval(successes, trials);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('gives for 682 of 925 the values of binom.test in R (the example of its manual page, from Conover 1971)', () => {
    const { low, high } = binomialInterval(682, 925);
    expect(low).toBeCloseTo(0.7076683, 7);
    expect(high).toBeCloseTo(0.7654066, 7);
  });

  it('contains exactly the values under which the count is not too rare, on both sides', () => {
    const counts = fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.nat()).map(([n, x]) => [x % (n + 1), n] as const);
    fc.assert(
      fc.property(counts, fc.constantFrom(0.5, 0.95, 0.999, 1 - 1e-6), ([successes, trials], confidence) => {
        const { low, high } = binomialInterval(successes, trials, confidence);
        const tail = (1 - confidence) / 2;
        expect(low).toBeLessThanOrEqual(successes / trials);
        expect(high).toBeGreaterThanOrEqual(successes / trials);
        if (successes > 0) expect(binomialAtLeast(successes, trials, low) / tail).toBeCloseTo(1, 5);
        if (successes < trials) expect(binomialAtMost(successes, trials, high) / tail).toBeCloseTo(1, 5);
      }),
    );
  });

  it('covers the true value as often as it claims, summed over all outcomes and not sampled', () => {
    for (const trials of [5, 20, 70])
      for (let probability = 0.01; probability < 1; probability += 0.01) {
        let covered = 0;
        for (let x = 0; x <= trials; x += 1) {
          const { low, high } = binomialInterval(x, trials);
          const mass = binomialAtMost(x, trials, probability) - binomialAtMost(x - 1, trials, probability);
          if (low <= probability && probability <= high) covered += mass;
        }
        expect(covered).toBeGreaterThanOrEqual(0.95 - 1e-9);
      }
  });

  it('is 0 to 1 without trials, and refuses counts that are not valid', () => {
    expect(binomialInterval(0, 0)).toEqual({ low: 0, high: 1 });
    for (const [successes, trials] of [
      [2, 1],
      [-1, 5],
      [0.5, 5],
      [1, Number.NaN],
    ] as const)
      expect(() => binomialInterval(successes, trials)).toThrow(/for example 3 of 60/);
  });
});
