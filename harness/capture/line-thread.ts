import type { Rows } from '../model/span-rows.ts';
import type { NewWords, SpanBatch, SpanWords, WordCounts } from '../model/span-words.ts';
import { moduleBeside, startThread } from '../system/reading-threads.ts';
import type { PackedLine } from './packed-lines.ts';

/** Lines that go to the thread at once. */
const AT_ONCE = 200;
const NONE: WordCounts = { texts: 0, tables: 0, frames: 0 };

/** Some lines of a file, in their order, and what their spans are read with. */
export interface GivenLines {
  readonly file: number;
  /** New words, each of the set of words with this number. */
  readonly words: readonly { readonly set: number; readonly words: NewWords }[];
  /** New batches, numbered on from those before, each with the number of its set of words. */
  readonly batches: readonly { readonly set: number; readonly batch: SpanBatch }[];
  /** The texts before and behind the spans of each line, one after another. */
  readonly text: string;
  /** Of each line: the lengths of these two texts, and how many runs of spans are between. */
  readonly lines: Uint32Array;
  /** Of each run: the number of its batch, its first span, and how many spans follow one another. */
  readonly runs: Uint32Array;
}

/** The answer of the thread at the end: why not all lines are written, in words. Empty: all are. */
export type WrittenLines = string;

/**
 * Writes lines into a file on a thread. Meanwhile the caller may use the spans that the lines are made of: they lie in memory
 * that threads share ({@link SpanBatch}), and are not copied.
 */
export class LineThread {
  readonly #file: number;
  readonly #worker = startThread(moduleBeside(import.meta.url, 'line-worker'));
  readonly #written = Promise.withResolvers<WrittenLines>();
  readonly #sets = new Map<SpanWords, { readonly set: number; sent: WordCounts }>();
  readonly #batches = new Map<Rows, number>();
  #newBatches: GivenLines['batches'][number][] = [];
  #texts: string[] = [];
  #lines: number[] = [];
  #runs: number[] = [];

  /** @param file open for writing; lines come behind what is in it */
  constructor(file: number) {
    this.#file = file;
    this.#worker.on('message', (problem: WrittenLines) => this.#written.resolve(problem));
    this.#worker.on('error', (error) => this.#written.resolve(String(error)));
  }

  add({ before, spans, after }: PackedLine): void {
    let runs = 0;
    let last: { rows: Rows; next: number } | undefined;
    for (const { rows, at } of spans) {
      if (last?.rows === rows && last.next === at) {
        this.#runs[this.#runs.length - 1] = (this.#runs.at(-1) ?? 0) + 1;
        last.next += 1;
        continue;
      }
      this.#runs.push(this.#numberOf(rows), at, 1);
      last = { rows, next: at + 1 };
      runs += 1;
    }
    this.#texts.push(before, after);
    this.#lines.push(before.length, after.length, runs);
    if (this.#lines.length >= 3 * AT_ONCE) this.#send();
  }

  /** Lines without spans, as they are. */
  text(lines: string): void {
    this.add({ before: lines, spans: [], after: '' });
  }

  /** Waits until all lines are written, and ends the thread. @returns why they are not; undefined: they are */
  async finish(): Promise<Error | undefined> {
    this.#send();
    this.#worker.postMessage('end');
    const problem = await this.#written.promise;
    await this.#worker.terminate();
    return problem === '' ? undefined : new Error(problem);
  }

  /** Ends the thread, whatever it has still to write. */
  stop(): void {
    void this.#worker.terminate();
  }

  #numberOf(rows: Rows): number {
    const known = this.#batches.get(rows);
    if (known !== undefined) return known;
    const number = this.#batches.size;
    this.#batches.set(rows, number);
    this.#newBatches.push({ set: this.#setOf(rows.words).set, batch: rows.batch });
    return number;
  }

  #setOf(words: SpanWords): { readonly set: number; sent: WordCounts } {
    const known = this.#sets.get(words);
    if (known !== undefined) return known;
    const made = { set: this.#sets.size, sent: NONE };
    this.#sets.set(words, made);
    return made;
  }

  #send(): void {
    if (this.#lines.length === 0) return;
    const words: GivenLines['words'][number][] = [];
    for (const [all, known] of this.#sets) {
      const { counts } = all;
      if (counts.texts > known.sent.texts || counts.frames > known.sent.frames)
        words.push({ set: known.set, words: all.since(known.sent) });
      known.sent = counts;
    }
    const given: GivenLines = {
      file: this.#file,
      words,
      batches: this.#newBatches,
      text: this.#texts.join(''),
      lines: Uint32Array.from(this.#lines),
      runs: Uint32Array.from(this.#runs),
    };
    this.#worker.postMessage(given);
    this.#newBatches = [];
    this.#texts = [];
    this.#lines = [];
    this.#runs = [];
  }
}
