import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Counted, differingGroups, fisherPValue, NAMING_ALPHA } from './fisher.ts';

const counted = (affected: number, of: number): Counted => ({ affected, of });

describe('the exact test of Fisher', () => {
  it.each([
    // The lady who tastes tea: 3 of 4 right each way is 34/70, all right is 2/70 two-sided.
    { one: counted(3, 4), other: counted(1, 4), p: 34 / 70 },
    { one: counted(4, 4), other: counted(0, 4), p: 2 / 70 },
    { one: counted(5, 5), other: counted(0, 5), p: 2 / 252 },
    { one: counted(8, 10), other: counted(1, 6), p: 280 / 8008 },
    { one: counted(0, 0), other: counted(1, 3), p: 1 },
    { one: counted(0, 9), other: counted(0, 7), p: 1 },
  ])('gives $p for $one against $other', ({ one, other, p }) => {
    expect(fisherPValue(one, other)).toBeCloseTo(p, 10);
  });

  it('is a probability, and the same whichever group is first', () => {
    const group = fc.nat({ max: 60 }).chain((of) => fc.nat({ max: of }).map((affected) => counted(affected, of)));
    fc.assert(
      fc.property(group, group, (one, other) => {
        const p = fisherPValue(one, other);
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(fisherPValue(other, one)).toBeCloseTo(p, 9);
      }),
    );
  });
});

describe('the groups that differ', () => {
  const of = (groups: Readonly<Record<string, readonly [number, number]>>) =>
    differingGroups(new Map(Object.entries(groups).map(([name, [affected, all]]) => [name, counted(affected, all)])));

  it('are named where the difference is significant', () => {
    expect(of({ v2: [24, 24], v3: [0, 24] }).named).toEqual(['v2']);
    expect(of({ v1: [0, 24], v2: [10, 24], v3: [11, 24] }).named).toEqual(['v2', 'v3']);
  });

  it('are not named where chance may have done it', () => {
    expect(of({ v2: [3, 29], v3: [0, 29] })).toEqual({ named: [], pValue: expect.closeTo(0.237, 2) });
    expect(of({ v2: [1, 1], v3: [0, 1] }).named).toEqual([]);
    expect(of({ v2: [5, 5], v3: [0, 0] }).named).toEqual([]);
    expect(of({}).named).toEqual([]);
  });

  it('are named by chance no more often than stated, however many groups there are', () => {
    // Every table of three groups of 8 with the same share of 1 in 4, weighed by its probability.
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k);
    const weight = (k: number) => choose(8, k) * 0.25 ** k * 0.75 ** (8 - k);
    let wrong = 0;
    for (let a = 0; a <= 8; a += 1)
      for (let b = 0; b <= 8; b += 1)
        for (let c = 0; c <= 8; c += 1)
          if (of({ a: [a, 8], b: [b, 8], c: [c, 8] }).named.length > 0) wrong += weight(a) * weight(b) * weight(c);
    expect(wrong).toBeLessThanOrEqual(NAMING_ALPHA);
    expect(wrong).toBeGreaterThan(0);
  });
});
