import { ConfigError, type ConfigProblem } from './config-error.ts';
import type { ConfigInput } from './config-input.ts';
import { optionDefinition, WATCH_OPTIONS } from './options.ts';
import { resolveOptions } from './resolve.ts';
import { bearerToken } from './watch-values.ts';

/** When a watch runs, what it may send, and what it serves. */
export interface WatchSettings {
  readonly everyMs: number;
  readonly budget: { readonly perSecond: number };
  readonly listen: { readonly host: string; readonly port: number };
  readonly keep: number;
  readonly agreement: { readonly runs: number; readonly of: number };
  readonly staleAfterMs: number;
  /** As given. */
  readonly folder: string;
  /** Secret. Absent: what it opens stays closed. */
  readonly token?: string;
}

/** @param deadlineMs time limit of a run @throws ConfigError */
export function resolveWatch(input: ConfigInput, deadlineMs: number): WatchSettings {
  const { parsed, problems } = resolveOptions(input, WATCH_OPTIONS);
  const token = tokenOf(parsed['watch-token']?.value, parsed['watch-token-file'], input, problems);
  const { every, budget, listen, keep, agree, 'stale-after': stale, 'watch-folder': folder } = parsed;
  if (problems.length > 0) throw new ConfigError(problems);
  if (!every || !budget || !listen || !keep || !agree || !folder)
    throw new Error('an option of the watch lost its default');
  return {
    everyMs: every.value,
    budget: budget.value,
    listen: listen.value,
    keep: keep.value,
    agreement: agree.value,
    staleAfterMs: stale?.value ?? 2 * every.value + deadlineMs,
    folder: folder.value,
    ...(token !== undefined && { token }),
  };
}

/** What the file holds never appears in a message. */
function tokenOf(
  given: string | undefined,
  file: { readonly value: string; readonly source: string; readonly from: string } | undefined,
  input: ConfigInput,
  problems: ConfigProblem[],
): string | undefined {
  if (given !== undefined || file === undefined) return given;
  const read = bearerToken.safeParse(textOf(file.value, input.readFile));
  if (read.success) return read.data;
  const { expected, example } = optionDefinition('watch-token-file');
  problems.push({
    option: '--watch-token-file',
    value: file.value,
    source: `${file.source} ${file.from}`,
    expected,
    example,
  });
  return undefined;
}

function textOf(path: string, readFile: ConfigInput['readFile']): string | undefined {
  try {
    return readFile(path);
  } catch {
    return undefined;
  }
}
