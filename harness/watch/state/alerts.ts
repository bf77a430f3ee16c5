import type { WatchAlert, WatchedRun, WatchSign } from '../../model/watch.ts';
import type { History } from './history.ts';

/** An alert begins when `runs` of the last `of` runs agree, and ends when fewer do. */
export interface Agreement {
  readonly runs: number;
  readonly of: number;
}

/** Alerts that a watch has at most; a mesh with more has one that says it all. */
const MOST_ALERTS = 50;

/**
 * What enough of the last runs agree on. A run that could not decide says nothing about a finding, and so it neither
 * makes nor ends such an alert: those are counted over the last runs that passed or failed. That runs cannot decide is
 * an alert as well, counted over all.
 */
export function alertsOf(
  { runs, decided }: Pick<History, 'runs' | 'decided'>,
  { runs: enough, of }: Agreement,
): readonly WatchAlert[] {
  const undecided = counted(runs, of).filter(({ code }) => code === 'inconclusive');
  return [...undecided, ...counted(decided, of)]
    .filter((alert) => alert.runs >= enough)
    .toSorted((a, b) => b.runs - a.runs || compare(signKey(a), signKey(b)))
    .slice(0, MOST_ALERTS);
}

function counted(runs: readonly WatchedRun[], of: number): readonly WatchAlert[] {
  const signs = runs.slice(-of).flatMap((run) => [...new Map(run.signs.map((sign) => [signKey(sign), sign])).values()]);
  return [...Map.groupBy(signs, signKey).values()].flatMap(([first, ...rest]) =>
    first === undefined ? [] : [{ ...first, runs: rest.length + 1, of }],
  );
}

export function signKey({ code, subject }: WatchSign): string {
  return `${code} ${subject}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
