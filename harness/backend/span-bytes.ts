import { CLOSE_OBJECT, COLON, COMMA, type JsonBytes, OPEN_OBJECT } from '../model/json-bytes.ts';
import { PLACE_BYTES, placeOf, SliceMemo } from '../model/slice-memo.ts';
import { SPAN_KINDS } from '../model/span.ts';
import type { SpanPacker } from '../model/span-packer.ts';

/** Most different texts that are numbered. */
const MOST_TEXTS = 2 ** 20;
export const UNSPECIFIED = SPAN_KINDS.indexOf('unspecified');
/** In front of the key of a tag, `{"key":"`, which says little. */
const KEY_AT = 8;

/** Reads one span from its bytes into a packer, of which the tags were begun. */
export interface SpanReader {
  /**
   * @param from,to where its object lies in the bytes that `json` was started with
   * @param service its number in the packer, where the span itself does not have it
   * @returns false: it is not written as such spans are, and is left to the plain reader. Nothing was packed
   */
  span(from: number, to: number, service: number): boolean;
}

/** What readers of spans from bytes have in common: keys, texts and tags, each of which is parsed once. */
export class SpanBytes {
  readonly json: JsonBytes;
  readonly packer: SpanPacker;
  readonly texts: string[] = [];
  readonly #names = new SliceMemo();
  readonly #tags = new SliceMemo();
  readonly #operations: number[] = [];

  constructor(json: JsonBytes, packer: SpanPacker) {
    this.json = json;
    this.packer = packer;
  }

  /**
   * Goes over the members of an object, most of which come in the order of the list.
   * @param field reads the value of a member, by its place in the list; the list's length: it is another one
   * @returns a bit for each of the list that it has; -1: it is not plain, or has a member twice
   */
  members(keys: readonly Uint8Array[], field: (key: number) => boolean): number {
    const { json } = this;
    if (!json.byte(OPEN_OBJECT)) return -1;
    let seen = 0;
    let likely = 0;
    do {
      json.space();
      const key = this.#key(keys, likely);
      if (key < 0 || (seen & (1 << key)) !== 0) return -1;
      if (key < keys.length) {
        seen |= 1 << key;
        likely = key + 1;
      }
      if (!field(key)) return -1;
    } while (json.byte(COMMA));
    return json.byte(CLOSE_OBJECT) ? seen : -1;
  }

  /**
   * @param first the one that is likely
   * @returns its place in the list; its length: it is another key; -1: it is not plain
   */
  #key(keys: readonly Uint8Array[], first: number): number {
    const { json } = this;
    const likely = keys[first];
    if (likely !== undefined && json.literal(likely)) return json.byte(COLON) ? first : -1;
    for (let index = 0; index < keys.length; index += 1)
      if (json.literal(keys[index] as Uint8Array)) return json.byte(COLON) ? index : -1;
    return json.text() && json.byte(COLON) ? keys.length : -1;
  }

  /** @returns the number of a text in {@link texts}; -1: it is not a plain one */
  name(): number {
    const { json } = this;
    json.space();
    const from = json.at;
    if (!json.text()) return -1;
    const known = this.#names.find(json.bytes, from, json.at, json.hash);
    if (known >= 0) return known;
    const text = parsed(json.bytes, from, json.at);
    if (typeof text !== 'string' || this.texts.length === MOST_TEXTS) return -1;
    const name = this.texts.length;
    this.texts.push(text);
    this.#names.add(json.bytes, from, json.at, json.hash, name);
    return name;
  }

  /** @returns the number of an operation in the packer; -1: it is not a plain text, or there are too many */
  operation(): number {
    const name = this.name();
    if (name < 0) return -1;
    this.#operations[name] ??= this.packer.operation(this.texts[name] ?? '');
    return this.#operations[name];
  }

  /**
   * A tag that is known by its bytes, or else read.
   * @param skipped bytes at its beginning that all of them have
   * @param operation spans of one have much in common
   * @param pass goes over it, and leaves its hash @param read what it says; undefined: it is not plain
   * @returns the number of the pair; -1: it is not plain
   */
  tag(
    skipped: number,
    operation: number,
    pass: () => boolean,
    read: (from: number, to: number) => readonly [string, string] | undefined,
  ): number {
    const { json } = this;
    const tags = this.#tags;
    const { view, at: from } = json;
    if (from + KEY_AT + PLACE_BYTES > view.byteLength) return -1;
    const place = placeOf(view, from + skipped);
    const ofOperation = place ^ Math.imul(operation + 1, 0x85ebca6b);
    let pair = tags.expect(view, from, ofOperation);
    if (pair < 0) pair = tags.expect(view, from, place);
    if (pair >= 0) {
      json.at = tags.end;
      return pair;
    }
    if (!pass()) return -1;
    pair = tags.find(json.bytes, from, json.at, json.hash);
    if (pair < 0) {
      const hash = json.hash;
      const said = read(from, json.at);
      pair = said === undefined ? -1 : this.packer.pair(said[0], said[1]);
      if (pair < 0) return -1;
      tags.add(json.bytes, from, json.at, hash, pair);
    }
    tags.expectLast(ofOperation);
    tags.expectLast(place);
    return pair;
  }
}

/** undefined: it is not JSON. */
export function parsed(bytes: Uint8Array, from: number, to: number): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8'));
  } catch {
    return undefined;
  }
}
