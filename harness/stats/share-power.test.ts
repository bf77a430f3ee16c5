import { describe, expect, it } from 'vitest';
import { binomialAtMost } from './distributions.ts';
import { logProbability, multinomialModel } from './multinomial-model.ts';
import { POWER, sharePower, shareSensitivity, trialsForShares } from './share-power.ts';
import { isOutside, SHARE_RULE, shareInterval, testShares } from './share-test.ts';

describe('sharePower', () => {
  it.each([
    { trials: 12, weights: [1, 1, 1], index: 0, actual: 0.9, alpha: 0.001 },
    { trials: 20, weights: [1, 1, 1], index: 1, actual: 0.8, alpha: 1e-5 },
    { trials: 30, weights: [2, 1, 1], index: 0, actual: 0.95, alpha: 1e-5 },
    { trials: 25, weights: [80, 20], index: 1, actual: 0.7, alpha: 1e-4 },
    { trials: 40, weights: [1, 1, 1], index: 2, actual: 0, alpha: 1e-3 },
  ])(
    'of $trials trials at $weights is the sum over the outcomes that are off',
    ({ trials, weights, index, actual, alpha }) => {
      const rule = { ...SHARE_RULE, alpha };
      const rest = weights.reduce((sum, weight, at) => sum + (at === index ? 0 : weight), 0);
      // Nearly 0 instead of 0: a model has no cell that cannot be hit.
      const truth = weights.map((weight, at) => (at === index ? actual || 1e-12 : ((1 - actual) * weight) / rest));
      const model = multinomialModel(trials, truth);
      let sum = 0;
      for (let first = 0; first <= trials; first += 1)
        for (let second = weights.length === 2 ? trials - first : 0; second <= trials - first; second += 1) {
          const counts = [first, second, trials - first - second].slice(0, weights.length);
          if (testShares(counts, weights, rule).shares[index]?.off) sum += Math.exp(logProbability(model, counts));
        }
      expect(sharePower(trials, weights, index, actual, rule)).toBeCloseTo(sum, 9);
    },
  );

  it('grows with the trials and with the distance', () => {
    const far = [0.5, 0.6, 0.7, 0.8].map((actual) => sharePower(70, [1, 1, 1], 0, actual));
    expect(far).toEqual(far.toSorted());
    const many = [70, 150, 300, 600].map((trials) => sharePower(trials, [1, 1, 1], 0, 0.6));
    expect(many).toEqual(many.toSorted());
    expect(many.at(-1)).toBeGreaterThan(0.99);
  });

  it('finds the first count that is off as one step after another does', () => {
    for (const trials of [1, 2, 7, 40, 300])
      for (const weights of [
        [1, 1, 1],
        [90, 10],
        [1, 99],
        [1, 1, 1, 1, 1],
      ]) {
        const share = (weights[0] ?? 0) / weights.reduce((sum, weight) => sum + weight, 0);
        const isOff = (count: number) =>
          isOutside(shareInterval(count, trials, weights.length), share, SHARE_RULE.tolerance);
        const counts = Array.from({ length: trials + 1 }, (_, count) => count);
        const expected = Math.round(trials * share);
        const above = counts.filter((count) => count >= expected).map(isOff);
        const below = counts.filter((count) => count <= expected).map(isOff);
        // Off from one count on: what a search by halves rests on.
        expect(above).toEqual(above.toSorted((a, b) => Number(a) - Number(b)));
        expect(below).toEqual(below.toSorted((a, b) => Number(b) - Number(a)));
      }
  });

  it('needs no enumeration with several thousand trials or many versions', () => {
    expect(sharePower(10_000, [1, 1, 1], 0, 0.5)).toBeGreaterThan(0.999);
    expect(sharePower(100, [1, 1, 1, 1, 1, 1], 0, 0.7)).toBeGreaterThan(0.9);
    expect(sharePower(100, [1], 0, 0.5)).toBe(0);
  });
});

describe('shareSensitivity', () => {
  it('is the nearest share that is detected with the stated power', () => {
    for (const trials of [30, 70, 150, 600])
      for (const [index, { above, below }] of shareSensitivity(trials, [1, 1, 1]).entries()) {
        if (above !== undefined) {
          expect(sharePower(trials, [1, 1, 1], index, above)).toBeGreaterThanOrEqual(POWER);
          expect(sharePower(trials, [1, 1, 1], index, above - 0.001)).toBeLessThan(POWER);
        }
        if (below !== undefined) {
          expect(sharePower(trials, [1, 1, 1], index, below)).toBeGreaterThanOrEqual(POWER);
          expect(sharePower(trials, [1, 1, 1], index, below + 0.001)).toBeLessThan(POWER);
        }
      }
  });

  it('begins with the trials that trialsForShares names', () => {
    for (const weights of [
      [1, 1, 1],
      [80, 20],
      [5, 4, 1],
    ]) {
      const trials = trialsForShares(weights) ?? 0;
      const tells = (some: number) => shareSensitivity(some, weights).every((reach) => Object.keys(reach).length > 0);
      expect({ all: tells(trials), half: tells(Math.floor(trials / 2)) }).toEqual({ all: true, half: false });
    }
    expect(trialsForShares([1, 1], { ...SHARE_RULE, tolerance: 0.5 })).toBeUndefined();
  });

  it('is empty where no share can be detected', () => {
    expect(shareSensitivity(5, [1, 1, 1])).toEqual([{}, {}, {}]);
    expect(shareSensitivity(70, [97, 3])[0]).not.toHaveProperty('above');
  });

  it('never has an alarm rate above α at the expected shares', () => {
    // By its own tails: what is off of one version under the null.
    for (const trials of [30, 70, 300]) {
      expect(sharePower(trials, [1, 1, 1], 0, 1 / 3)).toBeLessThan(SHARE_RULE.alpha);
      expect(binomialAtMost(trials, trials, 1 / 3)).toBe(1);
    }
  });
});
