/** Most slices that are remembered; then it begins anew. */
const MOST = 2 ** 16;
/** Longer ones are not remembered, bytes. */
const LONGEST = 2 ** 16;
/** Places at which slices are expected: a power of two. */
const EXPECTED = 2 ** 13;
const NO_ENTRY = -1;

/**
 * Remembers what slices of bytes mean: a dump has the same few thousand tags again and again, so that each is parsed once and
 * then found by its bytes. Found is only what is equal byte for byte.
 */
export class SliceMemo {
  /** An entry's number + 1; a power of two, at most half full. */
  #slots = new Int32Array(1024);
  #hashes = new Int32Array(512);
  #values = new Int32Array(512);
  /** Where the bytes of an entry begin; those of the next one end it. */
  #starts = new Int32Array(513);
  /** The entry + 1 that came behind it last. */
  #nexts = new Int32Array(512);
  #arena = new Uint8Array(2 ** 15);
  #words = new DataView(this.#arena.buffer);
  #count = 0;
  /** By what a caller expects, the entries + 1 that came last there: mostly one of them comes again. */
  readonly #expected = new Int32Array(EXPECTED * 2);
  #last = NO_ENTRY;
  /** Where the slice that {@link expect} or {@link expectNext} found ends. */
  end = 0;

  /**
   * A slice of a kind that delimits itself, such as an object, whose end is not known yet.
   * @param place any number; slices that come at it are expected there again
   * @returns what {@link add} was given; -1: another one is here
   */
  expect(view: DataView, from: number, place: number): number {
    const slot = (place & (EXPECTED - 1)) * 2;
    const first = this.#expected[slot] as number;
    if (first > 0 && this.#begins(first - 1, view, from)) return this.#found(first - 1);
    const second = this.#expected[slot + 1] as number;
    if (second === 0 || !this.#begins(second - 1, view, from)) return -1;
    this.#expected[slot] = second;
    this.#expected[slot + 1] = first;
    return this.#found(second - 1);
  }

  /** As {@link expect}, of the slice that came behind the last one when that came before. */
  expectNext(view: DataView, from: number): number {
    if (this.#last < 0) return -1;
    const next = (this.#nexts[this.#last] as number) - 1;
    return next < 0 || !this.#begins(next, view, from) ? -1 : this.#found(next);
  }

  /** Which slice was found or added last, for {@link followLast}. */
  get last(): number {
    return this.#last;
  }

  /** The slice that was found or added last is expected behind this earlier one from now on. */
  followLast(earlier: number): void {
    if (earlier >= 0 && earlier < this.#count) this.#nexts[earlier] = this.#last + 1;
  }

  #found(entry: number): number {
    this.#last = entry;
    return this.#values[entry] as number;
  }

  /** The slice that was found or added last is expected at this place from now on. */
  expectLast(place: number): void {
    const slot = (place & (EXPECTED - 1)) * 2;
    this.#expected[slot + 1] = this.#expected[slot] as number;
    this.#expected[slot] = this.#last + 1;
  }

  /** @returns what {@link add} was given; -1: not known */
  find(bytes: Uint8Array, from: number, to: number, hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = mixed(hash) & mask; ; slot = (slot + 1) & mask) {
      const entry = (slots[slot] as number) - 1;
      if (entry < 0) return -1;
      if (this.#hashes[entry] === hash && this.#isEqual(entry, bytes, from, to)) {
        this.#last = entry;
        return this.#values[entry] as number;
      }
    }
  }

  /** @param value from 0 on */
  add(bytes: Uint8Array, from: number, to: number, hash: number, value: number): void {
    const length = to - from;
    this.#last = NO_ENTRY;
    if (length > LONGEST || length < 4) return;
    if (this.#count === MOST) this.#clear();
    if (this.#count === this.#hashes.length) this.#grow();
    const entry = this.#count;
    const start = this.#starts[entry] as number;
    if (start + length > this.#arena.length) {
      this.#arena = grown(this.#arena, start + length, Uint8Array);
      this.#words = new DataView(this.#arena.buffer);
    }
    this.#arena.set(bytes.subarray(from, to), start);
    this.#starts[entry + 1] = start + length;
    this.#hashes[entry] = hash;
    this.#values[entry] = value;
    this.#nexts[entry] = 0;
    this.#count += 1;
    this.#last = entry;
    this.#place(entry, hash);
  }

  #begins(entry: number, view: DataView, from: number): boolean {
    const start = this.#starts[entry] as number;
    const length = (this.#starts[entry + 1] as number) - start;
    if (from + length > view.byteLength) return false;
    const words = this.#words;
    // The value is where slices differ, at their end.
    const tail = length - 4;
    if (words.getInt32(start + tail, true) !== view.getInt32(from + tail, true)) return false;
    // Eight bytes at once, as a number. JSON has no zero bytes, so that equal numbers are equal bytes.
    let at = 0;
    for (; at + 8 <= tail; at += 8)
      if (words.getFloat64(start + at, true) !== view.getFloat64(from + at, true)) return false;
    for (; at < tail; at += 4) if (words.getInt32(start + at, true) !== view.getInt32(from + at, true)) return false;
    this.end = from + length;
    return true;
  }

  #isEqual(entry: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.#starts[entry] as number;
    const length = to - from;
    if ((this.#starts[entry + 1] as number) - start !== length) return false;
    const arena = this.#arena;
    for (let at = 0; at < length; at += 1) if (arena[start + at] !== bytes[from + at]) return false;
    return true;
  }

  #place(entry: number, hash: number): void {
    const mask = this.#slots.length - 1;
    let slot = mixed(hash) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = entry + 1;
  }

  #grow(): void {
    const size = this.#hashes.length * 2;
    this.#hashes = grown(this.#hashes, size, Int32Array);
    this.#values = grown(this.#values, size, Int32Array);
    this.#nexts = grown(this.#nexts, size, Int32Array);
    this.#starts = grown(this.#starts, size + 1, Int32Array);
    this.#slots = new Int32Array(size * 2);
    for (let entry = 0; entry < this.#count; entry += 1) this.#place(entry, this.#hashes[entry] as number);
  }

  #clear(): void {
    this.#slots.fill(0);
    this.#expected.fill(0);
    this.#count = 0;
  }
}

/** Looked at by {@link placeOf}, bytes. */
export const PLACE_BYTES = 16;

/** A number for what begins here, by its first 16 bytes. */
export function placeOf(view: DataView, from: number): number {
  let place = view.getInt32(from, true);
  place = Math.imul(place ^ view.getInt32(from + 4, true), 0x9e3779b1);
  place = Math.imul(place ^ (place >>> 15) ^ view.getInt32(from + 8, true), 0x85ebca6b);
  place = Math.imul(place ^ (place >>> 15) ^ view.getInt32(from + 12, true), 0xc2b2ae35);
  return place ^ (place >>> 16);
}

/** A hash whose low bits depend on all others. */
function mixed(hash: number): number {
  return hash ^ (hash >>> 15);
}

interface Bytes<T> {
  readonly length: number;
  set(from: T): void;
}

/** A copy with room for at least so many, and for more to come. */
export function grown<T extends Bytes<T>>(array: T, least: number, type: new (length: number) => T): T {
  const larger = new type(Math.max(least, array.length * 2));
  larger.set(array);
  return larger;
}
