import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attemptsNeeded, missProbability } from './miss.ts';

const ALPHA = 1e-5;

describe('missProbability', () => {
  it('is what the binomial says', () => {
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
