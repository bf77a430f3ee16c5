import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fromLogLines } from '../capture/log-lines.ts';
import { ConfigError } from '../config/config-error.ts';
import { type CaptureSource, captureFile } from './capture-files.ts';
import type { Io } from './io.ts';
import { say } from './output.ts';

/**
 * The captures that processes of a plan have left: files of a folder, `7.capture` or `7.capture.gz`, or lines of a log. The
 * merge names the parts that are missing or not whole.
 * @throws ConfigError
 */
export function sourcesIn(path: string, io: Io): readonly CaptureSource[] {
  const absolute = resolve(io.cwd, path);
  try {
    if (!statSync(absolute).isDirectory()) return sourcesInLog(readFileSync(absolute, 'utf8'), path, io);
    return capturesIn(absolute).map(({ file }) => captureFile(join(path, file), io.cwd));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new ConfigError([
      {
        option: '--collect',
        value: path,
        source: 'flag --collect',
        expected: `a folder with captures, or a file with the logs of the Job (${error.message})`,
        example: '--collect captures',
      },
    ]);
  }
}

/** The captures of parts in a folder, `7.capture` or `7.capture.gz`, in the order of their indexes. @throws the file system's error */
export function capturesIn(folder: string): readonly { readonly file: string; readonly index: number }[] {
  return readdirSync(folder)
    .flatMap((file) => {
      const [, index] = /^(\d+)\.capture(?:\.gz)?$/.exec(file) ?? [];
      return index === undefined ? [] : [{ file, index: Number(index) }];
    })
    .toSorted((a, b) => a.index - b.index);
}

function sourcesInLog(log: string, path: string, io: Io): readonly CaptureSource[] {
  return fromLogLines(log).flatMap(({ index, run, text }): CaptureSource[] => {
    if (text !== undefined) return [{ origin: `${path}, index ${index}, run ${run}`, read: () => text }];
    say(io.stderr, `${path}: lines of the capture of index ${index} (run ${run}) are missing; it is left out`);
    return [];
  });
}
