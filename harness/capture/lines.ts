import type { Capture } from '../model/capture.ts';
import { CompactSpans } from '../model/compact-spans.ts';
import { SpanWords } from '../model/packed-spans.ts';
import { SpanPacker } from '../model/span-packer.ts';
import { CaptureDecoder } from './decode.ts';
import { LineBytes } from './line-bytes.ts';
import { CaptureError } from './part.ts';

/** A line is a trace at most; a longer line is not one of a capture, bytes. */
const LONGEST_LINE = 256 * 2 ** 20;
const LINE_END = 0x0a;

/** Reads a capture whose bytes come piece by piece. No more than a line is held as text. */
export class CaptureLines {
  readonly #decoder: CaptureDecoder;
  readonly #origin: string;
  readonly #isPlain: boolean;
  readonly #packer = new SpanPacker();
  readonly #bytes = new LineBytes(this.#packer);
  readonly #words = new SpanWords();
  /** Lines without their spans, which are packed. */
  #rests: string[] = [];
  /** The beginning of the line that is not whole yet. */
  #open: Buffer[] = [];
  #openBytes = 0;

  /** @param isPlain every line goes through JSON.parse. Default: spans are read from their bytes, where they can be */
  constructor(origin: string, compact = new CompactSpans(), isPlain = false) {
    this.#origin = origin;
    this.#isPlain = isPlain;
    this.#decoder = new CaptureDecoder(origin, compact);
  }

  /** @throws CaptureError */
  push(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(LINE_END); end >= 0; end = chunk.indexOf(LINE_END, from)) {
      this.#line(this.#take(chunk.subarray(from, end)));
      from = end + 1;
    }
    this.#flush();
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
    this.#decoder.line(this.#take(Buffer.alloc(0)).toString('utf8'), true);
    return this.#decoder.capture();
  }

  #line(line: Buffer): void {
    const rest = this.#isPlain ? undefined : this.#bytes.take(line);
    if (rest !== undefined) {
      this.#rests.push(rest);
      return;
    }
    this.#flush();
    this.#decoder.line(line.toString('utf8'));
  }

  /** Gives the spans that were packed to their lines. */
  #flush(): void {
    if (this.#rests.length === 0) return;
    const traces = this.#words.traces(this.#packer.finish());
    for (const [index, { spans }] of traces.entries()) this.#decoder.line(this.#rests[index] ?? '', false, spans);
    this.#rests = [];
  }

  #take(rest: Buffer): Buffer {
    const line = this.#open.length === 0 ? rest : Buffer.concat([...this.#open, rest]);
    this.#open = [];
    this.#openBytes = 0;
    return line;
  }
}
