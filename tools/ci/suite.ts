import type { Part } from '../../fixtures/testing/part.ts';

/** A build: minutes the first time, and nothing once it lies in the cache. */
export interface Build {
  readonly id: string;
  /** Does nothing when everything is there already. */
  readonly command: readonly string[];
  /** Seconds from an empty cache, beside the suites that run meanwhile. */
  readonly budgetS: number;
  /** The issue that brings the command; until then the build is a place in the table. */
  readonly awaited?: string;
}

/** One row of the budget table (tools/suites.ts). */
export interface Suite {
  readonly id: string;
  /** As people call it, e.g. `test:real`. */
  readonly title: string;
  /** A suite of several parts takes `--part i/n` behind it, without it everything. */
  readonly command: readonly string[];
  /** CI takes one of so many parts; 1: always the whole. */
  readonly parts: number;
  /** The numbers of the parts whose rows the whole has too; default: all. */
  readonly partsInWhole?: readonly number[];
  /** Seconds for one part, on two cores. Also the time that the deadline counts with. */
  readonly budgetS: number;
  /** Seconds for the whole. */
  readonly wholeBudgetS: number;
  /** Seconds that the whole took when it was last measured, on two cores otherwise idle. */
  readonly measuredS?: number;
  /** Its own rooms: a change in one makes CI take the whole. A folder, a file, or `*` and the end of a path. */
  readonly rooms: readonly string[];
  /** Where time is short, its turn goes first, so that the suites behind it have theirs: it is left out of this run. */
  readonly yields?: true;
  /** Ids of builds. */
  readonly needs: readonly string[];
  /** The issue that brings the command; until then the suite is a place in the table. */
  readonly awaited?: string;
}

export const WHOLE: Part = { index: 1, of: 1 };

export function isWhole({ of }: Part): boolean {
  return of === 1;
}

/** `whole` or `2 of 3`. */
export function partWords(part: Part): string {
  return isWhole(part) ? 'whole' : `${part.index} of ${part.of}`;
}

export function budgetOf(suite: Suite, part: Part): number {
  return isWhole(part) ? suite.wholeBudgetS : suite.budgetS;
}

/** The npm script that a command runs: `test` of `npm test`, `test:real` of `npm run --silent test:real --`. */
export function scriptOf(command: readonly string[]): string | undefined {
  const [npm, ...words] = command.filter((word) => word !== 'run' && !word.startsWith('-'));
  return npm === 'npm' ? words[0] : undefined;
}
