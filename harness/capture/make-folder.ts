import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

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
