import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildLeft } from './forecast.ts';
import type { Ended, Processes, Running } from './processes.ts';
import type { Build, Suite } from './suite.ts';

export interface Built extends Ended {
  readonly build: Build;
}

/** Builds under way. */
export interface Builds {
  /** Resolves when the build has ended, well or not. */
  ended(id: string): Promise<Built>;
  /** What is not built yet, in order. */
  left(): readonly BuildLeft[];
  /** The builds that have ended, in order. */
  readonly done: readonly Built[];
  /** Resolves when nothing is being built any more. */
  readonly settled: Promise<unknown>;
}

/** The builds that suites need, in the order in which they need them. @throws Error on an id that no build has */
export function buildsFor(suites: readonly Suite[], builds: readonly Build[]): readonly Build[] {
  const ids = [...new Set(suites.flatMap(({ needs }) => needs))];
  return ids.map((id) => {
    const build = builds.find((one) => one.id === id);
    if (build === undefined)
      throw new Error(`a suite needs the build "${id}": expected one of ${builds.map((one) => one.id).join(', ')}`);
    return build;
  });
}

/**
 * Builds one after the other, with what the suites leave of the machine (`nice`). Each prints one line when it is done;
 * one that fails prints everything it wrote, and the next one is built all the same.
 * @param folder for what the builds write
 */
export function startBuilds(
  builds: readonly Build[],
  {
    processes,
    folder,
    say,
    signal,
  }: { processes: Processes; folder: string; say(line: string): void; signal: AbortSignal },
): Builds {
  const done: Built[] = [];
  let startedAtMs = performance.now();
  let before: Promise<unknown> = Promise.resolve();
  const all = new Map<string, Promise<Built>>();
  const run = async (build: Build): Promise<Built> => {
    startedAtMs = performance.now();
    if (signal.aborted) return { build, failure: 'was not begun', seconds: 0 };
    const log = join(folder, `build-${build.id}.log`);
    const output = openSync(log, 'w');
    const running: Running = processes.start(['nice', '-n', '19', ...build.command], {}, output);
    closeSync(output);
    const { failure: reason, seconds } = await running.ended;
    const failure = reason !== undefined && signal.aborted ? `${reason}: ${String(signal.reason)}` : reason;
    // A process that a build leaves running does not belong to its result.
    await running.stop();
    const words = failure === undefined ? 'done' : `FAILED, ${failure}`;
    say(`==== build ${build.id} (${build.command.join(' ')}): ${words} after ${seconds.toFixed(0)} s`);
    if (failure !== undefined) say(readFileSync(log, 'utf8').trimEnd());
    const built = { build, seconds, ...(failure !== undefined && { failure }) };
    done.push(built);
    return built;
  };
  for (const build of builds) {
    const ended = before.then(() => run(build));
    before = ended;
    all.set(build.id, ended);
  }
  return {
    done,
    settled: before,
    ended(id) {
      return all.get(id) ?? Promise.reject(new Error(`no build "${id}" was begun`));
    },
    left() {
      const [current, ...later] = builds.filter(({ id }) => !done.some(({ build }) => build.id === id));
      if (current === undefined) return [];
      const sinceS = (performance.now() - startedAtMs) / 1000;
      const leftS = (one: Build, beenS: number) => ({ id: one.id, leftS: Math.max(0, one.budgetS - beenS) });
      return [leftS(current, sinceS), ...later.map((build) => leftS(build, 0))];
    },
  };
}
