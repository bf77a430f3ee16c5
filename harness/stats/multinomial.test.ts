import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { multinomialTest } from './multinomial.ts';
import { logProbability, multinomialModel, outcomesOf, SAME, visitOutcomes } from './multinomial-model.ts';

/** Every outcome in whole numbers: the multinomial coefficient times the weights' powers. Independent of the code tested. */
function pValueByCounting(counts: readonly number[], weights: readonly number[]): number {
  const trials = counts.reduce((sum, count) => sum + count, 0);
  const factorial = (n: number): bigint => (n <= 1 ? 1n : BigInt(n) * factorial(n - 1));
  const size = (outcome: readonly number[]) =>
    outcome.reduce(
      (product, count, cell) => product * BigInt(weights[cell] ?? 0) ** BigInt(count),
      outcome.reduce((left, count) => left / factorial(count), factorial(trials)),
    );
  const outcomes = (cells: number, left: number): number[][] =>
    cells === 1
      ? [[left]]
      : Array.from({ length: left + 1 }, (_, count) =>
          outcomes(cells - 1, left - count).map((rest) => [count, ...rest]),
        ).flat();
  const sizes = outcomes(counts.length, trials).map(size);
  const sum = (some: readonly bigint[]) => some.reduce((all, one) => all + one, 0n);
  const own = size(counts);
  const rare = sum(sizes.filter((other) => other <= own));
  return Number((rare * 10n ** 30n) / sum(sizes)) / 1e30;
}

describe('multinomialTest', () => {
  it('gives 0.0767 for 5, 2, 1 at 1 : 2 : 1, as the manual page of multinomial.test does (R package EMT 1.3.1)', () => {
    expect(multinomialTest([5, 2, 1], [0.25, 0.5, 0.25])).toEqual({
      pValue: expect.closeTo(0.0767, 4),
      method: 'exact',
    });
  });

  it("gives 0.9382 for Mendel's peas at 9 : 3 : 3 : 1, as the vignette of the R package XNomial does", () => {
    const counts = [315, 108, 101, 32];
    // Too many outcomes for every day; added up here, and estimated by the test.
    const model = multinomialModel(556, [9, 3, 3, 1]);
    const limit = logProbability(model, counts) + SAME;
    let exact = 0;
    visitOutcomes(model, (log) => {
      if (log <= limit) exact += Math.exp(log);
    });
    expect(exact).toBeCloseTo(0.9382, 4);
    const estimated = multinomialTest(counts, [9, 3, 3, 1]);
    expect(estimated.method).toBe('monte-carlo');
    expect(Math.abs(estimated.pValue - exact)).toBeLessThan(0.03);
  });

  it('equals the sum in whole numbers', () => {
    const cell = fc.tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(fc.array(cell, { minLength: 2, maxLength: 4 }), (cells) => {
        const counts = cells.map(([count]) => count);
        const weights = cells.map(([, weight]) => weight);
        const exact = pValueByCounting(counts, weights);
        expect(Math.abs(multinomialTest(counts, weights).pValue / exact - 1)).toBeLessThan(1e-9);
      }),
      { numRuns: 60 },
    );
  });

  it('estimates above 300 trials, repeatably and close to the sum over all outcomes', () => {
    for (const counts of [
      [101, 100, 100],
      [120, 100, 90],
      [125, 95, 90],
      [135, 90, 85],
    ]) {
      const model = multinomialModel(
        counts.reduce((sum, count) => sum + count, 0),
        [1, 1, 1],
      );
      const limit = logProbability(model, counts) + SAME;
      let exact = 0;
      visitOutcomes(model, (log) => {
        if (log <= limit) exact += Math.exp(log);
      });
      const { pValue, method } = multinomialTest(counts, [1, 1, 1]);
      expect(method).toBe('monte-carlo');
      expect(multinomialTest(counts, [1, 1, 1]).pValue).toBe(pValue);
      expect(Math.abs(pValue / exact - 1)).toBeLessThan(0.15);
    }
  });

  it('reaches p values below the α of a run for many trials, and never returns 0', () => {
    const { pValue } = multinomialTest([800, 100, 100], [1, 1, 1]);
    expect(pValue).toBeGreaterThan(0);
    expect(pValue).toBeLessThan(1e-5 / 3);
  });

  it('returns 1 where only one outcome is possible, and refuses counts that do not fit the weights', () => {
    expect(multinomialTest([0, 0, 0], [1, 1, 1]).pValue).toBeCloseTo(1, 12);
    expect(multinomialTest([17], [5]).pValue).toBeCloseTo(1, 12);
    expect(() => multinomialTest([1, 2], [1, 1, 1])).toThrow(/one for each share/);
    expect(() => multinomialTest([1, -2], [1, 1])).toThrow(/whole numbers/);
    expect(() => multinomialTest([1, 2], [1, 0])).toThrow(/weights above 0/);
  });
});

describe('outcomes', () => {
  it('are as many as there are ways, and sum up to 1', () => {
    for (const [trials, weights] of [
      [10, [1, 2]],
      [20, [3, 1, 1]],
      [9, [1, 1, 1, 5]],
    ] as const) {
      let outcomes = 0;
      let sum = 0;
      visitOutcomes(multinomialModel(trials, weights), (log) => {
        outcomes += 1;
        sum += Math.exp(log);
      });
      expect(outcomes).toBe(outcomesOf(trials, weights.length));
      expect(sum).toBeCloseTo(1, 12);
    }
  });
});
