import type { History } from './git.ts';
import { lastRan } from './last-ran.ts';
import { type Chosen, deselected } from './plan.ts';
import type { Entry } from './record.ts';
import { budgetOf, partWords, type Suite } from './suite.ts';

/** What does not run, a line each: parts that have not their turn, suites that were not asked for, and those to come. */
export function leftOut(
  taken: readonly Chosen[],
  { suites, history, entries }: { suites: readonly Suite[]; history: History | undefined; entries: readonly Entry[] },
): readonly string[] {
  return suites.flatMap((suite) => {
    if (suite.awaited !== undefined) return `not there yet: ${suite.title} comes with ${suite.awaited}`;
    const chosen = taken.find((one) => one.suite.id === suite.id);
    if (chosen === undefined) return `not asked for: ${suite.title}`;
    return deselected(chosen).map((part) => {
      const last = history === undefined ? 'no git history here' : lastRan(suite, part, history, entries);
      const why = chosen.isCut ? 'deselected for lack of time' : 'deselected';
      return `${why}: ${suite.title}, part ${partWords(part)}: ${last}`;
    });
  });
}

/** A row a suite: what is taken of it, for how long, what the whole last took, after which builds, and why. */
export function planRows(taken: readonly Chosen[]): readonly (readonly string[])[] {
  return [
    ['suite', 'part', 'budget', 'whole measured', 'builds', 'why'],
    ...taken.map(({ suite, part, why }) => [
      suite.title,
      partWords(part),
      `${budgetOf(suite, part)} s`,
      suite.measuredS === undefined ? '–' : `${suite.measuredS} s`,
      suite.needs.join(', ') || '–',
      why,
    ]),
  ];
}

export function minutes(seconds: number): string {
  return `${(seconds / 60).toFixed(0)} min`;
}
