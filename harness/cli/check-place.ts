import { resolve } from 'node:path';
import { checkWritable } from '../capture/atomic-write.ts';
import { ConfigError } from '../config/config-error.ts';

/** An option of one call that names a place for files. */
export interface PlaceFlag {
  /** `--out` */
  readonly option: string;
  /** As given. */
  readonly value: string;
  readonly example: string;
}

/**
 * Tries whether a file can be written: what was collected for it would be lost. Leaves nothing but folders.
 * @param path absolute @throws ConfigError
 */
export function checkPlace(path: string, { option, value, example }: PlaceFlag): void {
  try {
    checkWritable(path);
  } catch (error) {
    const expected = `a path that can be written (${error instanceof Error ? error.message : String(error)})`;
    throw new ConfigError([{ option, value, source: `flag ${option}`, expected, example }]);
  }
}

/** The same for the folder of `--out`, in which every target gets its report. @throws ConfigError */
export function checkOut(out: string | undefined, cwd: string): void {
  if (out === undefined) return;
  checkPlace(resolve(cwd, out, 'index.html'), { option: '--out', value: out, example: '--out hopcheck-fleet' });
}
