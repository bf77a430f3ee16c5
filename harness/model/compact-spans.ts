import type { SpanId, TraceId } from './ids.ts';
import { plainSpan, READ_TAG, type Span, type SpanKind } from './span.ts';
import { secondName } from './tag-names.ts';

/** Spans with the same keys get columns when so many were seen; before that their tags stay as they are. */
const SPANS_BEFORE_COLUMNS = 256;
/** Most sets of keys that are counted. */
const MOST_TABLES = 2000;
/** Frames of one operation that are looked through. */
const MOST_RECENT = 16;
/** Spans per block of a column: a power of two. */
const BLOCK = 1024;
const BLOCK_BITS = 10;
/** A block with more new texts than this holds the texts themselves, and so do those after it. */
const MOST_NEW = BLOCK / 4;
/** Texts that a column numbers. */
const MOST_NUMBERED = 2 ** 16;

/**
 * The texts of one key, of all spans with the same set of keys. Most keys have few texts, so that one byte says which it is;
 * texts that nearly every span has for itself are held as they are.
 */
class Column {
  readonly #blocks: (Uint8Array | Uint16Array | string[])[] = [];
  readonly #texts: string[] = [];
  readonly #numbers = new Map<string, number>();
  #newInBlock = 0;
  #isPlain = false;
  #last: string | undefined;
  #lastNumber = 0;

  add(row: number, text: string): void {
    const at = row & (BLOCK - 1);
    if (at === 0) this.#begin();
    const last = this.#blocks.length - 1;
    const block = this.#blocks[last];
    if (block === undefined) return;
    if (Array.isArray(block)) {
      block.push(text);
      return;
    }
    // Spans of one trace come one after another, and have much in common.
    let number = text === this.#last ? this.#lastNumber : this.#numbers.get(text);
    if (number === undefined) {
      if (this.#texts.length === MOST_NUMBERED || this.#newInBlock === MOST_NEW) {
        this.#isPlain = true;
        const texts = Array.from(block.subarray(0, at), (one) => this.#texts[one] ?? '');
        texts.push(text);
        this.#blocks[last] = texts;
        return;
      }
      number = this.#texts.length;
      this.#texts.push(text);
      this.#numbers.set(text, number);
      this.#newInBlock += 1;
    }
    this.#last = text;
    this.#lastNumber = number;
    if (number > 0xff && block instanceof Uint8Array) {
      const wider = Uint16Array.from(block);
      wider[at] = number;
      this.#blocks[last] = wider;
    } else block[at] = number;
  }

  get(row: number): string {
    const item = this.#blocks[row >> BLOCK_BITS]?.[row & (BLOCK - 1)];
    return typeof item === 'number' ? (this.#texts[item] ?? '') : (item ?? '');
  }

  #begin(): void {
    this.#newInBlock = 0;
    if (this.#isPlain) {
      this.#blocks.push([]);
      // The numbers are needed for new texts only.
      this.#numbers.clear();
    } else this.#blocks.push(this.#texts.length <= 0x100 ? new Uint8Array(BLOCK) : new Uint16Array(BLOCK));
  }
}

/** Spans with one set of keys. */
class Table {
  readonly keys: readonly string[];
  #spans = 0;
  #rows = 0;
  #columns: ReadonlyMap<string, Column> | undefined;
  /** As JSON.parse makes it, so that a copy has a fixed layout: filled key by key it takes seven times the memory. */
  readonly #template: Readonly<Record<string, string>>;

  constructor(keys: readonly string[]) {
    this.keys = keys;
    this.#template = JSON.parse(JSON.stringify(Object.fromEntries(keys.map((key) => [key, '']))));
  }

  /** @returns its row; undefined: the spans with these keys are still so few */
  add(tags: Readonly<Record<string, string>>, few: number): number | undefined {
    this.#spans += 1;
    if (this.#spans <= few) return undefined;
    this.#columns ??= new Map(this.keys.map((key) => [key, new Column()]));
    const row = this.#rows;
    this.#rows += 1;
    for (const [key, column] of this.#columns) column.add(row, tags[key] ?? '');
    return row;
  }

  read(row: number, key: string): string | undefined {
    const own = this.#columns?.get(key);
    if (own !== undefined) return own.get(row);
    const second = secondName(key);
    return second === undefined ? undefined : this.#columns?.get(second)?.get(row);
  }

  tags(row: number): Record<string, string> {
    const tags = { ...this.#template };
    for (const [key, column] of this.#columns ?? []) tags[key] = column.get(row);
    return tags;
  }
}

/** The part that many spans have in common. */
interface Frame extends Pick<Span, 'kind' | 'service' | 'operation'> {
  readonly table: Table;
}

/** A span whose tags lie in the columns of a {@link CompactSpans}. It is read, written and shown as any other. */
class CompactSpan implements Span {
  readonly traceId: TraceId;
  readonly id: SpanId;
  declare readonly parentId?: SpanId;
  readonly startMicros: number;
  readonly durationMicros: number;
  readonly #frame: Frame;
  readonly #row: number;

  constructor(span: Span, frame: Frame, row: number) {
    this.traceId = span.traceId;
    this.id = span.id;
    if (span.parentId !== undefined) this.parentId = span.parentId;
    this.startMicros = span.startMicros;
    this.durationMicros = span.durationMicros;
    this.#frame = frame;
    this.#row = row;
  }

  get kind(): SpanKind {
    return this.#frame.kind;
  }

  get service(): string {
    return this.#frame.service;
  }

  get operation(): string {
    return this.#frame.operation;
  }

  get tags(): Readonly<Record<string, string>> {
    return this.#frame.table.tags(this.#row);
  }

  [READ_TAG](key: string): string | undefined {
    return this.#frame.table.read(this.#row, key);
  }

  toJSON(): Span {
    return plainSpan(this);
  }
}

/**
 * Makes spans that take little memory, of a dump or a capture with hundreds of thousands: an object of tags takes 230 bytes,
 * a row of columns about 40. Their order of tags is that of their keys' table, which is the one they came with. A copy of such
 * a span by `{ ...span }` lacks most of it, so nothing in the harness makes one.
 */
export class CompactSpans {
  readonly #tables = new Map<string, Table>();
  /** By operation, the frames that were seen last: mostly one of them is that of the next span. */
  readonly #recent = new Map<string, Frame[]>();
  /** Ids of the trace, so that an id and a parent's id are one text. */
  readonly #ids = new Map<SpanId, SpanId>();

  readonly #few: number;

  /** @param few spans with the same keys that keep their tags as they are. Default: 256 */
  constructor(few = SPANS_BEFORE_COLUMNS) {
    this.#few = few;
  }

  /** @param spans of one trace, or of one group of spans */
  of(spans: readonly Span[]): readonly Span[] {
    this.#ids.clear();
    for (const { id } of spans) this.#ids.set(id, id);
    return spans.map((span) => this.#span(span));
  }

  #span(span: Span): Span {
    const keys = Object.keys(span.tags);
    const frame = this.#frameOf(span, keys);
    const row = frame?.table.add(span.tags, this.#few);
    if (frame === undefined || row === undefined) return span;
    const parentId = span.parentId === undefined ? undefined : this.#ids.get(span.parentId);
    return new CompactSpan(parentId === undefined ? span : { ...span, parentId }, frame, row);
  }

  #frameOf({ kind, service, operation }: Span, keys: readonly string[]): Frame | undefined {
    const recent = this.#recent.get(operation) ?? [];
    for (const frame of recent)
      if (frame.kind === kind && frame.service === service && isSame(frame.table.keys, keys)) return frame;
    const table = this.#tableOf(keys);
    if (table === undefined) return undefined;
    const frame = { kind, service, operation, table };
    if (recent.length === MOST_RECENT) recent.shift();
    recent.push(frame);
    if (this.#recent.size >= MOST_TABLES) this.#recent.clear();
    this.#recent.set(operation, recent);
    return frame;
  }

  #tableOf(keys: readonly string[]): Table | undefined {
    const name = JSON.stringify(keys);
    const known = this.#tables.get(name);
    if (known !== undefined) return known;
    if (this.#tables.size >= MOST_TABLES || keys.includes('__proto__')) return undefined;
    const table = new Table(keys);
    this.#tables.set(name, table);
    return table;
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}
