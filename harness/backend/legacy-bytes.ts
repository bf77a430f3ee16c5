// Over 250 lines: the fields of a trace, in one pass over its bytes.
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

const TRACE_KEYS = ['traceID', 'spans', 'processes'].map((key) => bytesOf(`"${key}"`));
const SPAN_KEYS = [
  'traceID',
  'spanID',
  'operationName',
  'references',
  'startTime',
  'duration',
  'tags',
  'processID',
  // These two say where else a parent or a service is: such a span is read the plain way.
  'parentSpanID',
  'process',
].map((key) => bytesOf(`"${key}"`));
const WHOLE_TRACE = 0b111;
const WHOLE_SPAN = 0b1111_1111;
const REFERENCE = bytesOf('{"refType":"CHILD_OF","traceID":"');
const REFERENCED = bytesOf('","spanID":');
const UNSPECIFIED = SPAN_KINDS.indexOf('unspecified');
const KINDS: ReadonlyMap<string, number> = new Map(SPAN_KINDS.map((kind, index) => [kind, index]));
const NO_KIND = -1;
/** `{"key":"` */
const KEY_AT = 8;
/** Most different names of operations and processes. */
const MOST_NAMES = 2 ** 20;

/**
 * Reads legacy traces from their bytes, as `parseLegacyTraces` reads them from JSON, without making values of them: tags are
 * known by their bytes, and only new ones are parsed. It takes traces as Jaeger writes them. The caller reads all
 * others the plain way.
 */
export class LegacyBytes {
  readonly #packer: SpanPacker;
  readonly #json = new JsonBytes();
  readonly #tags = new SliceMemo();
  readonly #names = new SliceMemo();
  readonly #processes = new SliceMemo();
  /** By pair, the kind that a span with it has; -1: it says nothing of that. */
  readonly #kinds: number[] = [];
  readonly #operations: number[] = [];
  readonly #texts: string[] = [];
  /** By the number of a list of processes, the service of each process. */
  readonly #services: ReadonlyMap<string, number>[] = [];
  /** Of the open span. */
  #idAt = 0;
  #parentAt = 0;
  #startMicros = 0;
  #durationMicros = 0;
  #kind = 0;
  #operation = 0;
  #process = 0;

  constructor(packer: SpanPacker) {
    this.#packer = packer;
  }

  /**
   * Takes whole traces, one behind the other with commas between.
   * @param at where the first begins
   * @returns how many it took, and where the last of them ends
   */
  take(bytes: Uint8Array, at: number): { readonly traces: number; readonly at: number } {
    const json = this.#json;
    json.start(bytes, at);
    let traces = 0;
    let end = at;
    while (this.#trace()) {
      traces += 1;
      end = json.at;
      if (!json.byte(COMMA)) break;
      json.space();
    }
    json.stop();
    return { traces, at: end };
  }

  #trace(): boolean {
    if (this.#members()) return true;
    this.#packer.takeBack();
    return false;
  }

  #members(): boolean {
    const json = this.#json;
    if (!json.byte(OPEN_OBJECT)) return false;
    let seen = 0;
    let idAt = 0;
    let services: ReadonlyMap<string, number> | undefined;
    do {
      json.space();
      const key = this.#key(TRACE_KEYS);
      if ((seen & (1 << key)) !== 0 || key < 0) return false;
      if (key < TRACE_KEYS.length) seen |= 1 << key;
      switch (key) {
        case 0:
          if (!json.id(32)) return false;
          idAt = json.at - 33;
          break;
        case 1:
          // The spans are held to the trace's id.
          if ((seen & 1) === 0 || !this.#spans(idAt)) return false;
          break;
        case 2:
          services = this.#processServices();
          if (services === undefined) return false;
          break;
        default:
          if (!json.value()) return false;
      }
    } while (json.byte(COMMA));
    if (seen !== WHOLE_TRACE || services === undefined || !json.byte(CLOSE_OBJECT)) return false;
    const known = services;
    return this.#packer.endTrace(json.bytes, idAt, (process) => known.get(this.#texts[process] ?? '') ?? -1);
  }

  /** @returns its place in the list; its length: it is another key; -1: it is not plain */
  #key(keys: readonly Uint8Array[]): number {
    const json = this.#json;
    for (let index = 0; index < keys.length; index += 1)
      if (json.literal(keys[index] as Uint8Array)) return json.byte(COLON) ? index : -1;
    return json.text() && json.byte(COLON) ? keys.length : -1;
  }

  #spans(traceAt: number): boolean {
    const json = this.#json;
    if (!json.byte(OPEN_LIST)) return false;
    do if (!this.#span(traceAt)) return false;
    while (json.byte(COMMA));
    return json.byte(CLOSE_LIST);
  }

  #span(traceAt: number): boolean {
    const json = this.#json;
    if (!json.byte(OPEN_OBJECT)) return false;
    let seen = 0;
    do {
      json.space();
      const key = this.#key(SPAN_KEYS);
      if ((seen & (1 << key)) !== 0 || key < 0) return false;
      if (key < SPAN_KEYS.length) seen |= 1 << key;
      if (!this.#field(key, traceAt)) return false;
    } while (json.byte(COMMA));
    if (seen !== WHOLE_SPAN || !json.byte(CLOSE_OBJECT)) return false;
    return this.#packer.span(
      json.bytes,
      this.#idAt,
      this.#parentAt,
      this.#startMicros,
      this.#durationMicros,
      this.#kind === NO_KIND ? UNSPECIFIED : this.#kind,
      this.#operation,
      this.#process,
    );
  }

  #field(key: number, traceAt: number): boolean {
    const json = this.#json;
    switch (key) {
      case 0:
        return json.same(traceAt, 32);
      case 1:
        this.#idAt = json.at + 1;
        if (!json.id(16)) return false;
        this.#idAt = json.at - 17;
        return true;
      case 2: {
        const name = this.#name();
        if (name < 0) return false;
        this.#operations[name] ??= this.#packer.operation(this.#texts[name] ?? '');
        this.#operation = this.#operations[name];
        return this.#operation >= 0;
      }
      case 3:
        return this.#references(traceAt);
      case 4:
        this.#startMicros = json.integer();
        return this.#startMicros >= 0;
      case 5:
        this.#durationMicros = json.integer();
        return this.#durationMicros >= 0;
      case 6:
        return this.#readTags();
      case 7:
        this.#process = this.#name();
        return this.#process >= 0;
      case SPAN_KEYS.length:
        return json.value();
      default:
        return false;
    }
  }

  /** None, or one CHILD_OF of this trace. */
  #references(traceAt: number): boolean {
    const json = this.#json;
    if (!json.byte(OPEN_LIST)) return false;
    this.#parentAt = -1;
    if (json.byte(CLOSE_LIST)) return true;
    if (!json.literal(REFERENCE) || !json.isSame(json.at, traceAt, 32)) return false;
    json.at += 32;
    if (!json.literal(REFERENCED) || !json.id(16)) return false;
    this.#parentAt = json.at - 17;
    return json.byte(CLOSE_OBJECT) && json.byte(CLOSE_LIST);
  }

  #readTags(): boolean {
    const json = this.#json;
    const packer = this.#packer;
    packer.startTags();
    this.#kind = NO_KIND;
    if (!json.byte(OPEN_LIST)) return false;
    if (json.byte(CLOSE_LIST)) return true;
    do {
      json.space();
      const pair = this.#tag();
      if (pair < 0 || !packer.tag(pair)) return false;
      const kind = this.#kinds[pair] as number;
      // The first of several counts, as of any tag.
      if (this.#kind === NO_KIND) this.#kind = kind;
    } while (json.byte(COMMA));
    return json.byte(CLOSE_LIST);
  }

  /** @returns the number of a tag; -1: it is not a plain one */
  #tag(): number {
    const json = this.#json;
    const tags = this.#tags;
    const { view, at: from } = json;
    if (from + KEY_AT + PLACE_BYTES > view.byteLength) return -1;
    // By the beginning of its key, and by the operation, whose spans have much in common.
    const place = placeOf(view, from + KEY_AT);
    const ofOperation = place ^ Math.imul(this.#operation + 1, 0x85ebca6b);
    let pair = tags.expect(view, from, ofOperation);
    if (pair < 0) pair = tags.expect(view, from, place);
    if (pair >= 0) {
      json.at = tags.end;
      return pair;
    }
    if (!json.object()) return -1;
    pair = tags.find(json.bytes, from, json.at, json.hash);
    if (pair < 0) pair = this.#newTag(from);
    if (pair < 0) return -1;
    tags.expectLast(ofOperation);
    tags.expectLast(place);
    return pair;
  }

  /** @returns -1: it is not a plain tag */
  #newTag(from: number): number {
    const json = this.#json;
    const item = parsed(json.bytes, from, json.at);
    if (typeof item !== 'object' || item === null) return -1;
    const { key, value } = item as { readonly key?: unknown; readonly value?: unknown };
    // A value that is a list or an object is rare.
    if (typeof key !== 'string' || typeof value === 'object') return -1;
    const text = String(value);
    const pair = this.#packer.pair(key, text);
    if (pair < 0) return -1;
    this.#kinds[pair] = key === 'span.kind' ? (KINDS.get(text.toLowerCase()) ?? UNSPECIFIED) : NO_KIND;
    this.#tags.add(json.bytes, from, json.at, json.hash, pair);
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
    const text = parsed(json.bytes, from, json.at);
    if (typeof text !== 'string') return -1;
    const name = this.#texts.length;
    if (name === MOST_NAMES) return -1;
    this.#texts.push(text);
    this.#names.add(json.bytes, from, json.at, json.hash, name);
    return name;
  }

  #processServices(): ReadonlyMap<string, number> | undefined {
    const json = this.#json;
    json.space();
    const from = json.at;
    if (!json.object()) return undefined;
    const known = this.#processes.find(json.bytes, from, json.at, json.hash);
    if (known >= 0) return this.#services[known];
    const processes = parsed(json.bytes, from, json.at);
    if (typeof processes !== 'object' || processes === null) return undefined;
    const services = new Map<string, number>();
    for (const [process, one] of Object.entries(processes as Record<string, unknown>)) {
      const name = typeof one === 'object' && one !== null ? (one as { serviceName?: unknown }).serviceName : undefined;
      // The span that has it is refused in the plain way.
      if (typeof name !== 'string') continue;
      const service = this.#packer.service(name);
      if (service >= 0) services.set(process, service);
    }
    const number = this.#services.length;
    this.#services.push(services);
    this.#processes.add(json.bytes, from, json.at, json.hash, number);
    return services;
  }
}

function parsed(bytes: Uint8Array, from: number, to: number): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8'));
  } catch {
    return undefined;
  }
}
