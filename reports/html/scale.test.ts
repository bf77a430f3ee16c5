import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearScale, logScale, quantile } from './scale.ts';

describe('scales', () => {
  it('put the ends at the ends, and ticks at round values', () => {
    const scale = linearScale(0, 4.3, [10, 110]);
    expect({ low: scale(0), high: scale(4.3) }).toEqual({ low: 10, high: 110 });
    expect(scale.ticks).toEqual([0, 1, 2, 3, 4]);
    expect(logScale(500, 60_000, [0, 1]).ticks).toEqual([1000, 3000, 10_000, 30_000]);
  });

  it('put every value within the range, with few ticks, whatever the ends', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e12 }),
        fc.integer({ min: 0, max: 1e12 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (from, length, part) => {
          for (const scale of [linearScale(from, from + length, [0, 100]), logScale(from, from + length, [0, 100])]) {
            const place = scale(from + length * part);
            expect(place).toBeGreaterThanOrEqual(-1e-6);
            expect(place).toBeLessThanOrEqual(100 + 1e-6);
            expect(scale.ticks.length).toBeLessThan(16);
          }
        },
      ),
    );
  });
});

it('quantile interpolates between values', () => {
  expect(quantile([], 0.5)).toBe(0);
  expect(quantile([1, 2, 3, 10], 0.5)).toBe(2.5);
  expect(quantile([4], 0.9)).toBe(4);
});
