import { grown } from '../model/slice-memo.ts';
import { HashedNumbers } from './hashed-numbers.ts';
import { ScratchFile } from './scratch-file.ts';
import { BEHIND, type GroupContext, HEADER } from './span-records.ts';

/** So many bytes of spans are held in memory. When more have come, all go to a file in the folder for temporary files. */
export const MOST_HELD_BYTES = 32 * 2 ** 20;
/**
 * When a bucket has so many bytes, new traces go to the next one. It grows with the later spans of its traces, to a few times
 * of that, and is read as a whole.
 */
const FULL_BYTES = 2 ** 19;
const BLOCK_BYTES = 2 ** 14;
/** Spans of one file and one row are one reading. */
export interface Reading {
  readonly file: string;
  /** Its place among BACKEND_ROWS. */
  readonly row: number;
}

export interface BucketsOptions {
  /** Default {@link MOST_HELD_BYTES}. */
  readonly mostHeldBytes?: number;
  /** Where the file is made. Default: the system's folder for temporary files. */
  readonly folder?: string;
}

interface Bucket {
  /** Blocks of memory that are full, and the last one, which is not. */
  blocks: Uint8Array[];
  used: number;
  /** In the file: place and length of each part. */
  readonly parts: [number, number][];
  bytes: number;
}

/**
 * The spans of dumps whose traces lie scattered, as bytes, by trace: all spans of a trace are in one bucket, in the order in
 * which they came. One bucket at a time is read. Beyond {@link MOST_HELD_BYTES} they lie in a {@link ScratchFile}.
 */
export class SpanBuckets implements Disposable {
  readonly readings: Reading[] = [];
  readonly #contexts: GroupContext[] = [];
  readonly #contextNumbers = new Map<string, number>();
  /** By group: in which document and where in its list it lies, and its context + 1; 0: none yet. */
  #documents = new Uint32Array(1024);
  #items = new Uint32Array(1024);
  #contextOf = new Uint32Array(1024);
  #groups = 0;
  readonly #buckets: Bucket[] = [];
  /** By the hash of a trace, its bucket. Two traces of one hash share a bucket, which does no harm. */
  readonly #places = new HashedNumbers();
  readonly #options: BucketsOptions;
  #free: Uint8Array[] = [];
  #held = 0;
  #file: ScratchFile | undefined;
  readonly #header = new DataView(new ArrayBuffer(HEADER.bytes));
  readonly #headerBytes = Buffer.from(this.#header.buffer);

  constructor(options: BucketsOptions = {}) {
    this.#options = options;
  }

  /** @returns its number; the same for what was given before */
  reading(file: string, row: number): number {
    const known = this.readings.findLastIndex((one) => one.file === file && one.row === row);
    if (known >= 0) return known;
    this.readings.push({ file, row });
    return this.readings.length - 1;
  }

  /** @returns the number of a new group. Its spans are left out until {@link close} says what they are. */
  open(document: number, item: number): number {
    const group = this.#groups;
    if (group === this.#documents.length) {
      this.#documents = grown(this.#documents, group + 1, Uint32Array);
      this.#items = grown(this.#items, group + 1, Uint32Array);
      this.#contextOf = grown(this.#contextOf, group + 1, Uint32Array);
    }
    this.#documents[group] = document;
    this.#items[group] = item;
    this.#groups += 1;
    return group;
  }

  close(group: number, context: GroupContext): void {
    const name = JSON.stringify([context.reading, context.list, context.service]);
    let number = this.#contextNumbers.get(name);
    if (number === undefined) {
      number = this.#contexts.length;
      this.#contexts.push(context);
      this.#contextNumbers.set(name, number);
    }
    this.#contextOf[group] = number + 1;
  }

  /** The number of the next group. */
  get nextGroup(): number {
    return this.#groups;
  }

  /** Leaves out the spans of all groups from this one on. */
  drop(from: number): void {
    this.#contextOf.fill(0, from, this.#groups);
  }

  /** undefined: its spans are left out. */
  groupAt(group: number): (GroupContext & { readonly document: number; readonly item: number }) | undefined {
    const context = this.#contexts[(this.#contextOf[group] ?? 0) - 1];
    return context && { ...context, document: this.#documents[group] ?? 0, item: this.#items[group] ?? 0 };
  }

  /** The number of what its spans have in common; undefined: they are left out. */
  contextOf(group: number): number | undefined {
    const number = this.#contextOf[group] ?? 0;
    return number === 0 ? undefined : number - 1;
  }

  get contexts(): readonly GroupContext[] {
    return this.#contexts;
  }

  /**
   * @param hash {@link hashOfId} of its trace
   * @param scope,nth where in the group it lies @throws ImportError
   */
  add(hash: number, group: number, scope: number, nth: number, bytes: Buffer, from: number, to: number): void {
    const header = this.#header;
    header.setUint32(HEADER.length, to - from, true);
    header.setUint32(HEADER.group, group, true);
    header.setUint32(HEADER.scope, scope, true);
    header.setUint32(HEADER.nth, nth, true);
    const bucket = this.#bucketOf(hash);
    this.#append(bucket, this.#headerBytes, 0, HEADER.bytes);
    this.#append(bucket, bytes, from, to);
    if (this.#held > (this.#options.mostHeldBytes ?? MOST_HELD_BYTES)) this.#spill();
  }

  /**
   * The buckets that are not empty, one after another, each as records: a {@link HEADER} and the bytes of a span. Nothing is
   * added from then on.
   * @param roomFor memory of at least so many bytes @throws ImportError
   */
  *drain(roomFor: (bytes: number) => Uint8Array<ArrayBuffer>): Generator<Uint8Array<ArrayBuffer>> {
    if (this.#file !== undefined) {
      this.#spill();
      this.#free = [];
    }
    for (const bucket of this.#buckets) {
      const { parts, blocks, used } = bucket;
      const held = blocks.length * BLOCK_BYTES - (BLOCK_BYTES - used);
      const length = parts.reduce((sum, [, bytes]) => sum + bytes, Math.max(0, held));
      if (length === 0) continue;
      const room = roomFor(length + BEHIND).subarray(0, length);
      let at = 0;
      for (const [place, bytes] of parts) {
        this.#file?.read(room.subarray(at, at + bytes), place);
        at += bytes;
      }
      for (const [index, block] of blocks.entries()) {
        const bytes = index === blocks.length - 1 ? used : BLOCK_BYTES;
        room.set(block.subarray(0, bytes), at);
        at += bytes;
      }
      bucket.blocks = [];
      bucket.used = BLOCK_BYTES;
      yield room;
    }
  }

  [Symbol.dispose](): void {
    this.#file?.[Symbol.dispose]();
    this.#file = undefined;
  }

  /** Traces that begin one after another share a bucket: they are looked at one after another later on. */
  #bucketOf(hash: number): Bucket {
    const known = this.#places.get(hash);
    if (known >= 0) return this.#buckets[known] as Bucket;
    const last = this.#buckets.at(-1);
    if (last === undefined || last.bytes > FULL_BYTES)
      this.#buckets.push({ blocks: [], used: BLOCK_BYTES, parts: [], bytes: 0 });
    this.#places.set(hash, this.#buckets.length - 1);
    return this.#buckets[this.#buckets.length - 1] as Bucket;
  }

  #append(bucket: Bucket, bytes: Buffer, from: number, to: number): void {
    bucket.bytes += to - from;
    for (let at = from; at < to; ) {
      if (bucket.used === BLOCK_BYTES) {
        bucket.blocks.push(this.#free.pop() ?? new Uint8Array(BLOCK_BYTES));
        bucket.used = 0;
        this.#held += BLOCK_BYTES;
      }
      const block = bucket.blocks[bucket.blocks.length - 1] as Uint8Array;
      const count = Math.min(to - at, BLOCK_BYTES - bucket.used);
      bytes.copy(block, bucket.used, at, at + count);
      bucket.used += count;
      at += count;
    }
  }

  #spill(): void {
    this.#file ??= new ScratchFile(this.#options.folder);
    const pieces = this.#buckets.map(({ blocks, used }) =>
      blocks.map((block, index) => block.subarray(0, index === blocks.length - 1 ? used : BLOCK_BYTES)),
    );
    let place = this.#file.append(pieces.flat());
    for (const [index, bucket] of this.#buckets.entries()) {
      const length = (pieces[index] ?? []).reduce((sum, { length }) => sum + length, 0);
      if (length > 0) bucket.parts.push([place, length]);
      place += length;
      this.#free.push(...bucket.blocks);
      bucket.blocks = [];
      bucket.used = BLOCK_BYTES;
    }
    this.#held = 0;
  }
}
