import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attemptsNeeded, detectionProbability, missProbability, requestsToDetect } from './detection.ts';

describe('detectionProbability', () => {
  it('is 95 % in 60 requests and 87 % in the 40 that cross it, for a hop that fails 1 in 20', () => {
    expect(detectionProbability(1 / 20, 60)).toBeCloseTo(0.954, 3);
    expect(detectionProbability(1 / 20, 40)).toBeCloseTo(0.871, 3);
  });

  it('is exact at the ends', () => {
    expect({
      never: detectionProbability(0, 60),
      always: detectionProbability(1, 1),
      withoutRequests: detectionProbability(0.5, 0),
    }).toEqual({ never: 0, always: 1, withoutRequests: 0 });
    expect(detectionProbability(1e-12, 10)).toBeCloseTo(1e-11, 18);
  });
});

describe('requestsToDetect', () => {
  it('is the smallest number that is enough', () => {
    expect(requestsToDetect(1 / 20, 0.95)).toBe(59);
    const rates = fc.double({ min: 0.0005, max: 0.9999, noNaN: true });
    fc.assert(
      fc.property(rates, fc.double({ min: 0.01, max: 0.9999, noNaN: true }), (rate, probability) => {
        const requests = requestsToDetect(rate, probability);
        expect(detectionProbability(rate, requests)).toBeGreaterThanOrEqual(probability);
        if (requests > 1) expect(detectionProbability(rate, requests - 1)).toBeLessThan(probability);
      }),
    );
  });

  it('is infinite where no number is enough', () => {
    expect({ neverFails: requestsToDetect(0, 0.5), certainty: requestsToDetect(0.5, 1) }).toEqual({
      neverFails: Infinity,
      certainty: Infinity,
    });
    expect({ alwaysFails: requestsToDetect(1, 1), noPower: requestsToDetect(0.5, 0) }).toEqual({
      alwaysFails: 1,
      noPower: 0,
    });
  });
});

const ALPHA = 1e-5;

describe('missProbability', () => {
  it('follows the binomial distribution', () => {
    expect(missProbability(1 / 3, 60)).toBeCloseTo(2.7e-11, 12);
    expect(missProbability(0.5, 1)).toBe(0.5);
    expect(missProbability(1, 0)).toBe(1);
    expect(missProbability(1, 1)).toBe(0);
    expect(missProbability(0, 1000)).toBe(1);
  });

  it('falls below alpha exactly at the attempts needed', () => {
    expect(attemptsNeeded(1 / 3, ALPHA)).toBe(29);
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), (share) => {
        const attempts = attemptsNeeded(share, ALPHA);
        expect(missProbability(share, attempts)).toBeLessThanOrEqual(ALPHA * (1 + 1e-9));
        expect(missProbability(share, attempts - 1)).toBeGreaterThan(ALPHA * (1 - 1e-9));
      }),
    );
  });
});
