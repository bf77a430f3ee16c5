import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { InstallError } from '../fixtures/install/install-error.ts';
import { inPart, type Part, parsePart, partText } from '../fixtures/testing/part.ts';

const root = resolve(import.meta.dirname, '..');

/** A suite that runs one Vitest project on real programs. */
export interface ProjectRun {
  /** Of the project in vitest.config.ts; `npm run test:<name>` runs it. */
  readonly name: string;
  /** Each installs what is missing, in this order. A program that cannot be installed is a failure, never a skip. */
  readonly install: readonly (() => Promise<unknown>)[];
  /** The lists of which a part takes rows, by their titles: printed, so that a log says what was left out. */
  readonly lists: Readonly<Record<string, readonly unknown[]>>;
}

/**
 * Runs a Vitest project with the arguments of this process, and sets this process's exit code. `--part i/n` takes a part
 * of the suite's rows (fixtures/testing/part.ts); every other argument is Vitest's.
 */
export async function runProject({ name, install, lists }: ProjectRun): Promise<void> {
  try {
    const { part, others } = takePart(process.argv.slice(2));
    for (const one of install) await one();
    if (part !== undefined) for (const line of selection(part, lists)) console.log(line);
    const args = ['run', '--project', name, ...countingInto(`${name}.json`), ...others];
    console.log(`vitest ${args.join(' ')}`);
    const env = { ...process.env, HOPCHECK_TEST_PART: part === undefined ? '' : partText(part) };
    const vitest = resolve(root, 'node_modules/.bin/vitest');
    process.exitCode = spawnSync(vitest, args, { cwd: root, stdio: 'inherit', env }).status ?? 1;
  } catch (error) {
    if (!(error instanceof InstallError) && !(error instanceof UsageError)) throw error;
    console.error(`npm run test:${name}: ${error.message}`);
    process.exitCode = 1;
  }
}

/** Vitest's arguments that leave counts and reasons of skips where CI wants them (tools/ci/count.ts); none without CI. */
export function countingInto(file: string): readonly string[] {
  const results = process.env.HOPCHECK_TEST_RESULTS;
  if (!results) return [];
  const skips = `--reporter=${resolve(root, 'tools/skips-reporter.ts')}`;
  return ['--reporter=default', '--reporter=json', `--outputFile.json=${results}/${file}`, skips];
}

class UsageError extends Error {}

/** `--part i/n` or `--part=i/n` out of a list of arguments. @throws UsageError */
export function takePart(args: readonly string[]): {
  readonly part: Part | undefined;
  readonly others: readonly string[];
} {
  const at = args.findIndex((arg) => arg === '--part' || arg.startsWith('--part='));
  if (at < 0) return { part: undefined, others: args };
  const [, joined] = /^--part=(.*)$/.exec(args[at] ?? '') ?? [];
  const length = joined === undefined ? 2 : 1;
  try {
    return { part: parsePart(joined ?? args[at + 1] ?? ''), others: args.toSpliced(at, length) };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function selection(part: Part, lists: ProjectRun['lists']): readonly string[] {
  return Object.entries(lists).map(
    ([title, rows]) => `part ${partText(part)}: ${inPart(rows, part).length} of ${rows.length} ${title}`,
  );
}
