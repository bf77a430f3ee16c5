import fc from 'fast-check';
import { expect, it } from 'vitest';
import { allFirstPValue } from './all-first.ts';

it.each([
  [1, 1, 4, 1 / 4],
  [2, 2, 4, 1 / 6],
  [2, 3, 4, 1 / 2],
  [0, 0, 4, 1],
  [5, 5, 10, 1 / 252],
])('finds %i of a kind among the first %i of %i by chance in %f', (some, first, all, chance) => {
  expect(allFirstPValue(some, first, all)).toBeCloseTo(chance, 12);
});

it('is a probability, and grows with the number of first places', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(40), fc.nat(40), (some, more, rest) => {
      const first = some + more;
      const here = allFirstPValue(some, first, first + rest);
      const wider = allFirstPValue(some, first + (rest > 0 ? 1 : 0), first + rest);
      expect(here).toBeGreaterThanOrEqual(0);
      expect(here).toBeLessThanOrEqual(1);
      expect(wider).toBeGreaterThanOrEqual(here);
    }),
  );
});
