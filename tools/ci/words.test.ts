import { expect, it } from 'vitest';
import { entry, history, suite, whole } from './testing.ts';
import { leftOut, numbersOf, planRows } from './words.ts';

const real = suite('test:real', { parts: 3 });
const told = {
  suites: [suite('test'), real, suite('try'), suite('test:node', { awaited: 'issue 19' })],
  history: history(9),
  entries: [entry('test:real', 6)],
};

it('leftOut gives the reason for each suite that does not run, and the last run of each part', () => {
  expect(leftOut([whole(suite('test')), { ...whole(real), part: { index: 1, of: 3 } }], told)).toEqual([
    'deselected: test:real, parts 2–3 of 3: last ran at c6 on 2026-11-27, with the whole',
    'not asked for: try',
    'not there yet: test:node comes with issue 19',
  ]);
});

it('leftOut names a suite that was cut for lack of time', () => {
  const cut = { ...whole(real), part: { index: 1, of: 3 }, isCut: true } as const;
  expect(leftOut([cut], { ...told, suites: [real], history: undefined })).toEqual([
    'deselected for lack of time: test:real, parts 2–3 of 3: no git history here',
  ]);
});

it('leftOut names every part of a suite that is left out altogether', () => {
  const none = { ...whole(real), part: { index: 1, of: 3 }, isLeftOut: true, why: 'left out' } as const;
  expect(leftOut([none], { ...told, suites: [real], history: undefined })).toEqual([
    'deselected for lack of time: test:real, parts 1–3 of 3: no git history here',
  ]);
  expect(planRows([none])[1]).toEqual(['test:real', 'none', '100 s', '–', '–', 'left out']);
});

it('planRows shows the budget of the chosen part', () => {
  const soak = suite('soak', { wholeBudgetS: 400, measuredS: 371, needs: ['real', 'kube'] });
  expect(planRows([whole(soak), { ...whole(real), part: { index: 2, of: 3 }, why: 'its turn' }]).slice(1)).toEqual([
    ['soak', 'whole', '400 s', '371 s', 'real, kube', 'always the whole'],
    ['test:real', '2 of 3', '100 s', '–', '–', 'its turn'],
  ]);
});

it('leftOut shows the last runs of many parts in a few lines', () => {
  const istio = suite('test:istio', { parts: 12, partsInWhole: [1] });
  const turn = { index: 10, of: 12 };
  const entries = [entry('test:istio', 5), entry('test:istio', 3, { part: '4/12' })];
  const more = { suites: [istio], history: history(9, { broughtBy: () => 'c4' }), entries };
  expect(leftOut([{ ...whole(istio), part: turn, turn }], more)).toEqual([
    'deselected: test:istio, part 1 of 12: last ran at c5 on 2026-11-27, with the whole',
    'deselected: test:istio, parts 2–3, 11–12 of 12: never ran: no turn since c4, where the suite joined',
    'deselected: test:istio, part 4 of 12: last ran at c3 on 2026-11-27',
    'deselected: test:istio, parts 5–9 of 12: no run on record; by the rotation the last turns were 5 at c4, 6 at c5, 7 at c6, 8 at c7, 9 at c8; each ran there if CI ran that commit',
  ]);
  // The whole has the rows of one part only.
  expect(leftOut([whole(istio)], more)[0]).toMatch(/^deselected: test:istio, parts 2–3, 10–12 of 12: /);
});

it.each([
  [[3], 'part 3'],
  [[1, 2, 3, 7, 9, 10], 'parts 1–3, 7, 9–10'],
])('numbersOf(%s) is %s', (numbers, words) => expect(numbersOf(numbers)).toBe(words));
