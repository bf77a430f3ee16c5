import type { Chosen } from './plan.ts';
import { budgetOf, isWhole, type Suite } from './suite.ts';

/** A build that is not there yet, with the seconds of its budget that are left. */
export interface BuildLeft {
  readonly id: string;
  readonly leftS: number;
}

export interface Clock {
  /** Since the beginning of everything. */
  readonly nowS: number;
  /** How often the time of its budgets the suites took so far, 1 at least. */
  readonly slowness: number;
  /** In the order in which they are built, one at a time. */
  readonly builds: readonly BuildLeft[];
}

/** When all of it has ended, in seconds since the beginning, by the budgets. */
export function forecast(chosen: readonly Pick<Chosen, 'suite' | 'part'>[], { nowS, slowness, builds }: Clock): number {
  const readyAtS = new Map<string, number>();
  let builtS = nowS;
  for (const { id, leftS } of builds) {
    builtS += leftS;
    readyAtS.set(id, builtS);
  }
  return chosen.reduce(
    (timeS, { suite, part }) => startOf(suite, timeS, readyAtS) + budgetOf(suite, part) * slowness,
    nowS,
  );
}

function startOf({ needs }: Suite, timeS: number, readyAtS: ReadonlyMap<string, number>): number {
  return Math.max(timeS, ...needs.map((id) => readyAtS.get(id) ?? 0));
}

/**
 * What to take of the first of the suites that are left. The rule of the deadline: the whole of a suite of several parts
 * is taken only where, by the budgets, the part of every later suite still fits behind it. Otherwise the suite takes the
 * part whose turn it is, and its other parts are deselected. A suite that yields is left out where its turn does not fit
 * before those of the later suites that do not yield.
 */
export function withinTarget(left: readonly [Chosen, ...Chosen[]], clock: Clock, targetS: number): Chosen {
  const [first, ...later] = left;
  if (first.suite.yields === true) {
    const turns = [first, ...later.filter(({ suite }) => suite.yields !== true)].map(atTurn);
    const endS = forecast(turns, clock);
    if (endS > targetS) {
      const why = `left out for lack of time: with its turn everything would end after ${minutes(endS)}, and ${minutes(targetS)} are the limit`;
      return { ...first, ...atTurn(first), why, isLeftOut: true };
    }
  }
  if (!isWhole(first.part) || isWhole(first.turn)) return first;
  const endS = forecast([first, ...later.map(atTurn)], clock);
  if (endS <= targetS) return first;
  const why = `its turn only, for lack of time: with the whole of it everything would end after ${minutes(endS)}, and ${minutes(targetS)} are the limit. The whole was wanted: ${first.why}`;
  return { ...first, part: first.turn, why, isCut: true };
}

function atTurn({ suite, turn }: Chosen): Pick<Chosen, 'suite' | 'part'> {
  return { suite, part: turn };
}

function minutes(seconds: number): string {
  return `${Math.round(seconds / 60)} min`;
}

/** The parts of the suites that would run, and when they would end, if everything took its budget. */
export function simulate(
  chosen: readonly Chosen[],
  { nowS, builds }: Omit<Clock, 'slowness'>,
  targetS: number | undefined,
): { readonly taken: readonly Chosen[]; readonly endS: number } {
  const taken: Chosen[] = [];
  let timeS = nowS;
  for (let left = [...chosen]; ; left = left.slice(1)) {
    const [next, ...later] = left;
    if (next === undefined) return { taken, endS: timeS };
    const pastS = timeS - nowS;
    const clock = { nowS: timeS, slowness: 1, builds: buildsAfter(builds, pastS) };
    const one = targetS === undefined ? next : withinTarget([next, ...later], clock, targetS);
    taken.push(one);
    if (one.isLeftOut !== true) timeS = forecast([one], clock);
  }
}

/** What is left of the builds after so many seconds. */
function buildsAfter(builds: readonly BuildLeft[], seconds: number): readonly BuildLeft[] {
  let pastS = seconds;
  return builds.map(({ id, leftS }) => {
    const doneS = Math.min(leftS, pastS);
    pastS -= doneS;
    return { id, leftS: leftS - doneS };
  });
}
