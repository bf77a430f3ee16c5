import { expect, it } from 'vitest';
import type { Suite } from './ci/suite.ts';
import { suiteTable } from './suite-table.ts';

const suite: Suite = {
  id: 'x',
  title: 'x',
  command: ['npm', 'run', '--silent', 'x', '--'],
  parts: 3,
  budgetS: 100,
  wholeBudgetS: 300,
  rooms: [],
  needs: ['b'],
};
const build = { id: 'b', command: [], budgetS: 420 };

it('shows the command, its duration and the builds that come first', () => {
  const rows = suiteTable([suite, { ...suite, parts: 1, measuredS: 29, needs: [] }], [build])
    .split('\n')
    .slice(2);
  expect(rows).toEqual([
    '| `npm run x` | at most 5 min | `-- --part 1/3` | b (7 min at most) |',
    '| `npm run x` | 29 s | – | nothing |',
  ]);
});

it('leaves out a suite that does not exist yet', () => {
  expect(suiteTable([{ ...suite, awaited: 'issue 1' }], [build]).split('\n')).toHaveLength(2);
  expect(suiteTable()).toContain('| `npm test` |');
});
