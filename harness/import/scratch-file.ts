import { closeSync, mkdtempSync, openSync, readSync, rmSync, writevSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImportError } from './import-error.ts';

/** Pieces that are written by one call: systems take 1024. */
const AT_ONCE = 512;

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

  /** @returns where in the file the first of them lies; each begins where the one before it ends @throws ImportError */
  append(pieces: readonly Uint8Array[]): number {
    const place = this.#end;
    this.#attempt(() => {
      for (let first = 0; first < pieces.length; first += AT_ONCE) {
        let rest = pieces.slice(first, first + AT_ONCE);
        while (rest.length > 0) {
          const written = writevSync(this.#file, rest, this.#end);
          this.#end += written;
          rest = behind(rest, written);
        }
      }
    });
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

/** What is left of them behind so many bytes. */
function behind(pieces: readonly Uint8Array[], bytes: number): Uint8Array[] {
  const left: Uint8Array[] = [];
  let skipped = 0;
  for (const piece of pieces) {
    const from = Math.min(piece.length, bytes - skipped);
    skipped += from;
    if (from < piece.length) left.push(piece.subarray(from));
  }
  return left;
}
