import { bytesOf, CLOSE_LIST, COMMA, type JsonBytes, OPEN_LIST, QUOTE } from '../model/json-bytes.ts';
import { SPAN_KINDS } from '../model/span.ts';
import type { SpanPacker } from '../model/span-packer.ts';
import { attributeText, OTLP_KINDS } from './otlp-json.ts';
import { parsed, SpanBytes, type SpanReader, UNSPECIFIED } from './span-bytes.ts';

const KEYS = [
  'traceId',
  'spanId',
  'parentSpanId',
  'name',
  'kind',
  'startTimeUnixNano',
  'endTimeUnixNano',
  'attributes',
].map((key) => bytesOf(`"${key}"`));
const NEEDED = 0b0010_0011;
/** `{"key":"` */
const BEFORE_KEY = 8;
/** Digits of a time: fewer are less than a microsecond, and of more the number is not exact. */
const LEAST_DIGITS = 4;
const MOST_DIGITS = 19;

/** Reads spans of OTLP from their bytes, as parseOtlpTraces() reads them from JSON. */
export class OtlpBytes implements SpanReader {
  readonly #json: JsonBytes;
  readonly #packer: SpanPacker;
  readonly #words: SpanBytes;
  readonly #member = (key: number) => this.#field(key);
  readonly #pass: () => boolean;
  readonly #read: (from: number, to: number) => readonly [string, string] | undefined;
  #idAt = 0;
  #parentAt = -1;
  #operation = 0;
  #kind = UNSPECIFIED;
  #startMicros = 0;
  #endMicros = 0;
  #hasTags = false;

  constructor(json: JsonBytes, packer: SpanPacker) {
    this.#json = json;
    this.#packer = packer;
    this.#words = new SpanBytes(json, packer);
    this.#pass = () => json.object();
    this.#read = (from, to) => attributeOf(parsed(json.bytes, from, to));
  }

  span(from: number, to: number, service: number): boolean {
    const json = this.#json;
    json.at = from;
    this.#parentAt = -1;
    this.#kind = UNSPECIFIED;
    this.#operation = this.#packer.operation('');
    this.#hasTags = false;
    const seen = this.#words.members(KEYS, this.#member);
    if (seen < 0 || (seen & NEEDED) !== NEEDED || json.at !== to) return false;
    if (!this.#hasTags) this.#packer.startTags();
    const endMicros = (seen & (1 << 6)) === 0 ? this.#startMicros : this.#endMicros;
    return this.#packer.span(
      json.bytes,
      this.#idAt,
      this.#parentAt,
      this.#startMicros,
      Math.max(0, endMicros - this.#startMicros),
      this.#kind,
      this.#operation,
      service,
    );
  }

  #field(key: number): boolean {
    const json = this.#json;
    switch (key) {
      case 0:
        return json.id(32);
      case 1:
        if (!json.id(16)) return false;
        this.#idAt = json.at - 17;
        return true;
      case 2:
        if (json.literal(EMPTY)) return true;
        if (!json.id(16)) return false;
        this.#parentAt = json.at - 17;
        return true;
      case 3:
        this.#operation = this.#words.operation();
        return this.#operation >= 0;
      case 4:
        return this.#readKind();
      case 5:
        this.#startMicros = this.#micros();
        return this.#startMicros >= 0;
      case 6:
        this.#endMicros = this.#micros();
        return this.#endMicros >= 0;
      case 7:
        return this.#tags();
      default:
        return json.value();
    }
  }

  #readKind(): boolean {
    const json = this.#json;
    json.space();
    let name: string;
    if (json.bytes[json.at] === QUOTE) {
      const text = this.#words.name();
      if (text < 0) return false;
      name = this.#words.texts[text] ?? '';
    } else {
      const number = json.integer();
      if (number < 0) return false;
      name = String(number);
    }
    const kind = Object.hasOwn(OTLP_KINDS, name) ? OTLP_KINDS[name] : undefined;
    this.#kind = kind === undefined ? UNSPECIFIED : SPAN_KINDS.indexOf(kind);
    return true;
  }

  /** @returns -1: it is not a time as it is written */
  #micros(): number {
    const json = this.#json;
    json.space();
    const { bytes } = json;
    if (bytes[json.at] !== QUOTE) return -1;
    const start = json.at + 1;
    let end = start;
    while (isDigit(bytes[end])) end += 1;
    const digits = end - start;
    if (bytes[end] !== QUOTE || digits < LEAST_DIGITS || digits > MOST_DIGITS) return -1;
    let number = 0;
    for (let at = start; at < end - 3; at += 1) number = number * 10 + (bytes[at] as number) - 0x30;
    json.at = end + 1;
    return Number.isSafeInteger(number) ? number : -1;
  }

  #tags(): boolean {
    const json = this.#json;
    const packer = this.#packer;
    packer.startTags();
    this.#hasTags = true;
    if (!json.byte(OPEN_LIST)) return false;
    if (json.byte(CLOSE_LIST)) return true;
    do {
      json.space();
      const pair = this.#words.tag(BEFORE_KEY, this.#operation, this.#pass, this.#read);
      if (pair < 0 || !packer.tag(pair)) return false;
    } while (json.byte(COMMA));
    return json.byte(CLOSE_LIST);
  }
}

const EMPTY = bytesOf('""');

function attributeOf(item: unknown): readonly [string, string] | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const { key, value } = item as { readonly key?: unknown; readonly value?: unknown };
  if (typeof key !== 'string') return undefined;
  try {
    return [key, attributeText(value, '')];
  } catch {
    // The plain reader says what is wrong with it.
    return undefined;
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}
