import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { risePower, risePValue, type Tally } from './fisher-rise.ts';

const tally = (affected: number, of: number): Tally => ({ affected, of });

describe('the one-sided exact test of Fisher', () => {
  it.each([
    // The lady who tastes tea: all four right is 1/70, three or more is 17/70.
    { before: tally(0, 4), now: tally(4, 4), p: 1 / 70 },
    { before: tally(1, 4), now: tally(3, 4), p: 17 / 70 },
    { before: tally(3, 4), now: tally(1, 4), p: 69 / 70 },
    { before: tally(0, 0), now: tally(3, 3), p: 1 },
    { before: tally(2, 9), now: tally(0, 0), p: 1 },
    { before: tally(0, 9), now: tally(0, 9), p: 1 },
    { before: tally(9, 2), now: tally(5, 9), p: 1 },
  ])('gives $p for $now after $before', ({ before, now, p }) => {
    expect(risePValue(before, now)).toBeCloseTo(p, 10);
  });

  it('is a probability that falls as more are affected', () => {
    const group = fc.nat({ max: 60 }).chain((of) => fc.nat({ max: of }).map((affected) => tally(affected, of)));
    fc.assert(
      fc.property(group, group, (before, now) => {
        const p = risePValue(before, now);
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThanOrEqual(1);
        if (now.affected < now.of)
          expect(risePValue(before, { ...now, affected: now.affected + 1 })).toBeLessThanOrEqual(p + 1e-9);
      }),
    );
  });

  it('keeps its level for equal shares, summed over all counts', () => {
    for (const share of [0.02, 0.2, 0.5, 0.9])
      expect(risePower({ of: 50, share }, { of: 50, share }, 0.01)).toBeLessThanOrEqual(0.01);
  });
});
