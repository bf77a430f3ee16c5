import type { Capture } from '../model/capture.ts';
import { CompactSpans } from '../model/compact-spans.ts';
import { CaptureDecoder } from './decode.ts';
import { CaptureError } from './part.ts';

/** A line is a trace at most; a longer line is not one of a capture, bytes. */
const LONGEST_LINE = 256 * 2 ** 20;
const LINE_END = 0x0a;

/** Reads a capture whose bytes come piece by piece. No more than a line is held as text. */
export class CaptureLines {
  readonly #decoder: CaptureDecoder;
  readonly #origin: string;
  /** The beginning of the line that is not whole yet. */
  #open: Buffer[] = [];
  #openBytes = 0;

  constructor(origin: string, compact = new CompactSpans()) {
    this.#origin = origin;
    this.#decoder = new CaptureDecoder(origin, compact);
  }

  /** @throws CaptureError */
  push(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(LINE_END); end >= 0; end = chunk.indexOf(LINE_END, from)) {
      this.#decoder.line(this.#take(chunk.subarray(from, end)));
      from = end + 1;
    }
    if (from === chunk.length) return;
    this.#open.push(Buffer.from(chunk.subarray(from)));
    this.#openBytes += chunk.length - from;
    if (this.#openBytes > LONGEST_LINE)
      throw new CaptureError(
        `${this.#origin} is not a capture, because a line of it is longer than ${LONGEST_LINE / 2 ** 20} MiB; traces saved from a trace backend: hopcheck import ${this.#origin} --judge`,
      );
  }

  /** What is in it; where the last line is cut, without that. @throws CaptureError */
  end(): Capture {
    this.#decoder.line(this.#take(Buffer.alloc(0)), true);
    return this.#decoder.capture();
  }

  #take(rest: Buffer): string {
    const line = this.#open.length === 0 ? rest : Buffer.concat([...this.#open, rest]);
    this.#open = [];
    this.#openBytes = 0;
    return line.toString('utf8');
  }
}
