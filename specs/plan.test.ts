import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makePlan } from './plan.ts';

describe('makePlan', () => {
  it('sends 60 forced-on probes and five of each other kind by default', () => {
    const plan = makePlan(60);
    const count = (purpose: string) => plan.filter((probe) => probe.purpose === purpose).length;
    expect([count('forced-on'), count('forced-off'), count('undecided')]).toEqual([60, 5, 5]);
  });

  it('has the forced-on probes asked for, some of each other kind, and a control after the last of them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), (forcedOn) => {
        const plan = makePlan(forcedOn);
        expect(plan.filter(({ purpose }) => purpose === 'forced-on')).toHaveLength(forcedOn);
        expect(plan.some(({ purpose }) => purpose === 'forced-off')).toBe(true);
        expect(plan.some(({ purpose }) => purpose === 'undecided')).toBe(true);
        expect(plan.at(-1)?.purpose).toBe('forced-on');
      }),
    );
  });
});
