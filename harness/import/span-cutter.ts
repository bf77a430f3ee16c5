import { JsonSkip, KINDS } from './json-skip.ts';

/** A span, and its place in an item. */
export interface CutSpan {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
  /** Which list of spans of the item it lies in; of Zipkin's, always 0. */
  readonly scope: number;
  readonly nth: number;
}

/** Where in an item the next byte lies: in a group of OTLP, in its list of scopes, in a scope, in a list of spans. */
const GROUP = 0;
const SCOPES = 1;
const SCOPE = 2;
const SPANS = 3;
/** The key under which a way leads on, by where it is. */
const WAYS: readonly (string | undefined)[] = ['scopeSpans', undefined, 'spans'];
const OPEN_OBJECT = 0x7b;
const OPEN_LIST = 0x5b;
const COMMA = Buffer.from(',');
const LONGEST_KEY = 100;

/**
 * Cuts the spans out of an item of a list, which comes piece by piece: a group of OTLP, or a list of Zipkin's spans. It holds
 * one span and the rest of the item. It checks no JSON: the parser of the spans and of the rest does. Of spans that are not
 * objects, or do not lie where they should, the rest has all.
 */
export class SpanCutter {
  readonly #cut: (span: CutSpan) => void;
  readonly #broken: (byte: number) => never;
  #skip = new JsonSkip();
  #where = GROUP;
  /** Where the item is over. */
  #outermost = GROUP;
  /** The depth of a value that is passed over; 0: there is none. */
  #top = 0;
  #inSpan = false;
  #scope = 0;
  #nth = 0;
  #hasSpan = false;
  #needsSpan = false;
  /** The list of spans has an item that is not an object; and that item goes on with the next byte. */
  #hasOther = false;
  #inWord = false;
  #key = '';
  #text: Buffer[] = [];
  #rest: Buffer[] = [];
  #span: Buffer[] = [];

  /** @param broken the byte of the chunk that does not belong there */
  constructor(cut: (span: CutSpan) => void, broken: (byte: number) => never) {
    this.#cut = cut;
    this.#broken = broken;
  }

  /** @param opening the brace or the bracket with which the item begins, which {@link push} gets too */
  start(opening: number): void {
    this.#skip = new JsonSkip();
    this.#outermost = opening === OPEN_LIST ? SPANS : GROUP;
    this.#where = -1;
    this.#top = 0;
    this.#inSpan = false;
    this.#scope = opening === OPEN_LIST ? 0 : -1;
    this.#nth = 0;
    this.#key = '';
    this.#text = [];
    this.#rest = [];
    this.#span = [];
  }

  /** The item without its spans, once {@link push} has found its end. */
  rest(): Buffer {
    return this.#rest.length === 1 ? (this.#rest[0] as Buffer) : Buffer.concat(this.#rest);
  }

  /** @returns behind the end of the item; -1: it goes on in the next chunk */
  push(chunk: Buffer, start: number): number {
    const skip = this.#skip;
    let at = start;
    // Where what goes to the rest, or the open span, begins.
    let from = start;
    while (at < chunk.length) {
      if (this.#top > 0) {
        at = skip.inside(chunk, at, this.#top);
        if (skip.depth > this.#top) break;
        this.#top = 0;
        if (!this.#inSpan) continue;
        this.#endSpan(chunk, from, at);
        from = at;
        continue;
      }
      if (skip.inText) {
        at = this.#textEnd(chunk, at);
        continue;
      }
      const byte = chunk[at] as number;
      const kind = KINDS[byte] as number;
      this.#inWord &&= kind === 0;
      if (this.#where === SPANS && this.#inSpans(at, byte, kind)) {
        this.#keep(chunk, from, at);
        from = this.#inSpan ? at : at + 1;
      }
      at += 1;
      if (kind === 6) {
        skip.inText = true;
        this.#text = [];
      } else if (kind === 5) this.#key = Buffer.concat(this.#text).toString('utf8');
      else if (kind === 2) this.#open(byte);
      else if (kind === 3 && this.#close()) {
        this.#keep(chunk, from, at);
        return at;
      }
    }
    if (from < chunk.length) {
      if (this.#inSpan) this.#span.push(Buffer.from(chunk.subarray(from)));
      else this.#keep(chunk, from, chunk.length);
    }
    return -1;
  }

  /** @returns true: what begins here, a span or a comma behind one, is not kept in the rest */
  #inSpans(at: number, byte: number, kind: number): boolean {
    if (kind === 4) {
      if (!this.#hasSpan || this.#needsSpan) this.#broken(at);
      this.#needsSpan = true;
      return true;
    }
    if (kind === 3) {
      if (this.#needsSpan) this.#broken(at);
      return false;
    }
    if (kind === 1 || this.#inWord) return false;
    if (this.#hasSpan && !this.#needsSpan) this.#broken(at);
    this.#hasSpan = true;
    this.#needsSpan = false;
    this.#inSpan = byte === OPEN_OBJECT;
    if (this.#inSpan) return true;
    // A number, a text or a list: the reader of the rest refuses it.
    if (this.#hasOther) this.#rest.push(COMMA);
    this.#hasOther = true;
    this.#inWord = kind === 0;
    return false;
  }

  #open(byte: number): void {
    const skip = this.#skip;
    const depth = skip.depth;
    skip.depth += 1;
    if (this.#where < 0) {
      this.#enter(this.#outermost);
      return;
    }
    const isOnWay =
      this.#where === SCOPES
        ? byte === OPEN_OBJECT
        : byte === OPEN_LIST && WAYS[this.#where] !== undefined && this.#key === WAYS[this.#where];
    if (isOnWay) this.#enter(this.#where + 1);
    else this.#top = depth;
  }

  #enter(where: number): void {
    this.#where = where;
    this.#key = '';
    if (where === SCOPE) this.#scope += 1;
    if (where !== SPANS) return;
    this.#nth = 0;
    this.#hasSpan = false;
    this.#needsSpan = false;
    this.#hasOther = false;
  }

  /** @returns true: the item is over */
  #close(): boolean {
    this.#skip.depth -= 1;
    if (this.#where === this.#outermost) return true;
    this.#where -= 1;
    return false;
  }

  #endSpan(chunk: Buffer, from: number, to: number): void {
    const place = { scope: this.#scope, nth: this.#nth };
    this.#inSpan = false;
    this.#nth += 1;
    if (this.#span.length === 0) {
      this.#cut({ bytes: chunk, from, to, ...place });
      return;
    }
    const bytes = Buffer.concat([...this.#span.splice(0), chunk.subarray(from, to)]);
    this.#cut({ bytes, from: 0, to: bytes.length, ...place });
  }

  #textEnd(chunk: Buffer, start: number): number {
    const at = this.#skip.textEnd(chunk, start);
    const end = this.#skip.inText ? at : at - 1;
    // A longer one is not a key of a way.
    if (end - start < LONGEST_KEY && this.#text.length < LONGEST_KEY)
      this.#text.push(Buffer.from(chunk.subarray(start, end)));
    else this.#text = [];
    return at;
  }

  #keep(chunk: Buffer, from: number, to: number): void {
    if (to > from) this.#rest.push(Buffer.from(chunk.subarray(from, to)));
  }
}
