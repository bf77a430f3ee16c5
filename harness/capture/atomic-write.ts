import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from './make-folder.ts';

/**
 * Writes a file whole or not at all: into a temporary file beside it, then renamed. Folders are made. What a link leads
 * to is written, and the link stays. A device or pipe (/dev/stdout, /dev/null) is written to: renaming would put a file
 * in its place. Synchronous, because it is also what is done last before the process ends.
 * @param mode permissions of the file, before the umask; default 0644. 0600: for the owner's eyes only.
 * @throws the file system's error, with the path in its message.
 */
export function writeFileAtomic(path: string, text: string, mode = 0o644): void {
  makeFolder(dirname(path));
  if (isStream(path)) {
    writeFileSync(path, text);
    return;
  }
  const target = statSync(path, { throwIfNoEntry: false }) === undefined ? path : realpathSync(path);
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  try {
    writeFileSync(temporary, text, { mode });
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** What takes text and keeps no file; /dev/stdout also where it is a file, for others write to that too. */
export function isStream(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return false;
  return (
    (!found.isFile() && !found.isDirectory()) || /^\/(?:dev\/(?:std(?:out|err)$|fd\/)|proc\/[^/]+\/fd\/)/.test(path)
  );
}
