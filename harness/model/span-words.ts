import type { Span, SpanKind } from './span.ts';

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

/** How many of each kind. */
export type WordCounts = Readonly<Record<keyof NewWords, number>>;

/** What the numbers in batches of one {@link SpanPacker} mean, and the spans that they are of. */
export class SpanWords {
  /** The text of a tag, by the number of the pair of key and text. */
  readonly texts: string[] = [];
  readonly frames: Frame[] = [];
  readonly #tables: Table[] = [];

  /** Each once, in the order in which they came. */
  learn({ texts, tables, frames }: NewWords): void {
    for (const text of texts) this.texts.push(text);
    for (const keys of tables) this.#tables.push(tableOf(keys));
    for (const { table, ...frame } of frames) this.frames.push({ ...frame, table: this.#tables[table] ?? tableOf([]) });
  }

  /** What was learnt beyond so many of each. */
  since({ texts, tables, frames }: WordCounts): NewWords {
    return {
      texts: this.texts.slice(texts),
      tables: this.#tables.slice(tables).map(({ keys }) => keys),
      frames: this.frames
        .slice(frames)
        .map(({ table, ...frame }) => ({ ...frame, table: this.#tables.indexOf(table) })),
    };
  }

  get counts(): WordCounts {
    return { texts: this.texts.length, tables: this.#tables.length, frames: this.frames.length };
  }
}

function tableOf(keys: readonly string[]): Table {
  const template = JSON.parse(`{${keys.map((key) => `${JSON.stringify(key)}:""`).join(',')}}`) as Table['template'];
  const places = new Map(keys.map((key, place) => [key, place]));
  return { keys, places, template, written: Object.keys(template).map((key) => places.get(key) ?? 0) };
}
