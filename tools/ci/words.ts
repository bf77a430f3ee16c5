import type { History } from './git.ts';
import { type LastRan, lastRan } from './last-ran.ts';
import { type Chosen, deselected, short } from './plan.ts';
import type { Entry } from './record.ts';
import { budgetOf, partWords, type Suite } from './suite.ts';

/** What does not run: parts that do not have their turn, suites that were not asked for, and those to come. */
export function leftOut(
  taken: readonly Chosen[],
  { suites, history, entries }: { suites: readonly Suite[]; history: History | undefined; entries: readonly Entry[] },
): readonly string[] {
  return suites.flatMap((suite) => {
    if (suite.awaited !== undefined) return `not there yet: ${suite.title} comes with ${suite.awaited}`;
    const chosen = taken.find((one) => one.suite.id === suite.id);
    if (chosen === undefined) return `not asked for: ${suite.title}`;
    const why = chosen.isCut || chosen.isLeftOut ? 'deselected for lack of time' : 'deselected';
    const parts = deselected(chosen).map((part): PartLeftOut => {
      if (history === undefined) return { index: part.index, how: 'never', words: 'no git history here' };
      return { index: part.index, ...lastRan(suite, part, history, entries) };
    });
    return byWords(parts).map(([numbers, words]) => `${why}: ${suite.title}, ${numbers} of ${suite.parts}: ${words}`);
  });
}

type PartLeftOut = LastRan & { readonly index: number };

/** One line per statement, with the parts that it is about. */
function byWords(parts: readonly PartLeftOut[]): readonly (readonly [numbers: string, words: string])[] {
  const said = new Map<string, PartLeftOut[]>();
  for (const part of parts) {
    const words = part.how === 'turn' ? 'turn' : part.words;
    said.set(words, [...(said.get(words) ?? []), part]);
  }
  return [...said].map(([words, ours]) => {
    const turns = ours.flatMap((part) => (part.how === 'turn' ? `${part.index} at ${short(part.commit)}` : []));
    const derived = `no run on record; by the rotation the last turns were ${turns.join(', ')}; each ran there if CI ran that commit`;
    return [numbersOf(ours.map(({ index }) => index)), turns.length > 0 ? derived : words];
  });
}

/** `part 3`, or `parts 1–3, 7` of numbers in order. */
export function numbersOf(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last?.[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  const words = ranges.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`));
  return `part${numbers.length === 1 ? '' : 's'} ${words.join(', ')}`;
}

/** One row per suite: what is taken of it, for how long, what the whole last took, after which builds, and why. */
export function planRows(taken: readonly Chosen[]): readonly (readonly string[])[] {
  return [
    ['suite', 'part', 'budget', 'whole measured', 'builds', 'why'],
    ...taken.map(({ suite, part, why, isLeftOut }) => [
      suite.title,
      isLeftOut ? 'none' : partWords(part),
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
