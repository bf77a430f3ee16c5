import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { partText } from '../../fixtures/testing/part.ts';
import { type Counts, countResults } from '../count.ts';
import type { Builds } from './builds.ts';
import { withinTarget } from './forecast.ts';
import type { Chosen } from './plan.ts';
import type { Processes } from './processes.ts';
import { budgetOf, isWhole, partWords } from './suite.ts';

/** What a suite came to. */
export interface Outcome {
  readonly chosen: Chosen;
  /** Undefined: it was not begun, or left out. */
  readonly seconds?: number;
  readonly counts?: Counts;
  /** Why the suite as such failed, whatever its tests say. */
  readonly failure?: string;
}

export interface RunOptions {
  readonly processes: Processes;
  readonly builds: Builds;
  /** Each suite leaves its results in a folder below. */
  readonly folder: string;
  /** Where the suites' output goes. */
  readonly output: 'inherit' | number;
  say(line: string): void;
  /** Ends what runs; its reason is a text, e.g. `interrupted by SIGINT`. */
  readonly signal: AbortSignal;
  /** Seconds since the beginning of everything. */
  nowS(): number;
  /** When everything should have ended (forecast.ts); undefined: there is no hurry. */
  readonly targetS: number | undefined;
  /** Called after each suite that was begun. */
  ended(outcome: Outcome): void;
}

/** Runs the suites one after the other. Each has exactly one outcome, whatever happens. */
export async function runSuites(chosen: readonly Chosen[], options: RunOptions): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const aborted = new Promise<'aborted'>((resolve) => {
    if (options.signal.aborted) resolve('aborted');
    options.signal.addEventListener('abort', () => resolve('aborted'), { once: true });
  });
  for (let left = [...chosen]; ; left = left.slice(1)) {
    const [next, ...later] = left;
    if (next === undefined) return outcomes;
    const { nowS, targetS, builds } = options;
    const clock = { nowS: nowS(), slowness: slownessOf(outcomes), builds: builds.left() };
    const decided = targetS === undefined ? next : withinTarget([next, ...later], clock, targetS);
    if (decided.isLeftOut) {
      options.say(`\n==== ${decided.suite.title} is ${decided.why}`);
      outcomes.push({ chosen: decided });
      continue;
    }
    const outcome = await runSuite(decided, options, aborted);
    outcomes.push(outcome);
    if (outcome.seconds !== undefined) options.ended(outcome);
    if (outcome.failure !== undefined) options.say(`==== FAILED: ${decided.suite.title}: ${outcome.failure}`);
  }
}

async function runSuite(chosen: Chosen, options: RunOptions, aborted: Promise<'aborted'>): Promise<Outcome> {
  const { suite, part, why } = chosen;
  const { processes, say, signal } = options;
  const notRun = (reason: string): Outcome => ({ chosen, failure: `was not run: ${reason}` });
  for (const id of suite.needs) {
    if (options.builds.left().some((build) => build.id === id)) say(`\n==== ${suite.title} waits for the build ${id}`);
    const built = await Promise.race([options.builds.ended(id), aborted]);
    if (built !== 'aborted' && built.failure !== undefined) return notRun(`its build ${id} failed`);
  }
  if (signal.aborted) return notRun(String(signal.reason));
  const command = [...suite.command, ...(isWhole(part) ? [] : ['--part', partText(part)])];
  say(`\n==== ${suite.title}, ${partWords(part)} (${why}): ${command.join(' ')}`);
  const folder = join(options.folder, suite.id);
  mkdirSync(folder);
  const env = { HOPCHECK_TEST_RESULTS: folder, HOPCHECK_TEST_PART: '' };
  const running = processes.start(command, env, options.output);
  await Promise.race([running.ended, aborted]);
  // What the suite left running ends with it.
  await running.stop();
  const { failure, seconds } = await running.ended;
  say(`==== ${suite.title} took ${seconds.toFixed(0)} s of ${budgetOf(suite, part)} s`);
  const counts = countResults(folder);
  const reason = signal.aborted && failure !== undefined ? `${failure}: ${String(signal.reason)}` : failure;
  return { chosen, seconds, counts, ...(reason !== undefined && { failure: reason }) };
}

/** How often the time of their budgets the suites took so far, 1 at least. */
export function slownessOf(outcomes: readonly Outcome[]): number {
  const sum = (of: (outcome: Outcome) => number) => outcomes.reduce((total, outcome) => total + of(outcome), 0);
  const budgetS = sum(({ chosen: { suite, part }, seconds }) => (seconds === undefined ? 0 : budgetOf(suite, part)));
  return budgetS === 0 ? 1 : Math.max(1, sum(({ seconds }) => seconds ?? 0) / budgetS);
}
