import { type Part, partAt, partText } from '../../fixtures/testing/part.ts';
import type { History } from './git.ts';
import { type Entry, newest } from './record.ts';
import { isWhole, type Suite, WHOLE } from './suite.ts';

/** What CI takes of a suite, and why. */
export interface Chosen {
  readonly suite: Suite;
  readonly part: Part;
  /** Whose turn it is: what is left of the whole where time is short. */
  readonly turn: Part;
  readonly why: string;
  /** It would have been the whole, had there been time. */
  readonly isCut?: true;
  /** There is no time even for its turn: it is not run, and no failure. */
  readonly isLeftOut?: true;
}

/** What is known about earlier runs. `history` is undefined where there is no git history: then everything is whole. */
export interface Known {
  readonly history: History | undefined;
  readonly entries: readonly Entry[];
  /** A commit to compare with, instead of the records. */
  readonly base?: string | undefined;
}

/**
 * Chooses the part of each suite. A suite of several parts takes the one whose turn it is (`git rev-list --count HEAD`
 * mod n). It takes the whole instead where a file of its rooms has changed since the last run on record that
 * covered it, and where no such run is on record: a part is left out only where a record vouches for it.
 */
export function choose(suites: readonly Suite[], { history, entries, base }: Known): readonly Chosen[] {
  const changes = new Map<string, readonly string[]>();
  const changedSince = (known: History, commit: string) => {
    const paths = changes.get(commit) ?? known.changedSince(commit);
    changes.set(commit, paths);
    return paths;
  };
  return suites.map((suite) => {
    const whole = (why: string): Chosen => ({ suite, part: WHOLE, turn, why });
    const turn = partAt(history?.commits ?? 0, suite.parts);
    if (suite.parts === 1) return whole('always the whole');
    if (history === undefined) return whole('no git history here says which part has its turn');
    const covered = newest(
      entries.filter((entry) => entry.suite === suite.id && entry.covers),
      history.mainline,
    );
    const since = base ?? covered?.point.commit;
    if (since === undefined) return whole('no earlier run that covered it is on record');
    const changed = changedSince(history, since).filter((path) => isIn(path, suite.rooms));
    const words = base === undefined ? `${short(since)}, the last run on record that covered it` : short(since);
    if (changed.length > 0) return whole(`${listed(changed)} changed since ${words}`);
    const counted = `commit count ${history.commits}${history.isShallow ? ' (of a shallow clone)' : ''}`;
    return {
      suite,
      part: turn,
      turn,
      why: `its turn: ${counted} mod ${suite.parts}; none of its files changed since ${words}`,
    };
  });
}

/** Everything, whole. */
export function chooseAll(suites: readonly Suite[]): readonly Chosen[] {
  return suites.map((suite) => ({ suite, part: WHOLE, turn: WHOLE, why: 'everything is asked for' }));
}

/** The parts that do not run, in order. */
export function deselected({ suite, part, isLeftOut }: Pick<Chosen, 'suite' | 'part' | 'isLeftOut'>): readonly Part[] {
  const all = Array.from({ length: suite.parts }, (_, index) => ({ index: index + 1, of: suite.parts }));
  if (isLeftOut) return all;
  return all.filter((one) => (isWhole(part) ? !isInWhole(suite, one) : partText(one) !== partText(part)));
}

/** Whether the whole of a suite has the rows of one of its parts. */
export function isInWhole({ partsInWhole }: Suite, part: Part): boolean {
  return partsInWhole?.includes(part.index) ?? true;
}

export function isIn(path: string, rooms: readonly string[]): boolean {
  return rooms.some((room) => {
    if (room.startsWith('*')) return path.endsWith(room.slice(1));
    return room.endsWith('/') ? path.startsWith(room) : path === room;
  });
}

export function short(commit: string): string {
  return commit.slice(0, 7);
}

function listed(paths: readonly string[]): string {
  const [first = '', ...others] = paths;
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}
