// Over 250 lines: a span is packed in one pass over arrays that belong together.

import { sharedBatch } from './shared-batch.ts';
import { grown } from './slice-memo.ts';
import { SPAN_KINDS, type SpanKind } from './span.ts';
import type { NewWords, SpanBatch } from './span-words.ts';

/** Most different keys, sets of keys, services and frames. A span beyond them is read the plain way. */
const MOST_KEYS = 4096;
const MOST_TABLES = 2048;
const MOST_SERVICES = 4096;
const MOST_FRAMES = 2 ** 16;
/** Most tags of a span. */
const MOST_TAGS = 200;

interface Key {
  readonly name: string;
  /** Two random numbers. Their sums are the mark of a set of keys. */
  readonly marks: readonly [number, number];
}

interface PackedTable {
  readonly number: number;
  readonly width: number;
  /** By the number of the key; -1: it has not got it. */
  readonly places: Int16Array;
}

/** Packs spans, as far as they are like others. Whatever reads them numbers their tags first ({@link pair}). */
export class SpanPacker {
  readonly #keys: Key[] = [];
  readonly #keyNumbers = new Map<string, number>();
  readonly #tables = new Map<number, PackedTable>();
  readonly #services = new Map<string, number>();
  readonly #operations = new Map<string, number>();
  readonly #frames = new Map<number, number>();
  #texts: string[] = [];
  #newTables: (readonly string[])[] = [];
  #newFrames: NewWords['frames'][number][] = [];
  /** By the number of a pair, that of its key. */
  #pairKeys = new Uint16Array(1024);
  #pairs = 0;
  /** By key, the last span that had it. */
  readonly #lastSpan = new Float64Array(MOST_KEYS);
  #span = 0;
  readonly #own = new Uint32Array(MOST_TAGS);
  #count = 0;
  #markA = 0;
  #markB = 0;
  #traces = 0;
  #spans = 0;
  #used = 0;
  /** Of traces that are whole. */
  #closedSpans = 0;
  #closedCells = 0;
  #batch = 0;
  /** By pair, its place in the palette of the batch that it was last in. */
  #placeOf = new Uint32Array(0);
  #placedIn = new Uint32Array(0);
  #traceIds = new Uint8Array(32 * 64);
  #counts = new Uint32Array(64);
  #ids = new Uint8Array(16 * 512);
  #parentIds = new Uint8Array(16 * 512);
  #starts = new Float64Array(512);
  #durations = new Float64Array(512);
  #frameOf = new Uint32Array(512);
  #offsets = new Uint32Array(512);
  #operationOf = new Uint32Array(512);
  #serviceOf = new Uint32Array(512);
  #kindOf = new Uint8Array(512);
  #tableOf = new Uint16Array(512);
  #cells = new Uint32Array(2 ** 14);
  #narrow = new Uint16Array(2 ** 14);

  /** Traces that no batch has yet. */
  get traces(): number {
    return this.#traces;
  }

  /** @returns the number of a tag that was not seen yet; -1: there are too many keys, or it is one that no object can have */
  pair(name: string, text: string): number {
    let key = this.#keyNumbers.get(name);
    if (key === undefined) {
      if (this.#keys.length === MOST_KEYS || name === '__proto__') return -1;
      key = this.#keys.length;
      this.#keyNumbers.set(name, key);
      this.#keys.push({ name, marks: [scattered(key + 1), scattered(key + 1 + MOST_KEYS)] });
    }
    const pair = this.#pairs;
    if (pair === this.#pairKeys.length) this.#pairKeys = grown(this.#pairKeys, pair + 1, Uint16Array);
    this.#pairKeys[pair] = key;
    this.#texts.push(text);
    this.#pairs += 1;
    return pair;
  }

  /** Different keys of the tags that were given for the open span. */
  get tags(): number {
    return this.#count;
  }

  startTags(): void {
    this.#span += 1;
    this.#count = 0;
    this.#markA = 0;
    this.#markB = 0;
  }

  /** The first of several tags with one key counts. @returns false: there are too many */
  tag(pair: number): boolean {
    const key = this.#pairKeys[pair] as number;
    if (this.#lastSpan[key] === this.#span) return true;
    this.#lastSpan[key] = this.#span;
    if (this.#count === MOST_TAGS) return false;
    const { marks } = this.#keys[key] as Key;
    this.#markA = (this.#markA + marks[0]) | 0;
    this.#markB = (this.#markB + marks[1]) | 0;
    this.#own[this.#count] = pair;
    this.#count += 1;
    return true;
  }

  /** @returns the number of a service or an operation; -1: there are too many */
  service(name: string): number {
    return numberOf(this.#services, name, MOST_SERVICES);
  }

  operation(name: string): number {
    return numberOf(this.#operations, name, MOST_FRAMES);
  }

  /**
   * The span whose tags were given, at the end of the open trace.
   * @param idAt where the digits of its id begin in these bytes
   * @param parentAt the same of its parent's; -1: it has none
   * @param kind its place in SPAN_KINDS
   * @param service a number, whose meaning is given at the end of the trace
   * @returns false: it does not fit, and the trace has to be taken back
   */
  span(
    bytes: Uint8Array,
    idAt: number,
    parentAt: number,
    startMicros: number,
    durationMicros: number,
    kind: number,
    operation: number,
    service: number,
  ): boolean {
    const mark = (this.#markA >>> 0) * 2 ** 21 + (this.#markB & (2 ** 21 - 1));
    const table = this.#tables.get(mark) ?? this.#newTable(mark);
    if (table === undefined || table.width !== this.#count) return false;
    const at = this.#spans;
    if (at === this.#starts.length) this.#growSpans();
    const offset = this.#used;
    const { places, width } = table;
    if (offset + width > this.#cells.length) this.#cells = grown(this.#cells, offset + width, Uint32Array);
    const cells = this.#cells;
    for (let index = 0; index < width; index += 1) {
      const pair = this.#own[index] as number;
      const place = places[this.#pairKeys[pair] as number];
      // Another set of keys with the same mark.
      if (place === undefined || place < 0) return false;
      cells[offset + place] = pair;
    }
    this.#used += width;
    copy(bytes, idAt, this.#ids, 16 * at, 16);
    if (parentAt < 0) this.#parentIds[16 * at] = 0;
    else copy(bytes, parentAt, this.#parentIds, 16 * at, 16);
    this.#starts[at] = startMicros;
    this.#durations[at] = durationMicros;
    this.#offsets[at] = offset;
    this.#operationOf[at] = operation;
    this.#serviceOf[at] = service;
    this.#kindOf[at] = kind;
    this.#tableOf[at] = table.number;
    this.#spans += 1;
    return true;
  }

  /**
   * Ends the open trace.
   * @param serviceOf what the number given with each span means
   * @returns false: it does not fit, and is taken back
   */
  endTrace(bytes: Uint8Array, idAt: number, serviceOf: (given: number) => number): boolean {
    const trace = this.#traces;
    const first = this.#closedSpans;
    for (let at = first; at < this.#spans; at += 1) {
      const service = serviceOf(this.#serviceOf[at] as number);
      const frame = service < 0 ? -1 : this.#frame(at, service);
      if (frame < 0) {
        this.takeBack();
        return false;
      }
      this.#frameOf[at] = frame;
    }
    if (trace === this.#counts.length) {
      this.#counts = grown(this.#counts, trace + 1, Uint32Array);
      this.#traceIds = grown(this.#traceIds, 32 * (trace + 1), Uint8Array);
    }
    copy(bytes, idAt, this.#traceIds, 32 * trace, 32);
    this.#counts[trace] = this.#spans - first;
    this.#closedSpans = this.#spans;
    this.#closedCells = this.#used;
    this.#traces += 1;
    return true;
  }

  /** Forgets the spans of the open trace. */
  takeBack(): void {
    this.#spans = this.#closedSpans;
    this.#used = this.#closedCells;
  }

  /** What was packed since the last call, in memory that threads share. */
  finish(): { readonly batch: SpanBatch; readonly words: NewWords } {
    const spans = this.#spans;
    const words = { texts: this.#texts, tables: this.#newTables, frames: this.#newFrames };
    const batch = sharedBatch({
      traceIds: this.#traceIds.subarray(0, 32 * this.#traces),
      counts: this.#counts.subarray(0, this.#traces),
      ids: this.#ids.subarray(0, 16 * spans),
      parentIds: this.#parentIds.subarray(0, 16 * spans),
      startMicros: this.#starts.subarray(0, spans),
      durationMicros: this.#durations.subarray(0, spans),
      frames: this.#frameOf.subarray(0, spans),
      offsets: this.#offsets.subarray(0, spans),
      ...this.#narrowed(),
    });
    this.#texts = [];
    this.#newTables = [];
    this.#newFrames = [];
    this.#traces = 0;
    this.#spans = 0;
    this.#used = 0;
    this.#closedSpans = 0;
    this.#closedCells = 0;
    return { batch, words };
  }

  /** A few thousand pairs are in a batch, so that two bytes say which one it is; without a palette four do. */
  #narrowed(): Pick<SpanBatch, 'cells' | 'palette'> {
    if (this.#placeOf.length < this.#pairs) {
      this.#placeOf = new Uint32Array(this.#pairKeys.length);
      this.#placedIn = new Uint32Array(this.#pairKeys.length);
    }
    this.#batch += 1;
    const used = this.#used;
    const wide = this.#cells;
    if (this.#narrow.length < used) this.#narrow = grown(this.#narrow, used, Uint16Array);
    const cells = this.#narrow;
    const palette: number[] = [];
    for (let at = 0; at < used; at += 1) {
      const pair = wide[at] as number;
      if (this.#placedIn[pair] !== this.#batch) {
        if (palette.length === 2 ** 16) return { cells: wide.subarray(0, used), palette: new Uint32Array(0) };
        this.#placedIn[pair] = this.#batch;
        this.#placeOf[pair] = palette.length;
        palette.push(pair);
      }
      cells[at] = this.#placeOf[pair] as number;
    }
    return { cells: cells.subarray(0, used), palette: Uint32Array.from(palette) };
  }

  #newTable(mark: number): PackedTable | undefined {
    if (this.#tables.size === MOST_TABLES) return undefined;
    const own = Array.from(this.#own.subarray(0, this.#count), (pair) => this.#pairKeys[pair] as number);
    const sorted = own.toSorted((a, b) => ((this.#keys[a] as Key).name < (this.#keys[b] as Key).name ? -1 : 1));
    const places = new Int16Array(this.#keys.length).fill(-1);
    for (const [place, key] of sorted.entries()) places[key] = place;
    const table = { number: this.#tables.size, width: own.length, places };
    this.#tables.set(mark, table);
    this.#newTables.push(sorted.map((key) => (this.#keys[key] as Key).name));
    return table;
  }

  #frame(at: number, service: number): number {
    const operation = this.#operationOf[at] as number;
    const kind = this.#kindOf[at] as number;
    const table = this.#tableOf[at] as number;
    // 16 + 12 + 3 + 11 bits.
    const name = ((operation * MOST_SERVICES + service) * 8 + kind) * MOST_TABLES + table;
    const known = this.#frames.get(name);
    if (known !== undefined) return known;
    const number = this.#frames.size;
    if (number === MOST_FRAMES) return -1;
    this.#frames.set(name, number);
    this.#newFrames.push({
      kind: SPAN_KINDS[kind] as SpanKind,
      service: nameOf(this.#services, service),
      operation: nameOf(this.#operations, operation),
      table,
    });
    return number;
  }

  #growSpans(): void {
    const least = this.#spans + 1;
    this.#ids = grown(this.#ids, 16 * least, Uint8Array);
    this.#parentIds = grown(this.#parentIds, 16 * least, Uint8Array);
    this.#starts = grown(this.#starts, least, Float64Array);
    this.#durations = grown(this.#durations, least, Float64Array);
    this.#frameOf = grown(this.#frameOf, least, Uint32Array);
    this.#offsets = grown(this.#offsets, least, Uint32Array);
    this.#operationOf = grown(this.#operationOf, least, Uint32Array);
    this.#serviceOf = grown(this.#serviceOf, least, Uint32Array);
    this.#kindOf = grown(this.#kindOf, least, Uint8Array);
    this.#tableOf = grown(this.#tableOf, least, Uint16Array);
  }
}

function copy(from: Uint8Array, at: number, to: Uint8Array, toAt: number, length: number): void {
  for (let index = 0; index < length; index += 1) to[toAt + index] = from[at + index] as number;
}

function numberOf(numbers: Map<string, number>, name: string, most: number): number {
  const known = numbers.get(name);
  if (known !== undefined) return known;
  const number = numbers.size;
  if (number === most) return -1;
  numbers.set(name, number);
  return number;
}

function nameOf(numbers: ReadonlyMap<string, number>, wanted: number): string {
  for (const [name, number] of numbers) if (number === wanted) return name;
  return '';
}

/** 32 bits that say nothing of the number: sums of a few are different for different numbers. */
function scattered(number: number): number {
  let bits = Math.imul(number, 0x9e3779b1);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
