import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Built, buildsFor, startBuilds } from './builds.ts';
import type { Chosen } from './plan.ts';
import { createProcesses } from './processes.ts';
import { type Outcome, type RunOptions, runSuites } from './run.ts';
import type { Build } from './suite.ts';

export interface SessionOptions extends Pick<RunOptions, 'output' | 'say' | 'nowS' | 'targetS' | 'ended'> {
  /** Where commands are run. */
  readonly root: string;
  /** The table of builds; those that the suites need are begun at once. */
  readonly builds: readonly Build[];
  /** When everything is ended, in seconds since the beginning; undefined: never. */
  readonly hardLimitS: number | undefined;
}

export interface Session {
  readonly outcomes: readonly Outcome[];
  readonly builds: readonly Built[];
  /** A line for each process that had left its group and was ended. */
  readonly strays: readonly string[];
  /** 128 and the signal's number, where one ended it. */
  readonly signalCode: number | undefined;
}

const SIGNALS = [
  ['SIGHUP', 1],
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const;

/**
 * Runs suites and their builds. When it resolves, no process that it started is left, however it ended: by itself, at the
 * hard limit, or by SIGINT, SIGTERM or SIGHUP to this process. A second signal ends this process and all of them at once.
 */
export async function runSession(chosen: readonly Chosen[], options: SessionOptions): Promise<Session> {
  const folder = mkdtempSync(join(tmpdir(), 'hopcheck-ci-'));
  const processes = createProcesses(options.root);
  const ending = new AbortController();
  const { signal } = ending;
  const { say, hardLimitS } = options;
  let signalCode: number | undefined;
  const listeners = SIGNALS.map(([name, number]) => {
    const listener = () => {
      // The exit handler of `processes` kills what is left.
      if (signalCode !== undefined) process.exit(signalCode);
      signalCode = 128 + number;
      say(`\n==== ${name}: ending what runs`);
      ending.abort(`interrupted by ${name}`);
    };
    process.on(name, listener);
    return () => process.off(name, listener);
  });
  const reached = () => ending.abort(`the hard limit of ${hardLimitS} s was reached`);
  const timer = hardLimitS === undefined ? undefined : setTimeout(reached, (hardLimitS - options.nowS()) * 1000);
  const needed = buildsFor(
    chosen.map(({ suite }) => suite),
    options.builds,
  );
  const builds = startBuilds(needed, { processes, folder, say, signal });
  try {
    const outcomes = await runSuites(chosen, { ...options, processes, builds, folder, signal });
    ending.abort('everything else has ended');
    const strays = await processes.stopAll();
    await builds.settled;
    return { outcomes, builds: builds.done, strays, signalCode };
  } finally {
    clearTimeout(timer);
    ending.abort('something went wrong');
    await processes.stopAll();
    for (const off of listeners) off();
    rmSync(folder, { recursive: true, force: true });
  }
}
