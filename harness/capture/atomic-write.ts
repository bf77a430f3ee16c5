import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { linkTarget } from './link-target.ts';

/**
 * Writes a file whole or not at all: into a temporary file beside it, then renamed. Folders are made. Through a link,
 * its target is written, even where that is not there yet, and the link stays. A device or pipe (/dev/stdout,
 * /dev/null) is written to: renaming would put a file in its place. Synchronous, because it is also what is done last
 * before the process ends.
 * @param mode permissions of the file, before the umask; default 0644. 0600: for the owner's eyes only.
 * @throws the file system's error, with the path in its message.
 */
export function writeFileAtomic(path: string, text: string, mode = 0o644): void {
  if (isStream(path)) {
    writeFileSync(path, text);
    return;
  }
  const target = linkTarget(path);
  makeFolder(dirname(target));
  const temporary = temporaryBeside(target);
  try {
    writeFileSync(temporary, text, { mode });
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * Tries what {@link writeFileAtomic} will do, and leaves nothing but folders: permissions alone do not tell, of a file
 * system that is read-only, say, or to root.
 * @throws the file system's error, with the path in its message.
 */
export function checkWritable(path: string): void {
  if (isStream(path)) {
    accessSync(path, constants.W_OK);
    return;
  }
  const target = linkTarget(path);
  makeFolder(dirname(target));
  if (statSync(target, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`${path} is a folder`);
  const temporary = temporaryBeside(target);
  writeFileSync(temporary, '', { flag: 'wx' });
  rmSync(temporary);
}

/** Its length does not depend on the file's name, which may be as long as a name can be. */
function temporaryBeside(target: string): string {
  return join(dirname(target), `.hopcheck-${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
}

/**
 * What takes text and keeps no file; /dev/stdout also where it is a file, because others write to that too, and
 * /dev/termination-log, which a kubelet mounts as a file, so that it cannot be replaced.
 */
export function isStream(path: string): boolean {
  const found = statOf(path);
  if (found === undefined) return false;
  return (
    (!found.isFile() && !found.isDirectory()) ||
    /^\/(?:dev\/(?:(?:std(?:out|err)|termination-log)$|fd\/)|proc\/[^/]+\/fd\/)/.test(path)
  );
}

/** undefined also for an impossible path, such as a name that is too long. */
function statOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/**
 * Makes a folder and those above it. Step by step, because Node's own `recursive` never returns where the file system
 * answers ENOENT to a mkdir in a folder that exists, as /proc does (seen on Node 24.21).
 * @throws the file system's error.
 */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  for (let folder = path; !existsSync(folder); folder = dirname(folder)) missing.push(folder);
  for (const folder of missing.toReversed()) mkdirSync(folder);
}
