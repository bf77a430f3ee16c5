import { writeSync } from 'node:fs';

/** Writes all bytes, where one call may write a part of them. @throws the file system's error */
export function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
