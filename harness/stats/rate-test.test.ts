import { describe, expect, it } from 'vitest';
import { binomialAtLeast, binomialAtMost } from './distributions.ts';
import { rateBounds, ratePower, rateReach, ratesToTell, testRate, trialsForRate } from './rate-test.ts';

describe('testRate', () => {
  it('is the exact two-sided test: off where one tail is below α / 2', () => {
    for (const rate of [0.01, 0.2, 0.5, 0.9])
      for (const trials of [5, 60, 300])
        for (let hits = 0; hits <= trials; hits += 1) {
          const tail = Math.min(binomialAtMost(hits, trials, rate), binomialAtLeast(hits, trials, rate));
          const { off, pValue } = testRate(hits, trials, rate, 0.01);
          expect([off, pValue < 0.01]).toEqual([tail < 0.005, tail < 0.005]);
        }
  });

  it('at 0 and 100 % one exception is enough', () => {
    expect([testRate(5, 5, 1).off, testRate(4, 5, 1).off]).toEqual([false, true]);
    expect([testRate(0, 5, 0).off, testRate(1, 5, 0).off]).toEqual([false, true]);
  });

  it('after nothing says nothing', () => {
    expect(testRate(0, 0, 0.5)).toMatchObject({ off: false, interval: { low: 0, high: 1 } });
  });
});

describe('ratePower', () => {
  it('is the probability of the counts that are off, added up', () => {
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

  it('under the expected rate is below α', () => {
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
  ])('%i probes at %f: the bounds are found with the power, and what is nearer is not', (trials, rate) => {
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

  it('are absent where nothing is found', () => {
    expect(rateBounds(10, 0.5)).toEqual({});
    expect(rateBounds(10, 0.01).below).toBeUndefined();
  });
});

describe('trialsForRate', () => {
  it.each([0, 0.05, 0.5, 0.9, 1])('at %f: from there on every number has the power, and half of it has not', (rate) => {
    const trials = trialsForRate(rate, 20_000)!;
    for (let more = trials; more < trials * 1.2 + 50; more += 1)
      expect(rateReach(more, rate)).toBeGreaterThanOrEqual(0.9);
    expect(rateReach(trials - 1, rate)).toBeLessThan(0.9);
    expect(rateReach(Math.floor(trials / 2), rate)).toBeLessThan(0.9);
  });

  it('is some 140 at 50 %, and thousands at 1 %', () => {
    expect([0.5, 0.01, 1].map((rate) => trialsForRate(rate, 20_000))).toEqual([137, 11_190, 4]);
    expect(ratesToTell(0.01)).toEqual([0.005, 0.02]);
  });

  it('is none where more would be needed than may be sent', () => {
    expect([trialsForRate(0.001, 20_000), trialsForRate(0.01, 11_000)]).toEqual([undefined, undefined]);
  });
});
