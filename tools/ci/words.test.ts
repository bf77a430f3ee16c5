import { expect, it } from 'vitest';
import { entry, history, suite, whole } from './testing.ts';
import { leftOut, planRows } from './words.ts';

const real = suite('test:real', { parts: 3 });
const told = {
  suites: [suite('test'), real, suite('try'), suite('test:node', { awaited: 'issue 19' })],
  history: history(9),
  entries: [entry('test:real', 6)],
};

it('says of everything that does not run why, and of parts when they last ran', () => {
  expect(leftOut([whole(suite('test')), { ...whole(real), part: { index: 1, of: 3 } }], told)).toEqual([
    'deselected: test:real, part 2 of 3: last ran at c6 on 2026-11-27, with the whole',
    'deselected: test:real, part 3 of 3: last ran at c6 on 2026-11-27, with the whole',
    'not asked for: try',
    'not there yet: test:node comes with issue 19',
  ]);
});

it('says of what was left out for lack of time that it was', () => {
  const cut = { ...whole(real), part: { index: 1, of: 3 }, isCut: true } as const;
  expect(leftOut([cut], { ...told, suites: [real], history: undefined })).toEqual([
    'deselected for lack of time: test:real, part 2 of 3: no git history here',
    'deselected for lack of time: test:real, part 3 of 3: no git history here',
  ]);
});

it('plans with the budget of what is taken', () => {
  const soak = suite('soak', { wholeBudgetS: 400, measuredS: 371, needs: ['real', 'kube'] });
  expect(planRows([whole(soak), { ...whole(real), part: { index: 2, of: 3 }, why: 'its turn' }]).slice(1)).toEqual([
    ['soak', 'whole', '400 s', '371 s', 'real, kube', 'always the whole'],
    ['test:real', '2 of 3', '100 s', '–', '–', 'its turn'],
  ]);
});
