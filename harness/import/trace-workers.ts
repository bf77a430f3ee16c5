import { Worker } from 'node:worker_threads';
import { type NewWords, type SpanBatch, SpanWords } from '../model/packed-spans.ts';
import type { Trace } from '../model/trace.ts';

/** Two: on two cores the thread that reads and splits the file has little to do. */
const WORKERS = 2;
/** Pieces that are on their way, so that each worker finds the next one when it is done. */
const MOST_UNDER_WAY = 2 * WORKERS;

/** A worker makes hardly any objects. */
const YOUNG_MIB = 4;

/** What a worker made of a piece: plain data, and no spans, whose copy would cost more than to read them here. */
export interface ReadPiece {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** How many traces were taken, and where the last of them ends. */
  readonly traces: number;
  readonly at: number;
  readonly batch: SpanBatch;
  readonly words: NewWords;
}

/** A piece that came back, with the traces that were taken of it. */
export interface TakenPiece extends Pick<ReadPiece, 'bytes' | 'at'> {
  readonly traces: readonly Trace[];
}

interface Waiting {
  readonly resolve: (piece: ReadPiece) => void;
  readonly reject: (error: unknown) => void;
}

/** One thread, which answers in the order of what it was given. */
class Reader {
  readonly #worker = new Worker(
    new URL(import.meta.url.endsWith('.ts') ? 'trace-worker.ts' : 'trace-worker.js', import.meta.url),
    { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB } },
  );
  readonly #words = new SpanWords();
  readonly #waiting: Waiting[] = [];

  constructor() {
    this.#worker.on('message', (piece: ReadPiece) => this.#waiting.shift()?.resolve(piece));
    this.#worker.on('error', (error) => {
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    });
  }

  async read(bytes: Uint8Array<ArrayBuffer>): Promise<TakenPiece> {
    const piece = await new Promise<ReadPiece>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(bytes, [bytes.buffer]);
    });
    return { bytes: piece.bytes, at: piece.at, traces: this.#words.traces(piece) };
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Reads pieces of a dump of Jaeger's in two threads, and gives them back in the order in which they were handed over. */
export class TraceWorkers {
  readonly #readers = Array.from({ length: WORKERS }, () => new Reader());
  readonly #underWay: Promise<TakenPiece>[] = [];
  #next = 0;

  /** False: a piece has to be taken back first. */
  get hasRoom(): boolean {
    return this.#underWay.length < MOST_UNDER_WAY;
  }

  /** @param bytes alone in their buffer, which goes to the worker */
  hand(bytes: Uint8Array<ArrayBuffer>): void {
    const reader = this.#readers[this.#next % WORKERS] as Reader;
    this.#next += 1;
    const taken = reader.read(bytes);
    // It is looked at when its turn comes.
    taken.catch(() => undefined);
    this.#underWay.push(taken);
  }

  /** The piece that was handed over first; undefined: none is under way. */
  async take(): Promise<TakenPiece | undefined> {
    return await this.#underWay.shift();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#readers.map((reader) => reader.stop()));
  }
}
