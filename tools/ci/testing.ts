import type { History, Point } from './git.ts';
import type { Chosen } from './plan.ts';
import type { Entry } from './record.ts';
import { type Suite, WHOLE } from './suite.ts';

// What the tests of CI's parts are set up with.

export function suite(id: string, more: Partial<Suite> = {}): Suite {
  const command = ['true'];
  return { id, title: id, command, parts: 1, budgetS: 100, wholeBudgetS: 100, rooms: [], needs: [], ...more };
}

export function whole(one: Suite): Chosen {
  return { suite: one, part: WHOLE, turn: { index: 1, of: one.parts }, why: 'always the whole' };
}

/** A history of so many commits, `c5` after `c4`, with trees `t5` and `t4`. */
export function history(commits: number, more: Partial<History> = {}): History {
  const points = Array.from({ length: commits }, (_, index): Point => {
    const number = commits - index;
    return { commit: `c${number}`, tree: `t${number}`, date: '2026-11-27' };
  });
  const [head, ...before] = points;
  if (head === undefined) throw new Error('a history has a commit at least');
  return {
    commits,
    isShallow: false,
    isClean: true,
    mainline: [head, ...before],
    commitsAt: (commit) => Number(commit.slice(1)),
    changedSince: () => [],
    resolve: (name) => name,
    broughtBy: () => 'c1',
    ...more,
  };
}

export function entry(suiteId: string, number: number, more: Partial<Entry> = {}): Entry {
  const of = { suite: suiteId, part: '1/1', commit: `c${number}`, tree: `t${number}` };
  return { ...of, date: '2026-11-27', passed: true, covers: true, ...more };
}
