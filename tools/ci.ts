import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { cacheFolder } from '../fixtures/install/cache.ts';
import { partText } from '../fixtures/testing/part.ts';
import { withWholeRun } from './ci/benchmarks.ts';
import { type Built, buildsFor } from './ci/builds.ts';
import { type Closing, close, markdownTable, rowsOf, textTable } from './ci/closing.ts';
import { simulate } from './ci/forecast.ts';
import { type History, readHistory } from './ci/git.ts';
import { type CiOptions, CiUsageError, readOptions } from './ci/options.ts';
import { type Chosen, choose, chooseAll } from './ci/plan.ts';
import { addEntry, entriesOfCheckAll, readEntries } from './ci/record.ts';
import type { Outcome } from './ci/run.ts';
import { runSession } from './ci/session.ts';
import { isWhole } from './ci/suite.ts';
import { leftOut, minutes, planRows } from './ci/words.ts';
import { BUILDS, HARD_LIMIT_S, INSTALL_S, SUITES, TARGET_S } from './suites.ts';

// What `.ci/run` runs once the dependencies are installed, and `npm run check:all`. The table of suites is tools/suites.ts.
//
//   node tools/ci.ts              what CI takes of this commit
//   node tools/ci.ts --plan       says what that is, and why, and runs nothing
//   node tools/ci.ts --only a,b   only these suites
//   node tools/ci.ts --base REF   compares rooms with this commit, not with the runs on record
//   npm run check:all             everything, whole, without a deadline; with `-- --write` the figures of a green run go
//                                 into docs/benchmarks.md
//
// Parts. A suite of n parts takes one per commit: `git rev-list --count HEAD` mod n. It runs whole where a file of its
// rooms has changed since the last run on record that covered the suite, and where no run is on record. On record are
// the runs on this machine (ci.jsonl in the cache folder) and the check:all of docs/benchmarks.md; both name the tree
// of a commit, which survives a rebase. Uncommitted changes count as changes, and leave no record.
//
// Builds start at once, in the order in which suites need them, one at a time, at the lowest priority. Suites that need
// none come first in the table.
//
// The deadline. A suite that would run whole takes only its turn where the rest would not end within 75 minutes
// (ci/forecast.ts). A suite that still runs after 88 minutes is ended and is red. check:all has no deadline.
//
// The end of the log: the table of budgets, what failed, what was skipped (with its reason), what was deselected (with the
// commit at which it last ran, ci/last-ran.ts), and `N passed, N failed, N skipped`, counted from the runs.

const root = resolve(import.meta.dirname, '..');
const BENCHMARKS = join(root, 'docs/benchmarks.md');
const RECORD = join(cacheFolder(), 'ci.jsonl');
/** `.ci/run` says when it began, since installing counts too. */
const startedAtMs = Number(process.env.HOPCHECK_CI_STARTED || Date.now() / 1000) * 1000;
const nowS = () => (Date.now() - startedAtMs) / 1000;
const say = (line: string) => console.log(line);

const there = SUITES.filter((suite) => suite.awaited === undefined);

const knowledge = (): { readonly history: History | undefined; readonly unreadable?: string } => {
  try {
    return { history: readHistory(root) };
  } catch (error) {
    return { history: undefined, unreadable: (error as Error).message.trim() };
  }
};

async function main(options: CiOptions): Promise<number> {
  const { history, unreadable } = knowledge();
  if (unreadable !== undefined) say(`git cannot read the history here, so that everything runs whole: ${unreadable}`);
  if (options.write && history?.isClean !== true)
    throw new CiUsageError(
      '--write: expected a checkout without uncommitted changes, because the figures name its commit',
    );
  const entries = [...entriesOfCheckAll(readFileSync(BENCHMARKS, 'utf8')), ...readEntries(RECORD)];
  const asked = there.filter(({ id }) => options.only?.includes(id) ?? true);
  const base = history === undefined || options.base === undefined ? undefined : history.resolve(options.base);
  if (options.base !== undefined && base === undefined)
    throw new CiUsageError(`--base ${options.base}: expected a commit of this repository, e.g. --base HEAD~3`);
  const chosen = options.all ? chooseAll(asked) : choose(asked, { history, entries, base });
  const told = { suites: SUITES, history, entries };
  const targetS = options.all ? undefined : TARGET_S;
  if (options.plan) return printPlan(chosen, told, targetS);
  return run(chosen, options, told, targetS);
}

type Told = Parameters<typeof leftOut>[1];

function printPlan(chosen: readonly Chosen[], told: Told, targetS: number | undefined): number {
  const builds = buildsFor(
    chosen.map(({ suite }) => suite),
    BUILDS,
  ).map(({ id, budgetS }) => ({ id, leftS: budgetS }));
  const fromNothing = simulate(chosen, { nowS: INSTALL_S, builds }, targetS);
  const cached = simulate(chosen, { nowS: INSTALL_S, builds: [] }, targetS);
  for (const line of textTable(planRows(fromNothing.taken))) say(line);
  say('');
  for (const line of leftOut(fromNothing.taken, told)) say(line);
  say(
    `by the budgets: ${minutes(fromNothing.endS)} from nothing, ${minutes(cached.endS)} with every build in the cache`,
  );
  return 0;
}

async function run(
  chosen: readonly Chosen[],
  options: CiOptions,
  told: Told,
  targetS: number | undefined,
): Promise<number> {
  const hardLimitS = options.all ? undefined : HARD_LIMIT_S;
  const ended = (outcome: Outcome) => record(outcome, told.history, options);
  const common = { root, builds: BUILDS, output: 'inherit', say, nowS, targetS, hardLimitS, ended } as const;
  const { outcomes, builds, strays, signalCode } = await runSession(chosen, common);
  const closing = close(outcomes, builds, options.failed);
  const taken = outcomes.map((outcome) => outcome.chosen);
  say(`\n==== the end, after ${minutes(nowS())}`);
  for (const line of textTable(rowsOf(outcomes, builds))) say(line);
  say('');
  for (const line of [...strays, ...closing.red, ...closing.skips, ...leftOut(taken, told)]) say(line);
  if (options.write) say(writeFigures(outcomes, builds, closing, told.history));
  say(closing.line);
  return signalCode ?? closing.exitCode;
}

function writeFigures(
  outcomes: readonly Outcome[],
  builds: readonly Built[],
  { exitCode, line }: Closing,
  history: History | undefined,
): string {
  if (exitCode !== 0 || history === undefined) return 'docs/benchmarks.md is as it was: only a green run is written';
  const written = withWholeRun(readFileSync(BENCHMARKS, 'utf8'), {
    point: history.mainline[0],
    date: today(),
    machine: `${availableParallelism()} cores, Node ${process.version}`,
    minutes: nowS() / 60,
    line,
    suites: outcomes.map(({ chosen }) => chosen.suite.id),
    table: markdownTable(rowsOf(outcomes, builds)),
  });
  writeFileSync(BENCHMARKS, written);
  return 'the figures are in docs/benchmarks.md';
}

/** What runs of a tree that no commit names is not recorded. */
function record({ chosen, counts, failure }: Outcome, history: History | undefined, { base }: CiOptions): void {
  if (history?.isClean !== true) return;
  const passed = failure === undefined && counts !== undefined && counts.failed === 0;
  const { suite, part } = chosen;
  const [{ commit, tree }] = history.mainline;
  const covers = passed && (isWhole(part) || (base === undefined && !chosen.isCut));
  try {
    addEntry(RECORD, { suite: suite.id, part: partText(part), commit, tree, date: today(), passed, covers });
  } catch (error) {
    say(`this run is not on record: ${(error as Error).message}`);
  }
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

try {
  process.exitCode = await main(readOptions(process.argv.slice(2), there));
} catch (error) {
  if (error instanceof CiUsageError) console.error(`tools/ci.ts: ${error.message}`);
  else console.error(error);
  // Whatever went wrong is red, and the last line says it.
  console.log('0 passed, 1 failed, 0 skipped');
  process.exitCode = 1;
}
