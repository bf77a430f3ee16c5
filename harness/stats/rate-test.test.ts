import { describe, expect, it } from 'vitest';
import { binomialAtLeast, binomialAtMost } from './distributions.ts';
import { rateBounds, ratePower, rateReach, ratesToTell, testRate, trialsForRate } from './rate-test.ts';

describe('testRate', () => {
  it('is the exact two-sided test: a rate is off where one tail is below α / 2', () => {
    for (const rate of [0.01, 0.2, 0.5, 0.9])
      for (const trials of [5, 60, 300])
        for (let hits = 0; hits <= trials; hits += 1) {
          const tail = Math.min(binomialAtMost(hits, trials, rate), binomialAtLeast(hits, trials, rate));
          const { off, pValue } = testRate(hits, trials, rate, 0.01);
          expect({ off, unlikely: pValue < 0.01 }).toEqual({ off: tail < 0.005, unlikely: tail < 0.005 });
        }
  });

  it('rejects 0 and 100 % after one exception', () => {
    expect({ none: testRate(5, 5, 1).off, one: testRate(4, 5, 1).off }).toEqual({ none: false, one: true });
    expect({ none: testRate(0, 5, 0).off, one: testRate(1, 5, 0).off }).toEqual({ none: false, one: true });
  });

  it('decides nothing without trials', () => {
    expect(testRate(0, 0, 0.5)).toMatchObject({ off: false, interval: { low: 0, high: 1 } });
  });
});

describe('ratePower', () => {
  it('is the sum of the probabilities of the counts that are off', () => {
    for (const [trials, rate, actual] of [
      [60, 0.5, 0.25],
      [60, 0.5, 0.9],
      [30, 1, 0.8],
      [200, 0.01, 0.1],
      [30, 0, 0.1],
    ] as const) {
      let sum = 0;
      for (let hits = 0; hits <= trials; hits += 1)
        if (testRate(hits, trials, rate).off)
          sum += binomialAtMost(hits, trials, actual) - binomialAtMost(hits - 1, trials, actual);
      expect(ratePower(trials, rate, actual)).toBeCloseTo(sum, 9);
    }
  });

  it('is below α at the expected rate', () => {
    for (const rate of [0, 0.01, 0.5, 1]) expect(ratePower(100, rate, rate)).toBeLessThanOrEqual(1e-5 / 3);
  });
});

describe('rateBounds', () => {
  it.each([
    [10, 0.01],
    [137, 0.5],
    [32, 0.9],
    [4, 1],
    [230, 0],
  ])('at %i probes and a rate of %f are detected with the power, and nearer rates are not', (trials, rate) => {
    const { below, above } = rateBounds(trials, rate);
    expect(below ?? above).toBeDefined();
    if (below !== undefined) {
      expect(ratePower(trials, rate, below)).toBeGreaterThanOrEqual(0.9);
      expect(ratePower(trials, rate, below + 0.0002)).toBeLessThan(0.9);
    }
    if (above !== undefined) {
      expect(ratePower(trials, rate, above)).toBeGreaterThanOrEqual(0.9);
      expect(ratePower(trials, rate, above - 0.0002)).toBeLessThan(0.9);
    }
  });

  it('are absent where no rate can be detected', () => {
    expect(rateBounds(10, 0.5)).toEqual({});
    expect(rateBounds(10, 0.01).below).toBeUndefined();
  });
});

describe('trialsForRate', () => {
  it.each([0, 0.05, 0.5, 0.9, 1])(
    'at a rate of %f, this number and every higher one has the power, and half of it does not',
    (rate) => {
      const trials = trialsForRate(rate, 20_000)!;
      for (let more = trials; more < trials * 1.2 + 50; more += 1)
        expect(rateReach(more, rate)).toBeGreaterThanOrEqual(0.9);
      expect(rateReach(trials - 1, rate)).toBeLessThan(0.9);
      expect(rateReach(Math.floor(trials / 2), rate)).toBeLessThan(0.9);
    },
  );

  it('is about 140 at 50 %, and thousands at 1 %', () => {
    expect([0.5, 0.01, 1].map((rate) => trialsForRate(rate, 20_000))).toEqual([137, 11_190, 4]);
    expect(ratesToTell(0.01)).toEqual([0.005, 0.02]);
  });

  it('is undefined where a run may not send enough probes', () => {
    expect({ oneInThousand: trialsForRate(0.001, 20_000), oneInHundred: trialsForRate(0.01, 11_000) }).toEqual({
      oneInThousand: undefined,
      oneInHundred: undefined,
    });
  });
});
