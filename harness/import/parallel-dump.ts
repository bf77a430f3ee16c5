import type { Trace } from '../model/trace.ts';
import { UsedMemory } from '../system/used-memory.ts';
import type { DumpStream } from './dump-stream.ts';
import { type TakenPiece, TraceWorkers } from './trace-workers.ts';

/** How a trace of Jaeger's begins, with its id between. */
const BEFORE_ID = Buffer.from('{"traceID":"');
const BEHIND_ID = Buffer.from('","spans":[');
const ID_BYTES = 32;
const COMMA = 0x2c;
/** A trace that is longer goes to the stream piece by piece, bytes. */
const LONGEST_OPEN = 16 * 2 ** 20;

/** Memory for pieces. */
const STEP_BYTES = 2 ** 18;
const MOST_KEPT = 8;

/**
 * A dump whose traces are read by two threads. Bytes are cut where a trace of Jaeger's seems to begin. Whether one does is
 * decided by the {@link DumpStream}, which goes through all pieces in their order: where it is not before a trace, or where
 * a piece was not taken whole, it reads the bytes itself. So it gives and refuses the same as if it had read them all.
 */
export class ParallelDump {
  readonly #stream: DumpStream;
  readonly #isShared: boolean;
  readonly #workers: TraceWorkers;
  readonly #memory = new UsedMemory(STEP_BYTES, MOST_KEPT);
  /** From the last place on where a trace seems to begin. */
  #open: Buffer | undefined;

  /** @param shared threads that others use too, one after another. Default: two that only this dump uses */
  constructor(stream: DumpStream, shared?: TraceWorkers) {
    this.#stream = stream;
    this.#workers = shared ?? new TraceWorkers();
    this.#isShared = shared !== undefined;
  }

  /** @param chunk is copied @throws ImportError */
  async push(chunk: Buffer): Promise<void> {
    if (this.#open === undefined && this.#stream.isInOtherList) {
      await this.#settle();
      this.#stream.push(chunk);
      return;
    }
    const bytes = this.#joined(chunk);
    const last = lastBeginning(bytes);
    if (last < 0) {
      this.#open = undefined;
      await this.#settle();
      this.#stream.push(bytes);
      // The stream has copied what it keeps.
      this.#memory.give(bytes.buffer);
      return;
    }
    // Up to the first of them the stream has to say whether it is a trace that begins.
    const first = this.#open === undefined ? firstBeginning(bytes) : 0;
    if (first > 0) {
      await this.#settle();
      this.#stream.push(Buffer.from(bytes.subarray(0, first)));
    }
    this.#open = Buffer.from(bytes.subarray(last));
    if (last > first) {
      if (!this.#workers.hasRoom) this.#add(await this.#workers.take());
      this.#workers.hand(bytes.subarray(first, last));
    }
    if (this.#open.length <= LONGEST_OPEN) return;
    await this.#settle();
    this.#pushOpen();
  }

  /** {@link DumpStream.end} */
  async end(): Promise<readonly Trace[] | undefined> {
    await this.#settle();
    this.#pushOpen();
    return this.#stream.end();
  }

  /** {@link DumpStream.take} */
  async take(): Promise<readonly Trace[] | undefined> {
    await this.#settle();
    this.#pushOpen();
    return this.#stream.take();
  }

  /** {@link DumpStream.close} */
  async close(isWhole: boolean): Promise<boolean> {
    await this.#settle();
    this.#pushOpen();
    return this.#stream.close(isWhole);
  }

  /** Ends the threads, where they are not shared. Pieces that are under way are forgotten. */
  async stop(): Promise<void> {
    if (this.#isShared) while ((await this.#workers.take()) !== undefined);
    else await this.#workers.stop();
  }

  /** What is open and this, alone in their buffer. */
  #joined(chunk: Buffer): Buffer<ArrayBuffer> {
    const open = this.#open?.length ?? 0;
    const bytes = Buffer.from(this.#memory.take(open + chunk.length), 0, open + chunk.length);
    this.#open?.copy(bytes, 0);
    chunk.copy(bytes, open);
    return bytes;
  }

  #pushOpen(): void {
    if (this.#open !== undefined) this.#stream.push(this.#open);
    this.#open = undefined;
  }

  async #settle(): Promise<void> {
    for (let piece = await this.#workers.take(); piece !== undefined; piece = await this.#workers.take())
      this.#add(piece);
  }

  #add(piece: TakenPiece | undefined): void {
    if (piece === undefined) return;
    const bytes = Buffer.from(piece.bytes.buffer, piece.bytes.byteOffset, piece.bytes.byteLength);
    const { traces, at } = piece;
    if (!this.#stream.isBeforeTrace || traces.length === 0) {
      this.#stream.push(bytes);
      return;
    }
    // The comma is passed over with the traces; behind it nothing but space may come before the next piece.
    const comma = bytes.indexOf(COMMA, at);
    if (comma < 0 || bytes.subarray(at, comma).some(isNoSpace)) {
      this.#stream.push(bytes);
      return;
    }
    this.#stream.skip(traces, comma + 1);
    if (comma + 1 < bytes.length) this.#stream.push(Buffer.from(bytes.subarray(comma + 1)));
    this.#memory.give(piece.bytes.buffer);
  }
}

function isNoSpace(byte: number): boolean {
  return byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09;
}

function firstBeginning(bytes: Buffer): number {
  for (let at = bytes.indexOf(BEHIND_ID); at >= 0; at = bytes.indexOf(BEHIND_ID, at + 1)) {
    const start = beginningBefore(bytes, at);
    if (start >= 0) return start;
  }
  return -1;
}

function lastBeginning(bytes: Buffer): number {
  for (let at = bytes.lastIndexOf(BEHIND_ID); at >= 0; at = at === 0 ? -1 : bytes.lastIndexOf(BEHIND_ID, at - 1)) {
    const start = beginningBefore(bytes, at);
    if (start >= 0) return start;
  }
  return -1;
}

/** @returns -1: no trace begins there */
function beginningBefore(bytes: Buffer, behindId: number): number {
  const start = behindId - ID_BYTES - BEFORE_ID.length;
  return start >= 0 && bytes.compare(BEFORE_ID, 0, BEFORE_ID.length, start, start + BEFORE_ID.length) === 0
    ? start
    : -1;
}
