import { parseArgs } from 'node:util';
import type { Suite } from './suite.ts';

export interface CiOptions {
  /** Everything, whole, without a deadline. */
  readonly all: boolean;
  /** Says what would run, and runs nothing. */
  readonly plan: boolean;
  /** Writes figures into docs/benchmarks.md. */
  readonly write: boolean;
  /** Ids of suites; undefined: every suite that there is. */
  readonly only: readonly string[] | undefined;
  /** A commit to compare rooms with, instead of the records. */
  readonly base: string | undefined;
  /** What has failed before, by name: `.ci/run` installs things. */
  readonly failed: readonly string[];
}

/** Wrong use of the command; the message says what was expected. */
export class CiUsageError extends Error {
  override readonly name = 'CiUsageError' as const;
}

/** @param suites those that there are. @throws CiUsageError */
export function readOptions(args: readonly string[], suites: readonly Suite[]): CiOptions {
  const { all, plan, write, only, base, failed } = parsed(args);
  if (write && (!all || only !== undefined || plan))
    throw new CiUsageError(
      '--write: expected the whole, e.g. npm run check:all -- --write, and neither --only nor --plan',
    );
  const ids = only?.split(',').filter(Boolean);
  const unknown = ids?.filter((id) => !suites.some((suite) => suite.id === id)) ?? [];
  if (unknown.length > 0 || ids?.length === 0)
    throw new CiUsageError(
      `--only ${only}: expected some of ${suites.map(({ id }) => id).join(', ')}, with commas between, e.g. --only test,try`,
    );
  return { all, plan, write, only: ids, base, failed };
}

function parsed(args: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const;
  const options = {
    all: flag,
    plan: flag,
    write: flag,
    only: { type: 'string' },
    base: { type: 'string' },
    failed: { type: 'string', multiple: true, default: [] as string[] },
  } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new CiUsageError(`${(error as Error).message}; options are --all, --plan, --write, --only, --base, --failed`);
  }
}
