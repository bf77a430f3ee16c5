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
    const real = realPathIfThere(place);
    if (real !== undefined) return real;
    const folder = folderTarget(dirname(place));
    const isLink = lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    if (!isLink) return join(folder, basename(place));
    // `..` in a link is counted from where the link really is.
    place = resolve(folder, readlinkSync(place));
  }
  throw new Error(`ELOOP: too many links, ${path}`);
}

/** A folder may be missing with some of those above it; the root never is. */
function folderTarget(folder: string): string {
  const above = dirname(folder);
  return above === folder ? folder : linkTarget(folder);
}

function realPathIfThere(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
