import { SpanPacker } from '../model/span-packer.ts';
import type { NewWords, SpanBatch } from '../model/span-words.ts';
import { LineBytes } from './line-bytes.ts';

export const LINE_END = 0x0a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

/** Whole lines of a capture that were read: plain data, which can go to another thread. */
export interface ReadLines {
  /** Begins with the lines, without the spans that were packed; the rest says nothing any more. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Bytes of these lines, their ends included. */
  readonly used: number;
  /** By line, 1: its spans are the next trace of {@link batch}. */
  readonly isPacked: Uint8Array;
  readonly batch: SpanBatch;
  readonly words: NewWords;
}

/** Reads whole lines of a capture from their bytes. Lines that are not like most stay as they are. */
export class PieceReader {
  readonly #isPlain: boolean;
  readonly #packer = new SpanPacker();
  readonly #lines = new LineBytes(this.#packer);

  /** @param isPlain no line is read. Default: spans are read where they can be */
  constructor(isPlain = false) {
    this.#isPlain = isPlain;
  }

  /** @param bytes lines with the end of each; they are written over */
  read(bytes: Uint8Array<ArrayBuffer>): ReadLines {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const isPacked: number[] = [];
    let used = 0;
    for (let from = 0; from < text.length; ) {
      const end = text.indexOf(LINE_END, from);
      const spans = this.#isPlain ? undefined : this.#lines.take(text.subarray(from, end));
      isPacked.push(spans === undefined ? 0 : 1);
      if (spans === undefined) {
        text.copyWithin(used, from, end + 1);
        used += end + 1 - from;
      } else {
        text.copyWithin(used, from, from + spans.from);
        used += spans.from;
        text[used] = OPEN_LIST;
        text[used + 1] = CLOSE_LIST;
        text.copyWithin(used + 2, from + spans.to, end + 1);
        used += 2 + end + 1 - (from + spans.to);
      }
      from = end + 1;
    }
    return { bytes, used, isPacked: Uint8Array.from(isPacked), ...this.#packer.finish() };
  }
}
