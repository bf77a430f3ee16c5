import { tracesOf } from '../model/packed-spans.ts';
import { SpanWords } from '../model/span-words.ts';
import type { Trace } from '../model/trace.ts';
import { moduleBeside, ReadingThreads } from '../system/reading-threads.ts';
import type { ReadLines } from './piece-reader.ts';

/** Lines that came back, with the traces whose spans were in them. */
export interface TakenLines extends Pick<ReadLines, 'bytes' | 'used' | 'isPacked'> {
  readonly traces: readonly Trace[];
}

/**
 * Reads lines of a capture in two threads, and gives them back in the order in which they were handed over. The threads are
 * started when there is something to read.
 */
export class PieceWorkers {
  readonly #threads = new ReadingThreads(moduleBeside(import.meta.url, 'piece-worker'), () => new SpanWords());
  readonly #pieces = this.#threads.queue<Uint8Array<ArrayBuffer>, ReadLines, TakenLines>(takenLines);

  /** False: a piece has to be taken back first. */
  get hasRoom(): boolean {
    return this.#threads.hasRoom;
  }

  /** @param bytes whole lines, whose buffer goes to the worker */
  hand(bytes: Uint8Array<ArrayBuffer>): void {
    this.#pieces.hand(bytes, bytes.buffer);
  }

  /** The piece that was handed over first; undefined: none is under way. */
  async take(): Promise<TakenLines | undefined> {
    return await this.#pieces.take();
  }

  async stop(): Promise<void> {
    await this.#threads.stop();
  }
}

/** @param words those of the reader that read them */
export function takenLines(read: ReadLines, words: SpanWords): TakenLines {
  const { bytes, used, isPacked } = read;
  return { bytes, used, isPacked, traces: tracesOf(words, read) };
}
