import { describe, expect, it } from 'vitest';
import { forecast, simulate, withinTarget } from './forecast.ts';
import { suite, whole } from './testing.ts';

const idle = { nowS: 0, slowness: 1, builds: [] };
const test = whole(suite('test', { budgetS: 300, wholeBudgetS: 300 }));
const real = whole(suite('real', { parts: 3, budgetS: 400, wholeBudgetS: 900, needs: ['real'] }));
const kube = whole(suite('kube', { parts: 2, budgetS: 200, wholeBudgetS: 400, needs: ['kube', 'real'] }));
const builds = [
  { id: 'real', leftS: 500 },
  { id: 'kube', leftS: 1000 },
];

describe('forecast', () => {
  it('adds up the budgets from now on', () => {
    expect(forecast([test, real], { ...idle, nowS: 60 })).toBe(60 + 300 + 900);
    expect(forecast([{ ...real, part: real.turn }], idle)).toBe(400);
    expect(forecast([], { ...idle, nowS: 60 })).toBe(60);
  });

  it('waits for builds, which come one after the other', () => {
    expect(forecast([test, real, kube], { ...idle, builds })).toBe(1500 + 400);
    expect(forecast([test, real, kube], { ...idle, builds: [builds[0]!] })).toBe(500 + 900 + 400);
  });

  it('multiplies by the slowness of the machine', () => {
    expect(forecast([test, real], { ...idle, slowness: 1.5 })).toBe(1800);
  });
});

describe('withinTarget', () => {
  it('takes the whole where the parts of all later suites still fit behind it', () => {
    expect(withinTarget([real, kube], idle, 1100)).toBe(real);
  });

  it('takes a part only where they do not fit, and gives the reason', () => {
    expect(withinTarget([real, kube], idle, 1099)).toMatchObject({
      part: { index: 1, of: 3 },
      isCut: true,
      why: 'its turn only, for lack of time: with the whole of it everything would end after 18 min, and 18 min are the limit. The whole was wanted: always the whole',
    });
    expect(withinTarget([real], { ...idle, slowness: 2 }, 1799).isCut).toBe(true);
  });

  it('never cuts a suite of one part, or a part', () => {
    expect(withinTarget([test, real], idle, 1)).toBe(test);
    const turn = { ...real, part: real.turn };
    expect(withinTarget([turn], idle, 1)).toBe(turn);
  });
});

describe('a suite that yields', () => {
  const node = whole(suite('node', { parts: 5, budgetS: 100, wholeBudgetS: 500, yields: true }));

  it('runs where its turn fits before those of the suites behind it', () => {
    expect(withinTarget([node, kube], idle, 300)).toMatchObject({ part: { index: 1, of: 5 }, isCut: true });
  });

  it('is left out where it does not, and gives the reason', () => {
    expect(withinTarget([node, kube], idle, 299)).toMatchObject({
      isLeftOut: true,
      why: 'left out for lack of time: with its turn everything would end after 5 min, and 5 min are the limit',
    });
  });

  it('makes way for those that do not yield only', () => {
    expect(withinTarget([node, { ...kube, suite: { ...kube.suite, yields: true } }], idle, 100).isLeftOut).toBe(
      undefined,
    );
  });

  it('takes no time in the forecast', () => {
    const { taken, endS } = simulate([test, node, kube], { nowS: 0, builds: [] }, 500);
    expect(taken.map(({ isLeftOut }) => isLeftOut)).toEqual([undefined, true, undefined]);
    expect(endS).toBe(500);
  });
});

describe('simulate', () => {
  it('decides suite by suite, with the builds going on beside them', () => {
    const { taken, endS } = simulate([test, real, kube], { nowS: 60, builds }, 1900);
    // The whole of real would end at 1460, before the build of kube at 1560; the whole of kube ends after 1900.
    expect(taken.map(({ isCut }) => isCut)).toEqual([undefined, undefined, true]);
    expect(endS).toBe(1560 + 200);
  });

  it('cuts nothing where the time is enough', () => {
    const { taken, endS } = simulate([test, real, kube], { nowS: 0, builds: [] }, undefined);
    expect(taken).toEqual([test, real, kube]);
    expect(endS).toBe(1600);
  });
});
