import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImportError } from './import-error.ts';

/**
 * A file for what does not fit into memory. It lies in a separate folder for the owner alone (0700), and loses its name as
 * soon as it is open: so nothing is left of it, however the process ends.
 */
export class ScratchFile implements Disposable {
  readonly #folder: string;
  readonly #file: number;
  #end = 0;

  /** @param parent where its folder is made. Default: the system's folder for temporary files @throws ImportError */
  constructor(parent = tmpdir()) {
    this.#folder = parent;
    this.#file = this.#attempt(() => {
      const own = mkdtempSync(join(parent, 'hopcheck-'));
      try {
        return openSync(join(own, 'spans'), 'wx+', 0o600);
      } finally {
        rmSync(own, { recursive: true, force: true });
      }
    });
  }

  /** @returns where in the file it lies @throws ImportError where the disk is full */
  append(bytes: Uint8Array): number {
    const place = this.#end;
    this.#attempt(() => {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at, bytes.length - at, place + at);
    });
    this.#end += bytes.length;
    return place;
  }

  /** Fills these bytes from a place on. @throws ImportError */
  read(bytes: Uint8Array, place: number): void {
    this.#attempt(() => {
      for (let at = 0; at < bytes.length; ) {
        const read = readSync(this.#file, bytes, at, bytes.length - at, place + at);
        if (read === 0) throw new Error('the file is shorter than what was written to it');
        at += read;
      }
    });
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }

  #attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw new ImportError(
        { file: this.#folder },
        {
          expected: 'a folder for temporary files with room for all spans of the dump, unpacked',
          received: cause instanceof Error ? cause.message : String(cause),
          example: 'TMPDIR=/var/tmp hopcheck import traces.json',
          cause,
        },
      );
    }
  }
}
