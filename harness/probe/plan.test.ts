import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTEXT_FORMATS, PROBE_VARIANTS } from '../model/exchange.ts';
import { makePlan } from './plan.ts';

describe('makePlan', () => {
  it('sends 60 forced-on probes, ten of each other kind, and two of each format by default', () => {
    const plan = makePlan(60);
    const count = (purpose: string) =>
      plan.filter((probe) => probe.purpose === purpose && probe.format === undefined).length;
    expect({ forcedOn: count('forced-on'), forcedOff: count('forced-off'), undecided: count('undecided') }).toEqual({
      forcedOn: 60,
      forcedOff: 10,
      undecided: 10,
    });
    expect(plan.flatMap(({ format }) => format ?? [])).toEqual(CONTEXT_FORMATS.flatMap((format) => [format, format]));
    expect(new Set(plan.flatMap(({ variant }) => variant ?? []))).toEqual(new Set(PROBE_VARIANTS));
  });

  it('sends the given number of undecided probes, spread over the run, and a control after the last', () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 3000 }));
    fc.assert(
      fc.property(sizes, ([forcedOn, undecided]) => {
        const plan = makePlan(forcedOn, undecided);
        const count = (purpose: string) => plan.filter((probe) => probe.purpose === purpose).length;
        expect(count('undecided')).toBe(undecided);
        const usual = (purpose: string) => makePlan(forcedOn).filter((probe) => probe.purpose === purpose).length;
        expect({ forcedOn: count('forced-on'), forcedOff: count('forced-off') }).toEqual({
          forcedOn: usual('forced-on'),
          forcedOff: usual('forced-off'),
        });
        expect(plan.at(-1)?.purpose).toBe('forced-on');
      }),
    );
    // No long stretch of one kind: the decision of a mesh that changes during the run shows.
    const longest =
      makePlan(60, 140)
        .map(({ purpose }) => purpose[0])
        .join('')
        .match(/u+/g) ?? [];
    expect(Math.max(...longest.map((run) => run.length))).toBeLessThanOrEqual(4);
  });

  it('sends the given number of forced-on probes, some of each other kind, and a control after the last', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), (forcedOn) => {
        const plan = makePlan(forcedOn);
        expect(plan.filter(({ purpose, format }) => purpose === 'forced-on' && format === undefined)).toHaveLength(
          forcedOn,
        );
        expect(plan.some(({ purpose }) => purpose === 'forced-off')).toBe(true);
        expect(plan.some(({ purpose }) => purpose === 'undecided')).toBe(true);
        expect(plan.at(-1)?.purpose).toBe('forced-on');
      }),
    );
  });
});
