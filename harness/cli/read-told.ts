import type { CommandContext } from './context.ts';
import { type Dump, readDumpFiles } from './dump-files.ts';
import { endingOf } from './ending.ts';
import { readingProgress } from './reading-progress.ts';

export interface ToldReading {
  /** A file beside the dumps: the list of requests, which may lie beside it. */
  readonly except?: string;
  /** The message to a person whose signal ends the reading. */
  readonly whatEnds: string;
  /** No progress is shown. */
  readonly quiet?: boolean;
}

/**
 * Reads dumps, shows how far it is, and can be ended by a signal: then the dump has what was read until then.
 * @returns `ended`: the exit code of the signal that ended it; undefined: none did.
 * @throws ImportError
 */
export async function readTold(
  paths: readonly string[],
  context: CommandContext,
  { except, whatEnds, quiet = false }: ToldReading,
): Promise<{ readonly dump: Dump; readonly ended: number | undefined }> {
  const { io } = context;
  using ending = endingOf(context, whatEnds);
  using progress = readingProgress(context, quiet);
  const dump = await readDumpFiles(paths, {
    cwd: io.cwd,
    ...(except !== undefined && { except }),
    ...(io.stdin !== undefined && { stdin: io.stdin() }),
    signal: ending.signal,
    onProgress: progress.told,
  });
  return { dump, ended: ending.exitCode };
}
