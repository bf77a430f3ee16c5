import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Capture } from '../model/capture.ts';
import { checkWritable, isStream } from './atomic-write.ts';
import { CaptureDecoder } from './decode.ts';
import { CaptureEncoder } from './encode.ts';
import { LineThread } from './line-thread.ts';
import { linkTarget } from './link-target.ts';
import { PackedLines, packedLine } from './packed-lines.ts';
import type { CapturePart } from './part.ts';
import { KEEP_ALL, type Redactor } from './redact.ts';
import { writeAll } from './write-all.ts';

/**
 * Takes the parts of a run as they come, and writes each at once into a file beside the one that was asked for; closing
 * gives it the name. So the named file is always whole, also where two runs write to one path: it is that of the run that
 * ended last. A killed process leaves all it knew in the file beside it, `.run.capture.<process>.part`. The recorder
 * reads its result back from the same lines, so the run's own report and one made from its file later are the same.
 */
export class CaptureRecorder {
  readonly #encoder: CaptureEncoder;
  readonly #packed = new PackedLines();
  readonly #decoder = new CaptureDecoder('the run');
  /** Lines hide nothing, so that spans need not be read from them again. */
  readonly #hidesNothing: boolean;
  /** Where the file goes when it is whole, and where it is until then. */
  readonly #places: { readonly target: string; readonly part: string } | undefined;
  #file: number | undefined;
  #thread: LineThread | undefined;
  #problem: Error | undefined;

  /**
   * @param path where to write, for the owner's eyes only (0600); undefined: nowhere. What a link leads to is written; a
   * device or pipe is written to as it is.
   * @throws the file system's error when the file cannot be made.
   */
  constructor(redact: Redactor, path?: string) {
    this.#encoder = new CaptureEncoder(redact);
    this.#hidesNothing = redact === KEEP_ALL;
    if (path === undefined) return;
    if (isStream(path)) {
      this.#file = openSync(path, 'w', 0o600);
      return;
    }
    // A folder, or a place that cannot be written, is better known before the run.
    checkWritable(path);
    const target = linkTarget(path);
    const part = join(dirname(target), `.${basename(target).slice(0, 200)}.${process.pid}.part`);
    this.#file = openSync(part, 'w', 0o600);
    this.#places = { target, part };
  }

  /** A full disk must not end the run: the run still judges what it collected, and reports {@link problem}. */
  add(part: CapturePart): void {
    const isAsWritten = this.#hidesNothing && isOwn(part);
    if (isAsWritten) {
      this.#decoder.part(part);
      if (this.#file === undefined) return;
      const line = packedLine(part);
      if (line !== undefined) {
        if (this.#thread === undefined) this.#packed.add(line, (bytes) => this.#write(bytes));
        else this.#thread.add(line);
        return;
      }
    }
    const lines = this.#encoder.encode(part);
    if (!isAsWritten) for (const line of lines.split('\n').slice(0, -1)) this.#decoder.line(line);
    if (this.#thread !== undefined) {
      this.#thread.text(lines);
      return;
    }
    this.#packed.flush((bytes) => this.#write(bytes));
    this.#write(lines);
  }

  /**
   * From here on a thread makes and writes the lines. Meanwhile the caller may judge what was recorded, and has to call
   * {@link finish} before {@link close}. Nothing changes where no file is written.
   */
  writeInThread(): void {
    if (this.#file === undefined || this.#thread !== undefined) return;
    this.#packed.flush((bytes) => this.#write(bytes));
    this.#thread = new LineThread(this.#file);
  }

  /** Waits for the lines that a thread writes. */
  async finish(): Promise<void> {
    const problem = await this.#thread?.finish();
    this.#thread = undefined;
    this.#problem ??= problem;
  }

  #write(lines: string | Uint8Array): void {
    if (this.#file === undefined || this.#problem !== undefined) return;
    this.#attempt(() => {
      if (typeof lines === 'string') writeSync(this.#file ?? -1, lines);
      else writeAll(this.#file ?? -1, lines);
    });
  }

  /** Why the file is not whole; undefined: it is. */
  get problem(): Error | undefined {
    return this.#problem;
  }

  /** What was recorded so far. */
  capture(): Capture {
    return this.#decoder.capture();
  }

  /** Gives the file its name. Once; a second call does nothing. */
  close(): void {
    this.#thread?.stop();
    const file = this.#file;
    this.#file = undefined;
    if (file === undefined) return;
    this.#file = file;
    this.#packed.flush((bytes) => this.#write(bytes));
    this.#file = undefined;
    closeSync(file);
    const places = this.#places;
    if (places === undefined) return;
    this.#attempt(() => renameSync(places.part, places.target));
    rmSync(places.part, { force: true });
  }

  #attempt(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#problem ??= error instanceof Error ? error : new Error(String(error));
    }
  }
}

/** A part of which a line says all, so that it need not be read from it again; an answer is cut to be written. */
function isOwn(part: CapturePart): part is Extract<CapturePart, { type: 'trace' | 'fragment' | 'exchange' }> {
  return (
    part.type === 'trace' ||
    part.type === 'fragment' ||
    (part.type === 'exchange' && part.exchange.answer === undefined)
  );
}
