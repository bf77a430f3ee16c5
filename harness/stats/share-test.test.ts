import { describe, expect, it } from 'vitest';
import { SHARE_RULE, testShares } from './share-test.ts';

describe('testShares', () => {
  const off = (counts: readonly number[], weights: readonly number[], rule = SHARE_RULE) =>
    testShares(counts, weights, rule).shares.map((share) => share.off);

  it('accepts the counts of real load balancers (docs/facts/envoy.md#version-order)', () => {
    for (const counts of [
      [20, 20, 20],
      [20, 17, 23],
      [28, 18, 14],
      [22, 16, 22],
    ])
      expect(off(counts, [1, 1, 1])).toEqual([false, false, false]);
  });

  it('names the share that is off, and not the shares that only make room for it', () => {
    expect(off([54, 8, 8], [1, 1, 1])).toEqual([true, false, false]);
    expect(off([35, 35], [90, 10])).toEqual([true, true]);
    expect(off([0, 35, 35], [1, 1, 1])).toEqual([true, false, false]);
  });

  it('accepts shares that certainly differ and still lie within the tolerance', () => {
    const counts = [4100, 2950, 2950];
    expect(testShares(counts, [1, 1, 1]).pValue).toBeLessThan(1e-5);
    expect(off(counts, [1, 1, 1])).toEqual([false, false, false]);
    expect(off(counts, [1, 1, 1], { ...SHARE_RULE, tolerance: 0.05 })).toEqual([true, false, false]);
  });

  it('accepts shares that are far off after too few attempts', () => {
    expect(off([6, 0, 0], [1, 1, 1])).toEqual([false, false, false]);
  });

  it('reports its rule: trials, α, tolerance, method and shares', () => {
    expect(testShares([54, 8, 8], [2, 2, 2])).toMatchObject({
      trials: 70,
      alpha: 1e-5 / 3,
      tolerance: 0.1,
      method: 'exact',
      shares: [{ expected: 1 / 3, observed: 54 / 70, interval: { low: expect.closeTo(0.56, 2) } }, {}, {}],
    });
    expect(testShares([0, 0], [1, 1]).shares.map(({ observed }) => observed)).toEqual([0, 0]);
  });
});

describe('a test of one of many targets', () => {
  const counts = [400, 250, 250];

  it('still finds a share that is far off, with more attempts than can be counted through', () => {
    const rule = { alpha: SHARE_RULE.alpha / 2000, tolerance: 0.1, among: 2000 };
    const { pValue, method, shares } = testShares([600, 150, 150], [1, 1, 1], rule);
    expect({ method, small: pValue < rule.alpha, off: shares.map(({ off }) => off) }).toEqual({
      method: 'monte-carlo',
      small: true,
      off: [true, false, false],
    });
  });

  it('has the p-value of a single run, or an upper bound of it that is lower, and wider intervals', () => {
    const alone = testShares(counts, [1, 1, 1]);
    const together = testShares(counts, [1, 1, 1], { ...SHARE_RULE, alpha: SHARE_RULE.alpha / 20, among: 20 });
    expect(together.pValue).toBeLessThanOrEqual(alone.pValue);
    for (const [index, { interval }] of alone.shares.entries()) {
      const { low = 1, high = 0 } = together.shares[index]?.interval ?? {};
      expect({ low: low < interval.low, high: high > interval.high }).toEqual({ low: true, high: true });
    }
  });
});
