import type { SpanId, TraceId } from './ids.ts';
import { plainSpan, READ_TAG, type Span, type SpanKind } from './span.ts';
import { secondName } from './tag-names.ts';
import type { Trace } from './trace.ts';

/** What many spans have in common. */
export interface Frame extends Pick<Span, 'kind' | 'service' | 'operation'> {
  readonly table: Table;
}

/** Spans with one set of keys, in the order of their names. */
interface Table {
  readonly keys: readonly string[];
  readonly places: ReadonlyMap<string, number>;
  /** Their places as an object has them: keys that are numbers come first. */
  readonly written: readonly number[];
  /** As JSON.parse makes it, so that a copy is an object with a fixed layout. */
  readonly template: Readonly<Record<string, string>>;
}

/** The words that are new to {@link SpanWords} since a batch before: plain data, which can go to another thread. */
export interface NewWords {
  readonly texts: readonly string[];
  readonly tables: readonly (readonly string[])[];
  readonly frames: readonly {
    readonly kind: SpanKind;
    readonly service: string;
    readonly operation: string;
    /** Its number among all tables. */
    readonly table: number;
  }[];
}

/** Some traces, whose spans follow one another: plain data, of which nothing but bytes goes to another thread. */
export interface SpanBatch {
  /** 32 digits each. */
  readonly traceIds: Uint8Array;
  /** Spans per trace. */
  readonly counts: Uint32Array;
  /** 16 digits each. */
  readonly ids: Uint8Array;
  /** As {@link ids}; 0 as the first byte: it has none. */
  readonly parentIds: Uint8Array;
  readonly startMicros: Float64Array;
  readonly durationMicros: Float64Array;
  /** By span, its frame, and where its row begins. */
  readonly frames: Uint32Array;
  readonly offsets: Uint32Array;
  /** Rows of tags: numbers of pairs, by their place in {@link palette}; where that is empty, the numbers themselves. */
  readonly cells: Uint16Array | Uint32Array;
  readonly palette: Uint32Array;
}

/** What the numbers in batches of one {@link SpanPacker} mean, and the spans that they are of. */
export class SpanWords {
  /** The text of a tag, by the number of the pair of key and text. */
  readonly texts: string[] = [];
  readonly frames: Frame[] = [];
  readonly #tables: Table[] = [];

  /** The traces of a batch. Each batch once, in the order in which they were packed. */
  traces({ batch, words }: { readonly batch: SpanBatch; readonly words: NewWords }): Trace[] {
    for (const text of words.texts) this.texts.push(text);
    for (const keys of words.tables) this.#tables.push(tableOf(keys));
    for (const { table, ...frame } of words.frames)
      this.frames.push({ ...frame, table: this.#tables[table] ?? tableOf([]) });
    const traceIds = Buffer.from(batch.traceIds.buffer, batch.traceIds.byteOffset, batch.traceIds.byteLength);
    const ids = Buffer.from(batch.ids.buffer, batch.ids.byteOffset, batch.ids.byteLength);
    const parentIds = Buffer.from(batch.parentIds.buffer, batch.parentIds.byteOffset, batch.parentIds.byteLength);
    const rows = new Rows(this, batch);
    const traces: Trace[] = [];
    // An id and a parent's id are one text.
    const known = new Map<string, SpanId>();
    let at = 0;
    for (let trace = 0; trace < batch.counts.length; trace += 1) {
      const id = traceIds.toString('latin1', 32 * trace, 32 * trace + 32) as TraceId;
      const spans: Span[] = new Array<Span>(batch.counts[trace] ?? 0);
      const own: SpanId[] = [];
      known.clear();
      for (let index = 0; index < spans.length; index += 1) {
        const from = 16 * (at + index);
        const spanId = ids.toString('latin1', from, from + 16) as SpanId;
        own.push(spanId);
        known.set(spanId, spanId);
      }
      for (let index = 0; index < spans.length; index += 1, at += 1) {
        const from = 16 * at;
        const parentId = parentIds[from] === 0 ? undefined : (parentIds.toString('latin1', from, from + 16) as SpanId);
        spans[index] = new PackedSpan(
          id,
          own[index] as SpanId,
          parentId === undefined ? undefined : (known.get(parentId) ?? parentId),
          rows,
          at,
        );
      }
      traces.push({ id, spans });
    }
    return traces;
  }
}

function tableOf(keys: readonly string[]): Table {
  const template = JSON.parse(`{${keys.map((key) => `${JSON.stringify(key)}:""`).join(',')}}`) as Table['template'];
  const places = new Map(keys.map((key, place) => [key, place]));
  return { keys, places, template, written: Object.keys(template).map((key) => places.get(key) ?? 0) };
}

/** The rows of a batch. */
export class Rows {
  readonly startMicros: Float64Array;
  readonly durationMicros: Float64Array;
  readonly words: SpanWords;
  readonly #frames: Uint32Array;
  readonly #offsets: Uint32Array;
  readonly #cells: Uint16Array | Uint32Array;
  readonly #palette: Uint32Array;

  constructor(words: SpanWords, { startMicros, durationMicros, frames, offsets, cells, palette }: SpanBatch) {
    this.words = words;
    this.startMicros = startMicros;
    this.durationMicros = durationMicros;
    this.#frames = frames;
    this.#offsets = offsets;
    this.#cells = cells;
    this.#palette = palette;
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

/** A span whose tags lie in a row of a {@link SpanBatch}. It is read, written and shown as any other. */
export class PackedSpan implements Span {
  readonly traceId: TraceId;
  readonly id: SpanId;
  declare readonly parentId?: SpanId;
  readonly #rows: Rows;
  readonly #at: number;

  constructor(traceId: TraceId, id: SpanId, parentId: SpanId | undefined, rows: Rows, at: number) {
    this.traceId = traceId;
    this.id = id;
    if (parentId !== undefined) this.parentId = parentId;
    this.#rows = rows;
    this.#at = at;
  }

  get rows(): Rows {
    return this.#rows;
  }

  /** Its place in them. */
  get at(): number {
    return this.#at;
  }

  get kind(): SpanKind {
    return this.#rows.frame(this.#at).kind;
  }

  get service(): string {
    return this.#rows.frame(this.#at).service;
  }

  get operation(): string {
    return this.#rows.frame(this.#at).operation;
  }

  get startMicros(): number {
    return this.#rows.startMicros[this.#at] as number;
  }

  get durationMicros(): number {
    return this.#rows.durationMicros[this.#at] as number;
  }

  get tags(): Readonly<Record<string, string>> {
    const { keys, template } = this.#rows.frame(this.#at).table;
    const tags: Record<string, string> = { ...template };
    for (let place = 0; place < keys.length; place += 1) tags[keys[place] as string] = this.#rows.text(this.#at, place);
    return tags;
  }

  [READ_TAG](key: string): string | undefined {
    const { places } = this.#rows.frame(this.#at).table;
    let place = places.get(key);
    if (place === undefined) {
      const second = secondName(key);
      place = second === undefined ? undefined : places.get(second);
    }
    return place === undefined ? undefined : this.#rows.text(this.#at, place);
  }

  toJSON(): Span {
    return plainSpan(this);
  }
}
