import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from './make-folder.ts';

/**
 * Writes a file whole or not at all: into a temporary file beside it, then renamed. Folders are made. Synchronous,
 * because it is also what is done last before the process ends.
 * @param mode permissions of the file, before the umask; default 0644. 0600: for the owner's eyes only.
 * @throws the file system's error, with the path in its message.
 */
export function writeFileAtomic(path: string, text: string, mode = 0o644): void {
  makeFolder(dirname(path));
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    writeFileSync(temporary, text, { mode });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
