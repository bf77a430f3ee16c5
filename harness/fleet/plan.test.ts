import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fleetPlanSchema, partCount, targetsOf, unitsOf } from './plan.ts';

const parse = (plan: object) => fleetPlanSchema.parse({ version: 1, ...plan });

describe('the targets of a plan', () => {
  it('are one for each combination of its lists, by name', () => {
    const plan = parse({
      options: { probes: 60 },
      targets: [
        { name: '{context}/{namespace}', contexts: ['eu', 'us'], namespaces: ['shop', 'pay'], options: { probes: 30 } },
        { name: 'edge', ingresses: ['http://a.example', 'http://b.example:8080'], options: { traces: 'http://t' } },
        { name: 'one', options: { ingress: 'http://c.example', traces: 'http://t' } },
      ],
    });
    expect(targetsOf(plan).map(({ name, options }) => ({ name, options }))).toEqual([
      ...['eu', 'us'].flatMap((context) =>
        ['shop', 'pay'].map((namespace) => ({
          name: `${context}/${namespace}`,
          options: { probes: 30, kube: true, kubeContext: context, kubeApp: namespace },
        })),
      ),
      { name: 'edge/a.example', options: { probes: 60, traces: 'http://t', ingress: 'http://a.example' } },
      { name: 'edge/b.example:8080', options: { probes: 60, traces: 'http://t', ingress: 'http://b.example:8080' } },
      { name: 'one', options: { probes: 60, traces: 'http://t', ingress: 'http://c.example' } },
    ]);
  });

  it('refuse what is not part of a plan', () => {
    for (const wrong of [
      { targets: [] },
      { targets: [{ name: 'a b' }] },
      { targets: [{ name: 'a', parts: 0 }] },
      { targets: [{ name: 'a' }], rates: { default: 0 } },
      { targets: [{ name: 'a', namespace: 'b' }] },
    ])
      expect(fleetPlanSchema.safeParse({ version: 1, ...wrong }).success).toBe(false);
  });
});

it('the number of parts of a plan is known without making them', () => {
  const of = (targets: readonly object[]) => fleetPlanSchema.parse({ version: 1, targets });
  const plan = of([
    { name: 'a', parts: 3 },
    { name: '{context}/{namespace}', parts: 2, contexts: ['x', 'y'], namespaces: ['p', 'q', 'r'] },
  ]);
  expect(partCount(plan)).toBe(unitsOf(plan, 4).units.length);
  expect(partCount(plan)).toBe(15);
});

describe('the units of a plan', () => {
  it('are numbered through all targets and parts', () => {
    const plan = parse({ targets: [{ name: 'a', parts: 2 }, { name: 'b' }] });
    expect(unitsOf(plan, 4).units.map(({ index, target, part }) => ({ index, target, part }))).toEqual([
      { index: 0, target: 'a', part: { index: 1, of: 2 } },
      { index: 1, target: 'a', part: { index: 2, of: 2 } },
      { index: 2, target: 'b', part: { index: 1, of: 1 } },
    ]);
  });

  it('never send more than the budget of their ingress, whichever of them run at the same time', () => {
    const plans = fc.record({
      budget: fc.double({ min: 0.1, max: 1000, noNaN: true }),
      own: fc.option(fc.integer({ min: 1, max: 100 })),
      parts: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 20 }),
      parallel: fc.integer({ min: 1, max: 64 }),
    });
    fc.assert(
      fc.property(plans, ({ budget, own, parts, parallel }) => {
        const plan = parse({
          rates: { 'http://a.example': budget },
          targets: parts.map((many, at) => ({
            name: `t${at}`,
            parts: many,
            options: {
              ingress: at % 3 === 0 ? 'http://b.example' : 'http://a.example/page',
              ...(own !== null && { rate: own }),
            },
          })),
        });
        const { units } = unitsOf(plan, parallel);
        const toA = units.filter(({ options }) => options.ingress === 'http://a.example/page');
        const most = toA
          .map(({ options }) => Number(options.rate))
          .toSorted((a, b) => b - a)
          .slice(0, parallel);
        expect(most.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(budget + 1e-9);
      }),
    );
  });

  it('names the ingress of which the budget is too small for so many processes', () => {
    const plan = parse({
      rates: { default: 0.3 },
      targets: [{ name: 'a', parts: 8, options: { ingress: 'http://a' } }],
    });
    expect(unitsOf(plan, 2).tooSmall).toEqual([]);
    expect(unitsOf(plan, 8).tooSmall).toEqual(['http://a']);
  });
});
