import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialInterval } from './interval.ts';
import { STAGE_CONFIDENCE, testLimit } from './limit-test.ts';

describe('testLimit', () => {
  it.each([
    { affected: 4, of: 74, decision: 'above' },
    { affected: 3, of: 74, decision: 'undecided' },
    { affected: 1, of: 60, decision: 'undecided' },
    { affected: 1, of: 600, decision: 'below' },
    { affected: 60, of: 60, decision: 'above' },
  ] as const)('has $affected of $of $decision for a limit of 1 %', ({ affected, of, decision }) => {
    expect(testLimit(affected, of, 0.01).decision).toBe(decision);
  });

  it('uses the exact interval', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.nat(),
        fc.double({ min: 0.001, max: 0.999 }),
        (of, any, limit) => {
          const affected = any % (of + 1);
          const { low, high, decision } = testLimit(affected, of, limit);
          const interval = binomialInterval(affected, of);
          expect({ low, high }).toEqual({
            low: expect.closeTo(interval.low, 9),
            high: expect.closeTo(interval.high, 9),
          });
          expect(decision).toBe(low > limit ? 'above' : high < limit ? 'below' : 'undecided');
        },
      ),
    );
  });

  it('says how many of the same share would decide, and one fewer would not', () => {
    const { needed = 0 } = testLimit(2, 50, 0.01);
    const decides = (of: number) => testLimit((2 / 50) * of, of, 0.01).decision !== 'undecided';
    expect(needed).toBeGreaterThan(50);
    expect([decides(needed - 1), decides(needed)]).toEqual([false, true]);
  });

  it('has no such number where the share is the limit itself', () => {
    expect(testLimit(1, 100, 0.01)).toMatchObject({ decision: 'undecided' });
    expect(testLimit(1, 100, 0.01)).not.toHaveProperty('needed');
  });

  it('asks more of each of two stages', () => {
    expect(testLimit(4, 74, 0.01, STAGE_CONFIDENCE).low).toBeLessThan(testLimit(4, 74, 0.01).low);
  });
});
