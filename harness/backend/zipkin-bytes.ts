import { bytesOf, CLOSE_OBJECT, COLON, COMMA, type JsonBytes, OPEN_OBJECT } from '../model/json-bytes.ts';
import { SliceMemo } from '../model/slice-memo.ts';
import { SPAN_KINDS } from '../model/span.ts';
import type { SpanPacker } from '../model/span-packer.ts';
import { parsed, SpanBytes, type SpanReader, UNSPECIFIED } from './span-bytes.ts';
import { ZIPKIN_KINDS } from './zipkin-json.ts';

const KEYS = ['traceId', 'parentId', 'id', 'kind', 'name', 'timestamp', 'duration', 'localEndpoint', 'tags'].map(
  (key) => bytesOf(`"${key}"`),
);
const NEEDED = 0b10_0101;
const INTERNAL = SPAN_KINDS.indexOf('internal');
/** The quote before its key. */
const BEFORE_KEY = 1;

/** Reads spans of Zipkin v2 from their bytes, as parseZipkinTraces() reads them from JSON. */
export class ZipkinBytes implements SpanReader {
  readonly #json: JsonBytes;
  readonly #packer: SpanPacker;
  readonly #words: SpanBytes;
  /** By the bytes of an endpoint, the number of its service in the packer. */
  readonly #endpoints = new SliceMemo();
  readonly #member = (key: number) => this.#field(key);
  readonly #pass: () => boolean;
  readonly #read: (from: number, to: number) => readonly [string, string] | undefined;
  #idAt = 0;
  #parentAt = -1;
  #operation = 0;
  #kind = INTERNAL;
  #service = 0;
  #startMicros = 0;
  #durationMicros = 0;
  #hasTags = false;

  constructor(json: JsonBytes, packer: SpanPacker) {
    this.#json = json;
    this.#packer = packer;
    this.#words = new SpanBytes(json, packer);
    this.#pass = () => {
      if (!json.anyText()) return false;
      const { hash } = json;
      if (!json.byte(COLON)) return false;
      json.space();
      if (!json.anyText()) return false;
      json.hash = (Math.imul(hash, 31) + json.hash) | 0;
      return true;
    };
    this.#read = (from, to) => memberOf(json.bytes, from, to);
  }

  span(from: number, to: number): boolean {
    const json = this.#json;
    json.at = from;
    this.#parentAt = -1;
    this.#kind = INTERNAL;
    this.#operation = this.#packer.operation('');
    this.#service = this.#packer.service('');
    this.#durationMicros = 0;
    this.#hasTags = false;
    const seen = this.#words.members(KEYS, this.#member);
    if (seen < 0 || (seen & NEEDED) !== NEEDED || json.at !== to) return false;
    if (!this.#hasTags) this.#packer.startTags();
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

  #field(key: number): boolean {
    const json = this.#json;
    switch (key) {
      case 0:
        // It was looked at when the span was cut out.
        return json.text();
      case 1:
        if (!json.id(16)) return false;
        this.#parentAt = json.at - 17;
        return true;
      case 2:
        if (!json.id(16)) return false;
        this.#idAt = json.at - 17;
        return true;
      case 3: {
        const text = this.#words.name();
        if (text < 0) return false;
        const name = this.#words.texts[text] ?? '';
        const kind = Object.hasOwn(ZIPKIN_KINDS, name) ? ZIPKIN_KINDS[name] : undefined;
        this.#kind = kind === undefined ? UNSPECIFIED : SPAN_KINDS.indexOf(kind);
        return true;
      }
      case 4:
        this.#operation = this.#words.operation();
        return this.#operation >= 0;
      case 5:
        this.#startMicros = json.integer();
        return this.#startMicros >= 0;
      case 6:
        this.#durationMicros = json.integer();
        return this.#durationMicros >= 0;
      case 7:
        return this.#endpoint();
      case 8:
        return this.#tags();
      default:
        return json.value();
    }
  }

  #endpoint(): boolean {
    const json = this.#json;
    json.space();
    const from = json.at;
    if (!json.object()) return false;
    const { hash } = json;
    this.#service = this.#endpoints.find(json.bytes, from, json.at, hash);
    if (this.#service >= 0) return true;
    const endpoint = parsed(json.bytes, from, json.at);
    if (typeof endpoint !== 'object' || endpoint === null) return false;
    const { serviceName = '' } = endpoint as { readonly serviceName?: unknown };
    if (typeof serviceName !== 'string') return false;
    this.#service = this.#packer.service(serviceName);
    if (this.#service >= 0) this.#endpoints.add(json.bytes, from, json.at, hash, this.#service);
    return this.#service >= 0;
  }

  #tags(): boolean {
    const json = this.#json;
    const packer = this.#packer;
    packer.startTags();
    this.#hasTags = true;
    if (!json.byte(OPEN_OBJECT)) return false;
    if (json.byte(CLOSE_OBJECT)) return true;
    let tags = 0;
    do {
      json.space();
      const pair = this.#words.tag(BEFORE_KEY, this.#operation, this.#pass, this.#read);
      if (pair < 0 || !packer.tag(pair)) return false;
      tags += 1;
    } while (json.byte(COMMA));
    // Of two members of one name the last counts, which the plain reader knows.
    return packer.tags === tags && json.byte(CLOSE_OBJECT);
  }
}

function memberOf(bytes: Uint8Array, from: number, to: number): readonly [string, string] | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8');
  try {
    const [member] = Object.entries(JSON.parse(`{${text}}`) as Record<string, string>);
    return member;
  } catch {
    return undefined;
  }
}
