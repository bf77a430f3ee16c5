import { describe, expect, it } from 'vitest';
import { binomialAtLeast, binomialAtMost } from './distributions.ts';
import { ratePower, rateReach, ratesToTell, testRate, trialsForRate } from './rate-test.ts';

describe('testRate', () => {
  it('is the exact two-sided test: off where one tail is below α / 2', () => {
    for (const rate of [0.01, 0.2, 0.5, 0.9])
      for (const trials of [5, 60, 300])
        for (let hits = 0; hits <= trials; hits += 1) {
          const tail = Math.min(binomialAtMost(hits, trials, rate), binomialAtLeast(hits, trials, rate));
          expect(testRate(hits, trials, rate, 0.01).off).toBe(tail < 0.005);
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

describe('trialsForRate', () => {
  it.each([0, 0.01, 0.05, 0.5, 0.9, 1])('at %f has the power, and half of it has not', (rate) => {
    const trials = trialsForRate(rate);
    for (const actual of ratesToTell(rate)) expect(ratePower(trials, rate, actual)).toBeGreaterThanOrEqual(0.9);
    expect(rateReach(Math.floor(trials / 2), rate)).toBeLessThan(0.9);
  });

  it('is some 140 at 50 %, and thousands at 1 %', () => {
    expect([0.5, 0.01, 1].map((rate) => trialsForRate(rate))).toEqual([137, 11_062, 4]);
  });
});
