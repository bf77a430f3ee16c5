import { describe, expect, it } from 'vitest';
import { blocksPValue } from './runs-test.ts';

/** All orders of so many of one kind among so many. */
function orders(some: number, all: number): boolean[][] {
  if (all === 0) return [[]];
  return [
    ...(some > 0 ? orders(some - 1, all - 1).map((rest) => [true, ...rest]) : []),
    ...(all > some ? orders(some, all - 1).map((rest) => [false, ...rest]) : []),
  ];
}
const runsOf = (order: readonly boolean[]) => order.filter((value, at) => at === 0 || value !== order[at - 1]).length;

describe('blocksPValue', () => {
  it.each([
    [1, 6],
    [3, 7],
    [4, 9],
    [5, 10],
  ])('is the part of all orders of %i among %i with as few runs', (some, all) => {
    const every = orders(some, all);
    for (const order of every) {
      const asFew = every.filter((other) => runsOf(other) <= runsOf(order)).length;
      expect(blocksPValue(order)).toBeCloseTo(asFew / every.length, 9);
    }
  });

  it('is small for a block, and 1 for one kind', () => {
    const block = Array.from({ length: 60 }, (_, at) => at < 20);
    expect(blocksPValue(block)).toBeLessThan(1e-14);
    expect(blocksPValue([true, true])).toBe(1);
    expect(blocksPValue([])).toBe(1);
  });
});
