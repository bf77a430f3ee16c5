import { Worker } from 'node:worker_threads';
import { type NewWords, type SpanBatch, SpanWords } from '../model/packed-spans.ts';
import type { Trace } from '../model/trace.ts';
import type { GivenBucket, ReadBucket } from './bucket-reader.ts';

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

/** A bucket that came back, with what the numbers in it mean. */
export interface TakenBucket {
  readonly read: ReadBucket;
  readonly words: SpanWords;
}

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: unknown) => void;
}

/** One thread, which answers in the order of what it was given. */
class Reader {
  readonly #worker = new Worker(
    new URL(import.meta.url.endsWith('.ts') ? 'trace-worker.ts' : 'trace-worker.js', import.meta.url),
    { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB } },
  );
  readonly #words = new SpanWords();
  readonly #bucketWords = new SpanWords();
  readonly #waiting: Waiting[] = [];

  constructor() {
    this.#worker.on('message', (answer: unknown) => this.#waiting.shift()?.resolve(answer as never));
    this.#worker.on('error', (error) => {
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    });
  }

  async read(bytes: Uint8Array<ArrayBuffer>): Promise<TakenPiece> {
    const piece = await this.#ask<ReadPiece>(bytes, bytes.buffer);
    return { bytes: piece.bytes, at: piece.at, traces: this.#words.traces(piece) };
  }

  async readBucket(bucket: GivenBucket): Promise<TakenBucket> {
    return { read: await this.#ask<ReadBucket>(bucket, bucket.bytes.buffer), words: this.#bucketWords };
  }

  async #ask<Answer>(question: unknown, moved: ArrayBuffer): Promise<Answer> {
    return await new Promise<Answer>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(question, [moved]);
    });
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}

/**
 * Reads pieces of a dump of Jaeger's, or buckets of spans, in two threads, and gives them back in the order in which they were
 * handed over. The threads are started when there is something to read.
 */
export class TraceWorkers {
  #readers: readonly Reader[] = [];
  readonly #pieces: Promise<TakenPiece>[] = [];
  readonly #buckets: Promise<TakenBucket>[] = [];
  #next = 0;

  /** False: a piece or a bucket has to be taken back first. */
  get hasRoom(): boolean {
    return this.#pieces.length + this.#buckets.length < MOST_UNDER_WAY;
  }

  /** @param bytes alone in their buffer, which goes to the worker */
  hand(bytes: Uint8Array<ArrayBuffer>): void {
    this.#pieces.push(lookedAtLater(this.#reader().read(bytes)));
  }

  /** @param bucket whose bytes are alone in their buffer, which goes to the worker */
  handBucket(bucket: GivenBucket): void {
    this.#buckets.push(lookedAtLater(this.#reader().readBucket(bucket)));
  }

  /** The piece that was handed over first; undefined: none is under way. */
  async take(): Promise<TakenPiece | undefined> {
    return await this.#pieces.shift();
  }

  /** The bucket that was handed over first; undefined: none is under way. */
  async takeBucket(): Promise<TakenBucket | undefined> {
    return await this.#buckets.shift();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#readers.map((reader) => reader.stop()));
  }

  #reader(): Reader {
    if (this.#readers.length === 0) this.#readers = Array.from({ length: WORKERS }, () => new Reader());
    const reader = this.#readers[this.#next % WORKERS] as Reader;
    this.#next += 1;
    return reader;
  }
}

/** Its error is one of the turn when it is taken. */
function lookedAtLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
