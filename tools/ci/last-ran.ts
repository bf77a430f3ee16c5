import { type Part, partAt, partText } from '../../fixtures/testing/part.ts';
import type { History } from './git.ts';
import { short } from './plan.ts';
import { type Entry, newest } from './record.ts';
import type { Suite } from './suite.ts';

/** The table in which a suite has its row, and so its turns. */
const TABLE = 'tools/suites.ts';
/** How many commits are looked through for a turn. */
const LOOKED_BACK = 200;

/**
 * When a part last ran, in words. A run on record counts first: those of this machine, and that of `npm run check:all` in
 * docs/benchmarks.md. Without one, the arithmetic of the rotation says at which commit the part had its turn since the
 * suite joined the table. That is no proof of a run, because CI runs the last commit of a landing only.
 */
export function lastRan(suite: Suite, part: Part, history: History, entries: readonly Entry[]): string {
  const found = newest(
    entries.filter((entry) => entry.suite === suite.id && ['1/1', partText(part)].includes(entry.part)),
    history.mainline,
  );
  if (found !== undefined) {
    const { entry, point } = found;
    return `last ran at ${short(point.commit)} on ${entry.date}${entry.part === '1/1' ? ', with the whole' : ''}${entry.passed ? '' : ', and failed'}`;
  }
  const joined = history.broughtBy(`title: '${suite.title}'`, TABLE);
  if (joined === undefined) return 'never ran: no commit has the suite yet';
  const before = history.mainline.slice(1, LOOKED_BACK + 1);
  // The oldest commit that has the row had its turn as well.
  const since = before.slice(0, before.findIndex(({ commit }) => commit === joined) + 1 || before.length);
  const isHead = history.mainline[0].commit === joined;
  const turn = isHead
    ? undefined
    : since.find(({ commit }) => partAt(history.commitsAt(commit), part.of).index === part.index);
  if (turn !== undefined)
    return `no run on record; by the rotation its turn was at ${short(turn.commit)}, where CI ran it if it ran that commit`;
  return `never ran: no run on record, and no turn since ${short(joined)}, where the suite joined`;
}
