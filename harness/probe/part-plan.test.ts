import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ofPart, type PlannedProbe } from '../model/exchange.ts';
import { partPlan } from './part-plan.ts';
import { CONTROLS, makePlan } from './plan.ts';

const withoutPart = ({ part: _, ...probe }: PlannedProbe): PlannedProbe => probe;
const kindOf = ({ purpose, format, variant }: PlannedProbe) => `${purpose} ${format ?? ''} ${variant ?? ''}`;
const plans = fc
  .record({ forcedOn: fc.integer({ min: 1, max: 200 }), undecided: fc.option(fc.integer({ min: 1, max: 60 })) })
  .map(({ forcedOn, undecided }) => makePlan(forcedOn, undecided ?? undefined));
const dealt = plans.chain((plan) =>
  fc.record({ plan: fc.constant(plan), parts: fc.integer({ min: 1, max: plan.length }) }),
);

describe('partPlan', () => {
  it('is the plan itself, in its order, with control probes behind it', () => {
    fc.assert(
      fc.property(dealt, ({ plan, parts }) => {
        const all = partPlan(plan, parts);
        const controls = all.filter(({ control }) => control === true);
        expect(all.filter(({ control }) => control === undefined).map(withoutPart)).toEqual(plan);
        expect(all.slice(plan.length)).toEqual(controls);
      }),
    );
  });

  it('deals each kind equally, and gives each part a share of equal length', () => {
    fc.assert(
      fc.property(dealt, ({ plan, parts }) => {
        const planned = partPlan(plan, parts).filter(({ control }) => control === undefined);
        const sizes = (of: readonly PlannedProbe[]) =>
          Array.from({ length: parts }, (_, index) => ofPart(of, index + 1).length);
        for (const same of [planned, ...Map.groupBy(planned, kindOf).values()]) {
          const counts = sizes(same);
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('ends each part with as many control probes as a whole run has', () => {
    fc.assert(
      fc.property(
        dealt.filter(({ parts }) => parts > 1),
        ({ plan, parts }) => {
          const all = partPlan(plan, parts);
          for (let part = 1; part <= parts; part += 1)
            for (const { purpose, format } of ofPart(all, part).slice(-CONTROLS))
              expect({ purpose, format }).toEqual({ purpose: 'forced-on', format: undefined });
        },
      ),
    );
  });

  it('refuses more parts than there are probes', () => {
    expect(() => partPlan(makePlan(1), 100)).toThrow(/expected 1 to \d+ parts/);
  });
});
