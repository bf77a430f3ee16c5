import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HashedNumbers } from './hashed-numbers.ts';

it('gives each hash the number that it was given last, and none to others', () => {
  const hashes = fc.array(fc.tuple(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.nat(1000)), {
    maxLength: 3000,
  });
  fc.assert(
    fc.property(hashes, fc.integer(), (pairs, other) => {
      const numbers = new HashedNumbers();
      for (const [hash, number] of pairs) numbers.set(hash, number);
      const known = new Map(pairs);
      for (const [hash, number] of known) expect(numbers.get(hash)).toBe(number);
      if (!known.has(other)) expect(numbers.get(other)).toBe(-1);
    }),
    { numRuns: 30 },
  );
});
