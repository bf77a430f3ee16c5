import { tracesOf } from '../model/packed-spans.ts';
import { type NewWords, type SpanBatch, SpanWords } from '../model/span-words.ts';
import type { Trace } from '../model/trace.ts';
import { moduleBeside, ReadingThreads } from '../system/reading-threads.ts';
import type { GivenBucket, ReadBucket } from './bucket-reader.ts';

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

/**
 * Reads pieces of a dump of Jaeger's, or buckets of spans, in two threads, and gives them back in the order in which they were
 * handed over. The threads are started when there is something to read.
 */
export class TraceWorkers {
  readonly #threads = new ReadingThreads(moduleBeside(import.meta.url, 'trace-worker'), () => ({
    ofPieces: new SpanWords(),
    ofBuckets: new SpanWords(),
  }));
  readonly #pieces = this.#threads.queue<Uint8Array<ArrayBuffer>, ReadPiece, TakenPiece>((piece, { ofPieces }) => ({
    bytes: piece.bytes,
    at: piece.at,
    traces: tracesOf(ofPieces, piece),
  }));
  readonly #buckets = this.#threads.queue<GivenBucket, ReadBucket, TakenBucket>((read, { ofBuckets }) => ({
    read,
    words: ofBuckets,
  }));

  /** False: a piece or a bucket has to be taken back first. */
  get hasRoom(): boolean {
    return this.#threads.hasRoom;
  }

  /** @param bytes alone in their buffer, which goes to the worker */
  hand(bytes: Uint8Array<ArrayBuffer>): void {
    this.#pieces.hand(bytes, bytes.buffer);
  }

  /** @param bucket whose bytes are alone in their buffer, which goes to the worker */
  handBucket(bucket: GivenBucket): void {
    this.#buckets.hand(bucket, bucket.bytes.buffer);
  }

  /** The piece that was handed over first; undefined: none is under way. */
  async take(): Promise<TakenPiece | undefined> {
    return await this.#pieces.take();
  }

  /** The bucket that was handed over first; undefined: none is under way. */
  async takeBucket(): Promise<TakenBucket | undefined> {
    return await this.#buckets.take();
  }

  async stop(): Promise<void> {
    await this.#threads.stop();
  }
}
