import type { Capture } from '../model/capture.ts';
import { CompactSpans } from '../model/compact-spans.ts';
import { SpanWords } from '../model/span-words.ts';
import { UsedMemory } from '../system/used-memory.ts';
import { CaptureDecoder } from './decode.ts';
import { CaptureError } from './part.ts';
import { LINE_END, PieceReader } from './piece-reader.ts';
import { type PieceWorkers, type TakenLines, takenLines } from './piece-workers.ts';

/** A line is a trace at most; a longer line is not one of a capture, bytes. */
const LONGEST_LINE = 256 * 2 ** 20;
const PIECE_BYTES = 2 ** 20;

/** Memory for pieces. */
const STEP_BYTES = 2 ** 18;
const MOST_KEPT = 8;
const LARGEST_KEPT = 4 * 2 ** 20;

export interface LinesOptions {
  readonly compact?: CompactSpans;
  /** Lines are read in them. They are the caller's to stop. Default: in this thread. */
  readonly workers?: PieceWorkers;
  /** Every line goes through JSON.parse, in this thread. Default: spans are read from their bytes, where they can be. */
  readonly isPlain?: boolean;
  /** Whole lines are read when there are so many bytes of them. Default: 1 MiB. */
  readonly pieceBytes?: number;
}

/**
 * Reads a capture whose bytes come piece by piece. Wherever its lines are read, they go to the decoder in their order. So it
 * gives and refuses the same on one thread and on several. Of lines it holds some mebibytes, and no less than the longest.
 */
export class CaptureLines {
  readonly #decoder: CaptureDecoder;
  readonly #origin: string;
  readonly #workers: PieceWorkers | undefined;
  readonly #pieceBytes: number;
  readonly #reader: PieceReader;
  readonly #words = new SpanWords();
  readonly #memory = new UsedMemory(STEP_BYTES, MOST_KEPT, LARGEST_KEPT);
  /** Bytes that are not read yet, how many they are, and how many of them are whole lines. */
  #open = new Uint8Array(0);
  #openBytes = 0;
  #wholeBytes = 0;

  constructor(origin: string, options: LinesOptions = {}) {
    const { compact = new CompactSpans(), workers, isPlain = false, pieceBytes = PIECE_BYTES } = options;
    this.#origin = origin;
    this.#decoder = new CaptureDecoder(origin, compact);
    this.#workers = isPlain ? undefined : workers;
    this.#pieceBytes = pieceBytes;
    this.#reader = new PieceReader(isPlain);
  }

  /** @param chunk is copied @throws CaptureError */
  async push(chunk: Buffer): Promise<void> {
    const needed = this.#openBytes + chunk.length;
    // A long line comes in many chunks: twice the memory, so that it is not copied for each of them.
    if (needed > this.#open.length)
      this.#moveOpen(0, Math.max(needed, this.#pieceBytes + STEP_BYTES, 2 * this.#openBytes));
    this.#open.set(chunk, this.#openBytes);
    const lastEnd = chunk.lastIndexOf(LINE_END);
    if (lastEnd >= 0) this.#wholeBytes = this.#openBytes + lastEnd + 1;
    this.#openBytes = needed;
    if (this.#wholeBytes > 0 && needed >= this.#pieceBytes) await this.#readWhole();
    if (this.#openBytes - this.#wholeBytes <= LONGEST_LINE) return;
    await this.#settle();
    throw new CaptureError(
      `${this.#origin} is not a capture, because a line of it is longer than ${LONGEST_LINE / 2 ** 20} MiB; traces saved from a trace backend: hopcheck import ${this.#origin} --judge`,
    );
  }

  /** What is in it; where the last line is cut, without that. @throws CaptureError */
  async end(): Promise<Capture> {
    if (this.#wholeBytes > 0) await this.#readWhole();
    await this.#settle();
    this.#decoder.line(textOf(this.#open, this.#openBytes), true);
    return this.#decoder.capture();
  }

  /** Reads the whole lines that are open, or has them read. */
  async #readWhole(): Promise<void> {
    const whole = this.#open.subarray(0, this.#wholeBytes);
    this.#moveOpen(this.#wholeBytes, Math.max(this.#openBytes - this.#wholeBytes, this.#pieceBytes + STEP_BYTES));
    if (this.#workers === undefined) {
      this.#add(takenLines(this.#reader.read(whole), this.#words));
      return;
    }
    if (!this.#workers.hasRoom) this.#add(await this.#workers.take());
    this.#workers.hand(whole);
  }

  /** Copies the open bytes from there on to other memory. */
  #moveOpen(from: number, bytes: number): void {
    const moved = new Uint8Array(this.#memory.take(bytes));
    moved.set(this.#open.subarray(from, this.#openBytes));
    this.#open = moved;
    this.#openBytes -= from;
    this.#wholeBytes = Math.max(0, this.#wholeBytes - from);
  }

  async #settle(): Promise<void> {
    for (let lines = await this.#workers?.take(); lines !== undefined; lines = await this.#workers?.take())
      this.#add(lines);
  }

  #add(lines: TakenLines | undefined): void {
    if (lines === undefined) return;
    const { bytes, used, isPacked, traces } = lines;
    const texts = textOf(bytes, used).split('\n');
    let trace = 0;
    for (const [index, isOne] of isPacked.entries()) {
      const spans = isOne === 1 ? traces[trace]?.spans : undefined;
      trace += isOne;
      this.#decoder.line(texts[index] ?? '', false, spans);
    }
    this.#memory.give(bytes.buffer);
  }
}

function textOf(bytes: Uint8Array<ArrayBuffer>, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, length).toString('utf8');
}
