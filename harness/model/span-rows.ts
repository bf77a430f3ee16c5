import type { SpanId } from './ids.ts';
import type { Frame, SpanBatch, SpanWords } from './span-words.ts';

/** The rows of a batch. */
export class Rows {
  readonly startMicros: Float64Array;
  readonly durationMicros: Float64Array;
  readonly words: SpanWords;
  readonly batch: SpanBatch;
  /** The first span of each trace, and behind the last one. */
  readonly #firsts: Uint32Array;
  /** The trace that was asked for last. */
  #trace = 0;
  /** The digits of ids: a text of each would take more room than all else about a span. */
  readonly #ids: Buffer;
  readonly #parentIds: Buffer;
  readonly #idWords: Uint32Array;
  readonly #parentWords: Uint32Array;
  readonly #frames: Uint32Array;
  readonly #offsets: Uint32Array;
  readonly #cells: Uint16Array | Uint32Array;
  readonly #palette: Uint32Array;

  constructor(words: SpanWords, batch: SpanBatch) {
    const { startMicros, durationMicros, frames, offsets, cells, palette } = batch;
    this.words = words;
    this.batch = batch;
    this.#firsts = new Uint32Array(batch.counts.length + 1);
    for (const [trace, count] of batch.counts.entries())
      this.#firsts[trace + 1] = (this.#firsts[trace] as number) + count;
    this.#ids = bufferOf(batch.ids);
    this.#parentIds = bufferOf(batch.parentIds);
    this.#idWords = wordsOf(batch.ids);
    this.#parentWords = wordsOf(batch.parentIds);
    this.startMicros = startMicros;
    this.durationMicros = durationMicros;
    this.#frames = frames;
    this.#offsets = offsets;
    this.#cells = cells;
    this.#palette = palette;
  }

  id(at: number): SpanId {
    return this.#ids.toString('latin1', 16 * at, 16 * at + 16) as SpanId;
  }

  hasParent(at: number): boolean {
    return this.#parentIds[16 * at] !== 0;
  }

  parentId(at: number): SpanId | undefined {
    return this.hasParent(at) ? (this.#parentIds.toString('latin1', 16 * at, 16 * at + 16) as SpanId) : undefined;
  }

  /** Whether two spans of these rows have one id. */
  haveSameId(one: number, other: number): boolean {
    return isSame(this.#idWords, one, this.#idWords, other);
  }

  /** Whether the first of two spans has the id that the second one names as its parent's. */
  isParent(one: number, of: number): boolean {
    return isSame(this.#idWords, one, this.#parentWords, of);
  }

  /** The 32 digits of its trace's id. Spans are mostly asked for one after another. */
  copyTraceId(at: number, to: Uint8Array, toAt: number): void {
    const firsts = this.#firsts;
    if (at < (firsts[this.#trace] as number)) this.#trace = 0;
    while (at >= (firsts[this.#trace + 1] as number)) this.#trace += 1;
    const from = 32 * this.#trace;
    for (let index = 0; index < 32; index += 1) to[toAt + index] = this.batch.traceIds[from + index] as number;
  }

  /** The digits of its id, of 16 bytes each, and of its parent's. */
  copyId(at: number, to: Uint8Array, toAt: number): void {
    const from = this.#ids;
    for (let index = 0; index < 16; index += 1) to[toAt + index] = from[16 * at + index] as number;
  }

  copyParentId(at: number, to: Uint8Array, toAt: number): void {
    const from = this.#parentIds;
    for (let index = 0; index < 16; index += 1) to[toAt + index] = from[16 * at + index] as number;
  }

  frameNumber(at: number): number {
    return this.#frames[at] as number;
  }

  frame(at: number): Frame {
    return this.words.frames[this.#frames[at] as number] as Frame;
  }

  /** The number of a tag. */
  pair(at: number, place: number): number {
    const cell = this.#cells[(this.#offsets[at] as number) + place] as number;
    return this.#palette.length === 0 ? cell : (this.#palette[cell] as number);
  }

  text(at: number, place: number): string {
    return this.words.texts[this.pair(at, place)] as string;
  }
}

export function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** The same bytes, four at a time; those of a batch begin where a word does. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  const { buffer, byteOffset, byteLength } = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}

function isSame(some: Uint32Array, one: number, others: Uint32Array, other: number): boolean {
  const [a, b] = [4 * one, 4 * other];
  return (
    some[a] === others[b] &&
    some[a + 1] === others[b + 1] &&
    some[a + 2] === others[b + 2] &&
    some[a + 3] === others[b + 3]
  );
}
