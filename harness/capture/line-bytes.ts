// Over 250 lines: the fields of a span, which are read in one pass over the bytes.
import {
  bytesOf,
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  JsonBytes,
  OPEN_LIST,
  OPEN_OBJECT,
} from '../model/json-bytes.ts';
import { PLACE_BYTES, placeOf, SliceMemo } from '../model/slice-memo.ts';
import { SPAN_KINDS } from '../model/span.ts';
import type { SpanPacker } from '../model/span-packer.ts';

const BEGINNINGS = ['{"type":"trace","trace":{', '{"type":"fragment","fragment":{'].map(bytesOf);
const SPANS = bytesOf('"spans"');
const KEYS = ['traceId', 'id', 'parentId', 'kind', 'service', 'operation', 'startMicros', 'durationMicros', 'tags'].map(
  (key) => bytesOf(`"${key}"`),
);
/** All but the parent's id. */
const NEEDED = 0b1_1111_1011;
const KINDS: ReadonlyMap<string, number> = new Map(SPAN_KINDS.map((kind, index) => [kind, index]));
/** Most different names of kinds, services and operations. */
const MOST_NAMES = 2 ** 20;

/** From its opening bracket to behind the closing one. */
interface SpanList {
  readonly from: number;
  readonly to: number;
}

/**
 * Reads the spans of a capture's lines from their bytes, as `checkSpans` reads them from JSON, without making values of them.
 * It takes lines as hopcheck writes them; the caller reads all others the plain way.
 */
export class LineBytes {
  readonly #packer: SpanPacker;
  readonly #json = new JsonBytes();
  readonly #tags = new SliceMemo();
  readonly #names = new SliceMemo();
  readonly #texts: string[] = [];
  readonly #kinds: number[] = [];
  readonly #services: number[] = [];
  readonly #operations: number[] = [];
  #traceAt = 0;
  #idAt = 0;
  #parentAt = 0;
  #kind = 0;
  #service = 0;
  #operation = 0;
  #startMicros = 0;
  #durationMicros = 0;

  constructor(packer: SpanPacker) {
    this.#packer = packer;
  }

  /** @returns where the list of its spans lies, which are packed as one trace; undefined: the line is not taken */
  take(line: Buffer): SpanList | undefined {
    const json = this.#json;
    json.start(line, 0);
    const spans = this.#spansOf(line);
    json.stop();
    if (spans === undefined) this.#packer.takeBack();
    return spans;
  }

  #spansOf(line: Buffer): SpanList | undefined {
    const json = this.#json;
    if (!BEGINNINGS.some((beginning) => json.literal(beginning))) return undefined;
    let spans: SpanList | undefined;
    do {
      json.space();
      const isSpans = json.literal(SPANS);
      if ((!isSpans && !json.text()) || !json.byte(COLON)) return undefined;
      if (isSpans) {
        json.space();
        const from = json.at;
        if (spans !== undefined || !this.#spans()) return undefined;
        spans = { from, to: json.at };
      } else if (!json.value()) return undefined;
    } while (json.byte(COMMA));
    const isWhole = json.byte(CLOSE_OBJECT) && json.byte(CLOSE_OBJECT) && json.at === line.length;
    if (!isWhole || spans === undefined) return undefined;
    const services = this.#services;
    return this.#packer.endTrace(line, this.#traceAt, (name) => services[name] ?? -1) ? spans : undefined;
  }

  #spans(): boolean {
    const json = this.#json;
    if (!json.byte(OPEN_LIST)) return false;
    this.#traceAt = -1;
    do if (!this.#span()) return false;
    while (json.byte(COMMA));
    return json.byte(CLOSE_LIST);
  }

  #span(): boolean {
    const json = this.#json;
    if (!json.byte(OPEN_OBJECT)) return false;
    let seen = 0;
    let next = 0;
    this.#parentAt = -1;
    do {
      json.space();
      next = this.#key(next);
      const key = next - 1;
      if (key < 0 || (seen & (1 << key)) !== 0 || !json.byte(COLON) || !this.#field(key)) return false;
      seen |= 1 << key;
    } while (json.byte(COMMA));
    if ((seen & NEEDED) !== NEEDED || !json.byte(CLOSE_OBJECT)) return false;
    return this.#packer.span(
      json.bytes,
      this.#idAt,
      this.#parentAt,
      this.#startMicros,
      this.#durationMicros,
      this.#kind,
      this.#operation,
      this.#service,
    );
  }

  /** @param expected hopcheck writes keys in their order @returns behind the key that is here; 0: it is another one */
  #key(expected: number): number {
    const json = this.#json;
    for (let key = expected; key < KEYS.length; key += 1) if (json.literal(KEYS[key] as Uint8Array)) return key + 1;
    return 1 + KEYS.findIndex((one) => json.literal(one));
  }

  #field(key: number): boolean {
    const json = this.#json;
    switch (key) {
      case 0:
        if (this.#traceAt >= 0) return json.same(this.#traceAt, 32);
        if (!json.id(32)) return false;
        this.#traceAt = json.at - 33;
        return true;
      case 1:
        if (!json.id(16)) return false;
        this.#idAt = json.at - 17;
        return true;
      case 2:
        if (!json.id(16)) return false;
        this.#parentAt = json.at - 17;
        return true;
      case 3: {
        const name = this.#name();
        this.#kind = this.#kinds[name] ?? -1;
        return this.#kind >= 0;
      }
      case 4: {
        const name = this.#name();
        if (name < 0) return false;
        this.#services[name] ??= this.#packer.service(this.#texts[name] ?? '');
        this.#service = name;
        return true;
      }
      case 5: {
        const name = this.#name();
        if (name < 0) return false;
        this.#operations[name] ??= this.#packer.operation(this.#texts[name] ?? '');
        this.#operation = this.#operations[name];
        return this.#operation >= 0;
      }
      case 6:
        this.#startMicros = json.integer();
        return this.#startMicros >= 0;
      case 7:
        this.#durationMicros = json.integer();
        return this.#durationMicros >= 0;
      default:
        return this.#readTags();
    }
  }

  #readTags(): boolean {
    const json = this.#json;
    const packer = this.#packer;
    packer.startTags();
    if (!json.byte(OPEN_OBJECT)) return false;
    if (json.byte(CLOSE_OBJECT)) return true;
    let count = 0;
    do {
      json.space();
      const pair = this.#tag();
      if (pair < 0 || !packer.tag(pair)) return false;
      count += 1;
    } while (json.byte(COMMA));
    // Of two with one key the last counts in JSON.
    return packer.tags === count && json.byte(CLOSE_OBJECT);
  }

  /** @returns the number of a tag; -1: it is not a plain one */
  #tag(): number {
    const json = this.#json;
    const tags = this.#tags;
    const { view, at: from } = json;
    let pair = tags.expectNext(view, from);
    if (pair >= 0) {
      json.at = tags.end;
      return pair;
    }
    const { last } = tags;
    if (from + 1 + PLACE_BYTES > view.byteLength) return -1;
    const place = placeOf(view, from + 1);
    const ofOperation = place ^ Math.imul(this.#operation + 1, 0x85ebca6b);
    pair = tags.expect(view, from, ofOperation);
    if (pair < 0) pair = tags.expect(view, from, place);
    if (pair >= 0) {
      tags.followLast(last);
      json.at = tags.end;
      return pair;
    }
    if (!json.anyText()) return -1;
    const keyHash = json.hash;
    if (!json.byte(COLON)) return -1;
    json.space();
    if (!json.anyText()) return -1;
    const hash = (Math.imul(keyHash, 31) + json.hash) | 0;
    pair = tags.find(json.bytes, from, json.at, hash);
    if (pair < 0) pair = this.#newTag(from, hash);
    if (pair < 0) return -1;
    tags.expectLast(ofOperation);
    tags.expectLast(place);
    tags.followLast(last);
    return pair;
  }

  #newTag(from: number, hash: number): number {
    const { bytes, at } = this.#json;
    const text = textOf(bytes, from, at);
    const [entry] = Object.entries(JSON.parse(`{${text}}`) as Record<string, string>);
    const pair = entry === undefined ? -1 : this.#packer.pair(...entry);
    if (pair >= 0) this.#tags.add(bytes, from, at, hash, pair);
    return pair;
  }

  /** @returns the number of a text; -1: it is not a plain one */
  #name(): number {
    const json = this.#json;
    json.space();
    const from = json.at;
    if (!json.text()) return -1;
    const known = this.#names.find(json.bytes, from, json.at, json.hash);
    if (known >= 0) return known;
    const name = this.#texts.length;
    if (name === MOST_NAMES) return -1;
    const text = JSON.parse(textOf(json.bytes, from, json.at)) as string;
    this.#texts.push(text);
    this.#kinds.push(KINDS.get(text) ?? -1);
    this.#names.add(json.bytes, from, json.at, json.hash, name);
    return name;
  }
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8');
}
