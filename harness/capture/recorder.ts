import { closeSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Capture } from '../model/capture.ts';
import { makeFolder } from './atomic-write.ts';
import { CaptureDecoder } from './decode.ts';
import { CaptureEncoder } from './encode.ts';
import type { CapturePart } from './part.ts';
import { KEEP_ALL, type Redactor } from './redact.ts';

/**
 * Takes the parts of a run as they come, and writes each to the file at once: a killed process leaves all it knew. What
 * it gives back is read from the same lines, so the run's own report and one made from its file later are the same.
 */
export class CaptureRecorder {
  readonly #encoder: CaptureEncoder;
  readonly #decoder = new CaptureDecoder('the run');
  /** Lines hide nothing, so that spans need not be read from them again. */
  readonly #hidesNothing: boolean;
  #file: number | undefined;
  #problem: Error | undefined;

  /**
   * @param path where to write, for the owner's eyes only (0600); undefined: nowhere.
   * @throws the file system's error when the file cannot be made.
   */
  constructor(redact: Redactor, path?: string) {
    this.#encoder = new CaptureEncoder(redact);
    this.#hidesNothing = redact === KEEP_ALL;
    if (path === undefined) return;
    makeFolder(dirname(path));
    this.#file = openSync(path, 'w', 0o600);
  }

  /** A full disk must not end the run: what is collected is still judged, and {@link problem} is told. */
  add(part: CapturePart): void {
    const lines = this.#encoder.encode(part);
    const isAsWritten = this.#hidesNothing && (part.type === 'trace' || part.type === 'fragment');
    if (isAsWritten) this.#decoder.part(part);
    else for (const line of lines.split('\n').slice(0, -1)) this.#decoder.line(line);
    if (this.#file === undefined || this.#problem !== undefined) return;
    try {
      writeSync(this.#file, lines);
    } catch (error) {
      this.#problem = error instanceof Error ? error : new Error(String(error));
    }
  }

  /** Why the file is not whole; undefined: it is. */
  get problem(): Error | undefined {
    return this.#problem;
  }

  /** What was recorded so far. */
  capture(): Capture {
    return this.#decoder.capture();
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
