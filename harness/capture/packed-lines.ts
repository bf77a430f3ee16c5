import { PackedSpan } from '../model/packed-spans.ts';
import { grown } from '../model/slice-memo.ts';
import type { Span } from '../model/span.ts';
import type { Rows } from '../model/span-rows.ts';
import type { Frame, SpanWords } from '../model/span-words.ts';
import type { CapturePart } from './part.ts';

/** Bytes that are collected before they are written. */
const AT_ONCE = 2 ** 20;
/** Tags whose JSON is kept, bytes. */
const MOST_KEPT = 2 ** 21;

/** A line: the text before its spans, which is all of it where there are none, and the text behind them. */
export interface PackedLine {
  readonly before: string;
  readonly spans: readonly PackedSpan[];
  readonly after: string;
}

/** @returns undefined: it is not a trace whose spans lie in rows */
export function packedLine(part: CapturePart): PackedLine | undefined {
  if (part.type !== 'trace' && part.type !== 'fragment') return undefined;
  const fields: object = part.type === 'trace' ? part.trace : part.fragment;
  const { spans } = part.type === 'trace' ? part.trace : part.fragment;
  if (spans.length === 0 || !spans.every(isPacked)) return undefined;
  const texts = [`{"type":"${part.type}","${part.type}":{`, ''];
  let comma = '';
  let at = 0;
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    texts[at] += name === 'spans' ? `${comma}"spans":[` : `${comma}${JSON.stringify(name)}:${JSON.stringify(value)}`;
    comma = ',';
    if (name === 'spans') at = 1;
  }
  const [before = '', after = ''] = texts;
  return { before, spans, after: `]${after}}}\n` };
}

/**
 * The lines of traces whose spans lie in rows, made as bytes: the same to the byte as CaptureEncoder makes them. A tag is
 * turned into JSON once and copied after that. They are written by the mebibyte.
 */
export class PackedLines {
  #bytes = new Uint8Array(0);
  #used = 0;
  #isFirst = true;
  /** How often they were written: what was made before lies here no longer. */
  #flushes = 0;
  readonly #words = new Map<SpanWords, WordBytes>();

  add({ before, spans, after }: PackedLine, write: (bytes: Uint8Array) => void): void {
    this.begin(before);
    for (const { rows, at } of spans) this.span(rows, at);
    this.end(after, write);
  }

  /** A line from here on; its spans follow, and then {@link end}. */
  begin(before: string): void {
    this.#text(before);
    this.#isFirst = true;
  }

  end(after: string, write: (bytes: Uint8Array) => void): void {
    this.#text(after);
    if (this.#used >= AT_ONCE) this.flush(write);
  }

  flush(write: (bytes: Uint8Array) => void): void {
    if (this.#used > 0) write(this.#bytes.subarray(0, this.#used));
    this.#used = 0;
    this.#flushes += 1;
  }

  span(rows: Rows, at: number): void {
    if (!this.#isFirst) this.#ascii(',');
    this.#isFirst = false;
    const words = this.#words.get(rows.words) ?? this.#newWords(rows.words);
    const frame = rows.frame(at);
    this.#ascii('{"traceId":"');
    this.#room(32);
    rows.copyTraceId(at, this.#bytes, this.#used);
    this.#used += 32;
    this.#ascii('","id":"');
    this.#room(16);
    rows.copyId(at, this.#bytes, this.#used);
    this.#used += 16;
    if (rows.hasParent(at)) {
      this.#ascii('","parentId":"');
      this.#room(16);
      rows.copyParentId(at, this.#bytes, this.#used);
      this.#used += 16;
    }
    this.#ascii('",');
    const known = words.frame(frame);
    this.#copy(known.json);
    this.#ascii(JSON.stringify(rows.startMicros[at]));
    this.#ascii(',"durationMicros":');
    this.#ascii(JSON.stringify(rows.durationMicros[at]));
    this.#ascii(',"tags":{');
    this.#tags(rows, at, words, known);
    this.#ascii('}}');
  }

  /** Tags that the last span of this frame had too, one after another, are copied from there at once. */
  #tags(rows: Rows, at: number, words: WordBytes, { table, last }: KnownFrame): void {
    const { written, keys } = table;
    const { pairs, places } = last;
    const isHere = last.flush === this.#flushes;
    for (let index = 0; index < written.length; ) {
      const start = index;
      const from = places[start] as number;
      while (isHere && index < written.length) {
        if (rows.pair(at, written[index] as number) !== pairs[index]) break;
        index += 1;
      }
      if (index > start) {
        const length = (places[index] as number) - from;
        this.#room(length);
        this.#bytes.copyWithin(this.#used, from, from + length);
        const moved = this.#used - from;
        for (let one = start; one < index; one += 1) places[one] = (places[one] as number) + moved;
        this.#used += length;
        if (index === written.length) break;
      }
      const place = written[index] as number;
      const pair = rows.pair(at, place);
      if (!words.has(pair)) words.add(pair, keys[place] as string, rows.words.texts[pair] as string);
      places[index] = this.#used;
      pairs[index] = pair;
      this.#pair(words, pair, index > 0);
      index += 1;
    }
    places[written.length] = this.#used;
    last.flush = this.#flushes;
  }

  #newWords(words: SpanWords): WordBytes {
    const made = new WordBytes();
    this.#words.set(words, made);
    return made;
  }

  #pair(words: WordBytes, pair: number, hasComma: boolean): void {
    const start = words.starts[pair] as number;
    const length = words.lengths[pair] as number;
    this.#room(length + 1);
    const to = this.#bytes;
    let at = this.#used;
    if (hasComma) {
      to[at] = 0x2c;
      at += 1;
    }
    const from = words.bytes;
    for (let index = 0; index < length; index += 1) to[at + index] = from[start + index] as number;
    this.#used = at + length;
  }

  #copy(from: Uint8Array): void {
    this.#room(from.length);
    const to = this.#bytes;
    const at = this.#used;
    for (let index = 0; index < from.length; index += 1) to[at + index] = from[index] as number;
    this.#used = at + from.length;
  }

  #ascii(text: string): void {
    this.#room(text.length);
    const to = this.#bytes;
    const at = this.#used;
    for (let index = 0; index < text.length; index += 1) to[at + index] = text.charCodeAt(index);
    this.#used = at + text.length;
  }

  #text(text: string): void {
    this.#copy(Buffer.from(text, 'utf8'));
  }

  #room(more: number): void {
    if (this.#used + more > this.#bytes.length) this.#bytes = grown(this.#bytes, AT_ONCE + more, Uint8Array);
  }
}

/** A frame, and the tags of its last span: where each lies, with the comma before it, and where the last one ends. */
interface KnownFrame {
  /** From the kind to the time. */
  readonly json: Uint8Array;
  readonly table: Frame['table'];
  readonly last: { flush: number; readonly pairs: Uint32Array; readonly places: Uint32Array };
}

/** The JSON of tags and frames, as bytes. */
class WordBytes {
  /** By pair, where its JSON is; a length of 0: nowhere. */
  starts = new Uint32Array(1024);
  lengths = new Uint32Array(1024);
  bytes = new Uint8Array(2 ** 15);
  #used = 0;
  readonly #frames = new Map<Frame, KnownFrame>();

  has(pair: number): boolean {
    return pair < this.lengths.length && this.lengths[pair] !== 0;
  }

  add(pair: number, key: string, text: string): void {
    const json = Buffer.from(`${JSON.stringify(key)}:${JSON.stringify(text)}`, 'utf8');
    if (this.#used + json.length > MOST_KEPT) {
      this.lengths.fill(0);
      this.#used = 0;
    }
    if (pair >= this.lengths.length) {
      this.starts = grown(this.starts, pair + 1, Uint32Array);
      this.lengths = grown(this.lengths, pair + 1, Uint32Array);
    }
    if (this.#used + json.length > this.bytes.length)
      this.bytes = grown(this.bytes, this.#used + json.length, Uint8Array);
    this.bytes.set(json, this.#used);
    this.starts[pair] = this.#used;
    this.lengths[pair] = json.length;
    this.#used += json.length;
  }

  frame(frame: Frame): KnownFrame {
    const known = this.#frames.get(frame);
    if (known !== undefined) return known;
    const { kind, service, operation, table } = frame;
    const tags = table.written.length;
    const made = {
      json: Buffer.from(`${JSON.stringify({ kind, service, operation }).slice(1, -1)},"startMicros":`, 'utf8'),
      table,
      last: { flush: -1, pairs: new Uint32Array(tags), places: new Uint32Array(tags + 1) },
    };
    this.#frames.set(frame, made);
    return made;
  }
}

function isPacked(span: Span): span is PackedSpan {
  return span instanceof PackedSpan;
}
