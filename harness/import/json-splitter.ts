// Over 250 lines: one pass over bytes, whose states belong together.
import { JsonSkip, KINDS } from './json-skip.ts';
import { type CutSpan, SpanCutter } from './span-cutter.ts';

/** Where lists of traces or spans stand in an answer; '' is a document that is a list itself. */
const LISTS: ReadonlySet<string> = new Set([
  '',
  'data',
  'resourceSpans',
  'batches',
  'result.resourceSpans',
  'result.batches',
  'trace.resourceSpans',
  'trace.batches',
]);
/** How deep such a list may lie. */
const DEEPEST = 3;

/** Groups of OTLP, and lists of Zipkin's spans. */
function isCut(list: string, opening: number | undefined): boolean {
  return list === '' ? opening === 0x5b : list !== 'data' && opening === 0x7b;
}

/** What {@link JsonSplitter} finds, in the order of the bytes. */
export interface SplitterEvents {
  /** An item of a list, as its JSON. @param list its path, such as `result.resourceSpans` */
  readonly item: (json: Buffer, list: string, index: number) => void;
  /** Where an item of a list begins: items that are whole in these bytes may be taken from here, with the commas between. */
  readonly take?: (chunk: Buffer, at: number, list: string) => { readonly items: number; readonly at: number };
  /**
   * A span in an item of a list: with it an item of OTLP comes without its spans, as does a list of Zipkin's spans. The
   * bytes are those of the chunk, and stay as they are only until the call returns.
   */
  readonly span?: (span: CutSpan, list: string, index: number) => void;
  /** The end of a document: what is left of it without the items. */
  readonly rest: (json: Buffer) => void;
  /** The bytes are not JSON. @param byte counted from the start; absent: it ends too early. */
  readonly broken: (byte?: number) => never;
}

/**
 * Finds where documents and the items of their lists begin and end, in bytes that come piece by piece: one document, or
 * several one after another. It holds no more than one item and the rest of one document. It checks no JSON: the
 * parser of the pieces does. Only the bytes between items are looked at here.
 */
export class JsonSplitter {
  readonly #events: SplitterEvents;
  /** Bytes of the item or of the rest that lie in earlier chunks. */
  #item: Buffer[] = [];
  #rest: Buffer[] = [];
  readonly #skip = new JsonSkip();
  #seen = 0;
  /** The path of the list whose items are being read, and its depth. */
  #list: string | undefined;
  #listDepth = 0;
  #index = 0;
  #inItem = false;
  /** The item goes to the cutter. */
  #isCut = false;
  readonly #cutter: SpanCutter;
  /** In a list: a comma may come; or an item must. */
  #hasItem = false;
  #needsItem = false;
  /** Keys on the way down to a list, and the text that is just being read as one. */
  readonly #keys: string[] = [];
  #keyBytes: Buffer[] | undefined;
  #keyFrom = -1;
  #lastText = '';
  #isObject: boolean[] = [];

  constructor(events: SplitterEvents) {
    this.#events = events;
    this.#cutter = new SpanCutter(
      (span) => events.span?.(span, this.#list ?? '', this.#index),
      (byte) => events.broken(this.#seen + byte),
    );
  }

  push(chunk: Buffer): void {
    let at = 0;
    // Where the current item or rest begins in this chunk.
    let from = 0;
    const length = chunk.length;
    while (at < length) {
      if (this.#isCut) {
        const end = this.#cutter.push(chunk, at);
        if (end < 0) {
          from = length;
          break;
        }
        this.#isCut = false;
        this.#skip.depth = this.#listDepth;
        this.#gotItem(this.#cutter.rest());
        at = end;
        from = end;
        continue;
      }
      if (this.#inItem && this.#skip.depth > this.#listDepth) {
        at = this.#skip.inside(chunk, at, this.#listDepth);
        if (this.#skip.depth > this.#listDepth) break;
        this.#endItem(chunk, from, at);
        from = at;
        continue;
      }
      if (this.#skip.inText) {
        at = this.#skip.textEnd(chunk, at);
        if (!this.#skip.inText && this.#keyBytes !== undefined) this.#takeKey(chunk, at);
        continue;
      }
      const byte = chunk[at] ?? 0;
      const kind = KINDS[byte] ?? 0;
      if (this.#list !== undefined) {
        const next = this.#inList(chunk, at, kind, from);
        at = next.at;
        from = next.from;
        continue;
      }
      at += 1;
      switch (kind) {
        case 2: {
          this.#skip.depth += 1;
          const isObject = byte === 0x7b;
          const path = this.#keys.slice(0, this.#skip.depth - 1).join('.');
          const isList = LISTS.has(path) && (path === '') === (this.#skip.depth === 1);
          if (!isObject && this.#skip.depth <= DEEPEST && isList && this.#isObject.every(Boolean)) {
            this.#list = path;
            this.#listDepth = this.#skip.depth;
            this.#hasItem = false;
            this.#needsItem = false;
            this.#index = 0;
            this.#rest.push(Buffer.from(chunk.subarray(from, at)));
            from = at;
          } else this.#isObject.push(isObject);
          break;
        }
        case 3:
          this.#skip.depth -= 1;
          this.#isObject.pop();
          if (this.#skip.depth < 0) this.#events.broken(this.#seen + at - 1);
          if (this.#skip.depth === 0) from = this.#endRest(chunk, from, at);
          break;
        case 5:
          if (this.#skip.depth > 0 && this.#skip.depth < DEEPEST) this.#keys[this.#skip.depth - 1] = this.#lastText;
          break;
        case 6:
          this.#skip.inText = true;
          if (this.#skip.depth > 0 && this.#skip.depth < DEEPEST) {
            this.#keyBytes = [];
            this.#keyFrom = at;
          }
          break;
      }
    }
    this.#seen += length;
    if (from < length) (this.#inItem ? this.#item : this.#rest).push(Buffer.from(chunk.subarray(from)));
    if (this.#keyBytes !== undefined && this.#skip.inText) {
      this.#keyBytes.push(Buffer.from(chunk.subarray(Math.max(0, this.#keyFrom))));
      this.#keyFrom = 0;
    }
  }

  /** The path of the list that is open; undefined: none is. */
  get list(): string | undefined {
    return this.#list;
  }

  /** The path of the list whose next item begins with the next byte; undefined: something else is next. */
  get nextItemOf(): string | undefined {
    const isBetween = !this.#inItem && (this.#needsItem || !this.#hasItem);
    return isBetween ? this.#list : undefined;
  }

  /** Passes over items that were read elsewhere, with the comma behind the last of them. At {@link nextItemOf} only. */
  skip(items: number, bytes: number): void {
    this.#index += items;
    this.#seen += bytes;
    this.#hasItem = true;
    this.#needsItem = true;
  }

  end(): void {
    if (this.#skip.inText || this.#list !== undefined || this.#skip.depth > 0) this.#events.broken();
    const rest = Buffer.concat(this.#rest);
    if (rest.some((byte) => KINDS[byte] !== 1)) this.#events.rest(rest);
  }

  #takeKey(chunk: Buffer, end: number): void {
    const bytes = Buffer.concat([...(this.#keyBytes ?? []), chunk.subarray(Math.max(0, this.#keyFrom), end - 1)]);
    this.#keyBytes = undefined;
    // No key of a way to a list has a dot, which joins them here.
    this.#lastText = bytes.length > 100 || bytes.includes('.') ? '' : bytes.toString('utf8');
  }

  /** Between the items of a list, or at the outermost level of one. */
  #inList(chunk: Buffer, at: number, kind: number, from: number): { at: number; from: number } {
    if (this.#inItem) {
      // A number, a word or a text, which ends where something else begins.
      if (kind === 0) return { at: at + 1, from };
      this.#endItem(chunk, from, at);
      return { at, from: at };
    }
    if (kind === 1) return { at: at + 1, from: at + 1 };
    if (kind === 4) {
      if (!this.#hasItem || this.#needsItem) this.#events.broken(this.#seen + at);
      this.#needsItem = true;
      return { at: at + 1, from: at + 1 };
    }
    if (kind === 3) {
      if (this.#needsItem) this.#events.broken(this.#seen + at);
      this.#list = undefined;
      this.#skip.depth -= 1;
      if (this.#skip.depth > 0) return { at: at + 1, from: at };
      return { at: at + 1, from: this.#endRest(chunk, at, at + 1) };
    }
    if (this.#hasItem && !this.#needsItem) this.#events.broken(this.#seen + at);
    if (kind === 2 && this.#events.take !== undefined) {
      const taken = this.#events.take(chunk, at, this.#list ?? '');
      if (taken.items > 0) {
        this.#index += taken.items;
        this.#hasItem = true;
        this.#needsItem = false;
        return { at: taken.at, from: taken.at };
      }
    }
    this.#inItem = true;
    if (kind === 2 && this.#events.span !== undefined && isCut(this.#list ?? '', chunk[at])) {
      this.#isCut = true;
      this.#cutter.start(chunk[at] ?? 0);
      return { at, from: at };
    }
    if (kind === 2) this.#skip.depth += 1;
    if (kind === 6) this.#skip.inText = true;
    return { at: at + 1, from: at };
  }

  #endItem(chunk: Buffer, from: number, end: number): void {
    const last = chunk.subarray(from, end);
    const json = this.#item.length === 0 ? last : Buffer.concat([...this.#item, last]);
    this.#item = [];
    this.#gotItem(json);
  }

  #gotItem(json: Buffer): void {
    this.#inItem = false;
    this.#hasItem = true;
    this.#needsItem = false;
    this.#events.item(json, this.#list ?? '', this.#index);
    this.#index += 1;
  }

  #endRest(chunk: Buffer, from: number, end: number): number {
    const last = chunk.subarray(from, end);
    const json = this.#rest.length === 0 ? last : Buffer.concat([...this.#rest, last]);
    this.#rest = [];
    this.#keys.length = 0;
    this.#isObject = [];
    this.#events.rest(json);
    return end;
  }
}
