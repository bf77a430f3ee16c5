import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** As many links as Linux follows in one path (path_resolution(7)). */
const MOST_LINKS = 40;

/**
 * Where writing to a path ends: every link in it followed, one that leads to nothing yet too, which `realpath` refuses.
 * Two paths have one target when what is written to one is read from the other.
 * @param path absolute.
 * @throws the file system's error.
 */
export function linkTarget(path: string): string {
  let place = path;
  for (let links = 0; links < MOST_LINKS; links += 1) {
    const found = lstatSync(place, { throwIfNoEntry: false });
    if (found === undefined) return join(folderTarget(dirname(place)), basename(place));
    if (!found.isSymbolicLink()) return realpathSync(place);
    place = resolve(dirname(place), readlinkSync(place));
  }
  throw new Error(`ELOOP: too many links, ${path}`);
}

/** A folder may be missing with some of those above it; the root never is. */
function folderTarget(folder: string): string {
  const above = dirname(folder);
  return above === folder ? folder : linkTarget(folder);
}
