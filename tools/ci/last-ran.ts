import { type Part, partAt, partText } from '../../fixtures/testing/part.ts';
import type { History } from './git.ts';
import { isInWhole, short } from './plan.ts';
import { type Entry, newest } from './record.ts';
import { type Suite, scriptOf } from './suite.ts';

/** How many commits are looked through for a turn. */
const LOOKED_BACK = 200;

/** When a part last ran, as far as anything here says so. */
export type LastRan =
  /** A run is on record. */
  | { readonly how: 'ran'; readonly words: string }
  /** The part had its turn at this commit: it ran there if CI ran that commit. */
  | { readonly how: 'turn'; readonly commit: string }
  | { readonly how: 'never'; readonly words: string };

/**
 * When a part last ran. A run on record counts first: those of this machine, and that of `npm run check:all` in
 * docs/benchmarks.md. Without one, the arithmetic of the rotation says at which commit the part had its turn since there
 * are both the suite's row and its script. That does not prove a run, because CI runs the last commit of a landing
 * only.
 */
export function lastRan(suite: Suite, part: Part, history: History, entries: readonly Entry[]): LastRan {
  const texts = [partText(part), ...(isInWhole(suite, part) ? ['1/1'] : [])];
  const found = newest(
    entries.filter((entry) => entry.suite === suite.id && texts.includes(entry.part)),
    history.mainline,
  );
  if (found !== undefined) {
    const { entry, point } = found;
    const how = `${entry.part === '1/1' ? ', with the whole' : ''}${entry.passed ? '' : ', and failed'}`;
    return { how: 'ran', words: `last ran at ${short(point.commit)} on ${entry.date}${how}` };
  }
  const since = sinceJoined(suite, history);
  const joined = since.at(-1);
  if (joined === undefined) return { how: 'never', words: 'never ran: no commit has the suite yet' };
  // HEAD has another turn, or else the part would not be asked for.
  const turn = since
    .slice(1, LOOKED_BACK + 1)
    .find(({ commit }) => partAt(history.commitsAt(commit), part.of).index === part.index);
  if (turn !== undefined) return { how: 'turn', commit: turn.commit };
  return { how: 'never', words: `never ran: no turn since ${short(joined.commit)}, where the suite joined` };
}

/** HEAD and the commits before it, back to the one that had the row and the script first; empty: none has. */
function sinceJoined(suite: Suite, { mainline, broughtBy }: History): History['mainline'][number][] {
  const brought = [
    broughtBy(`title: '${suite.title}'`, 'tools/suites.ts'),
    broughtBy(`"${scriptOf(suite.command)}":`, 'package.json'),
  ].map((commit) => mainline.findIndex((point) => point.commit === commit));
  return brought.includes(-1) ? [] : mainline.slice(0, Math.min(...brought) + 1);
}
