import { existsSync, globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DETECTION_TABLE } from '../fixtures/expected/detection-table.ts';
import { FAULT_TABLE } from '../fixtures/expected/fault-table.ts';
import { inPart, partAt } from '../fixtures/testing/part.ts';
import { buildsFor } from './ci/builds.ts';
import { simulate } from './ci/forecast.ts';
import { type Chosen, chooseAll, deselected } from './ci/plan.ts';
import { type Suite, scriptOf, WHOLE } from './ci/suite.ts';
import { kubeFiles, nodeFiles } from './kube-files.ts';
import { BUILDS, INSTALL_S, SUITES, TARGET_S } from './suites.ts';

const root = resolve(import.meta.dirname, '..');
const { scripts } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
const there = SUITES.filter(({ awaited }) => awaited === undefined);
const partsOf = ({ parts }: Suite) => Array.from({ length: parts }, (_, index) => ({ index: index + 1, of: parts }));
const inTurn = (suites: readonly Suite[]): Chosen[] =>
  suites.map((suite) => {
    const turn = partAt(0, suite.parts);
    return { suite, part: turn, turn, why: '' };
  });
const building = (suites: readonly Suite[]) =>
  buildsFor(suites, BUILDS).map(({ id, budgetS }) => ({ id, leftS: budgetS }));

describe('the table of suites', () => {
  it('names each suite and each build once', () => {
    for (const ids of [SUITES.map(({ id }) => id), SUITES.map(({ title }) => title), BUILDS.map(({ id }) => id)])
      expect(new Set(ids).size).toBe(ids.length);
  });

  it('holds `npm test` and `npm run try` first, always whole', () => {
    expect(SUITES.slice(0, 2).map(({ title, parts }) => [title, parts])).toEqual([
      ['npm test', 1],
      ['npm run try', 1],
    ]);
    expect(readFileSync(resolve(root, '.ci/run'), 'utf8')).toContain('npm test');
  });

  it.each([...SUITES, ...BUILDS])('lists $id with a script of package.json, or awaits the script', (row) => {
    const isThere = (scriptOf(row.command) ?? '') in scripts;
    expect(isThere, 'remove `awaited` once the script is there').toBe(row.awaited === undefined);
  });

  it('has every test script of package.json', () => {
    const tests = Object.keys(scripts).filter((name) => name === 'test' || name.startsWith('test:'));
    expect(there.map(({ command }) => scriptOf(command))).toEqual(expect.arrayContaining(tests));
  });

  it('runs suites without a build first, and awaits the build of an awaited suite', () => {
    const needs = SUITES.map((suite) => suite.needs.length > 0);
    expect(needs).toEqual(needs.toSorted((a, b) => Number(a) - Number(b)));
    for (const suite of there)
      for (const build of buildsFor([suite], BUILDS)) expect(build.awaited, suite.id).toBeUndefined();
  });

  it('gives suites of several parts their own rooms, and a part less time than the whole', () => {
    for (const { id, parts, rooms, budgetS, wholeBudgetS, command } of SUITES) {
      if (parts === 1) expect({ rooms, budgetS }, id).toEqual({ rooms: [], budgetS: wholeBudgetS });
      else {
        expect(rooms.length, id).toBeGreaterThan(0);
        expect(budgetS, id).toBeLessThan(wholeBudgetS);
        // What follows reaches the script, not npm.
        expect(command, id).toContain('--');
      }
    }
  });

  it('names rooms that exist', () => {
    const isThere = (room: string) =>
      room.startsWith('*')
        ? globSync(`{deploy,fixtures,harness,specs}/**/${room}`, { cwd: root }).length > 0
        : existsSync(resolve(root, room));
    for (const { id, rooms } of there)
      expect(
        rooms.filter((room) => !isThere(room)),
        id,
      ).toEqual([]);
  });
});

describe('the budget', () => {
  it('fits into 60 minutes with every build in the cache, and into 75 from nothing', () => {
    const suites = SUITES.filter(({ id, awaited }) => awaited === undefined || id === 'istio');
    const end = (builds: ReturnType<typeof building>) =>
      simulate(inTurn(suites), { nowS: INSTALL_S, builds }, TARGET_S).endS;
    expect(end([])).toBeLessThanOrEqual(60 * 60);
    expect(end(building(suites))).toBeLessThanOrEqual(TARGET_S);
  });

  it('fits into 75 minutes from nothing even where every suite runs whole, awaited ones included', () => {
    const whole = chooseAll(SUITES).map((one) => ({ ...one, turn: partAt(0, one.suite.parts) }));
    const { taken, endS } = simulate(whole, { nowS: INSTALL_S, builds: building(SUITES) }, TARGET_S);
    expect(endS).toBeLessThanOrEqual(TARGET_S);
    expect(taken.filter(({ isCut }) => isCut).length).toBeGreaterThan(0);
  });
});

describe('the parts of the suites', () => {
  const suite = (id: string) => SUITES.find((one) => one.id === id)!;
  it.each([
    { id: 'real', what: 'rows of the detection matrix', rows: DETECTION_TABLE },
    { id: 'real', what: 'rows of the fault table', rows: FAULT_TABLE },
    { id: 'kube', what: 'files', rows: kubeFiles() },
    { id: 'node', what: 'files', rows: nodeFiles() },
  ] as { id: string; what: string; rows: readonly unknown[] }[])(
    'are not empty in $id, and together they are all $what',
    ({ id, rows }) => {
      const parts = partsOf(suite(id)).map((part) => inPart(rows, part));
      expect(parts.every((part) => part.length > 0)).toBe(true);
      expect(parts.flat()).toHaveLength(rows.length);
      expect(new Set(parts.flat())).toEqual(new Set(rows));
    },
  );

  it('are all deselected but the chosen one', () => {
    const real = suite('real');
    for (const part of partsOf(real))
      expect([part, ...deselected({ suite: real, part })].map(({ index }) => index).toSorted()).toEqual([1, 2, 3]);
    expect(deselected({ suite: real, part: WHOLE })).toEqual([]);
  });
});
