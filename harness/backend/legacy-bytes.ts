import { bytesOf, CLOSE_LIST, CLOSE_OBJECT, COMMA, JsonBytes, OPEN_LIST } from '../model/json-bytes.ts';
import { SliceMemo } from '../model/slice-memo.ts';
import { SPAN_KINDS } from '../model/span.ts';
import type { SpanPacker } from '../model/span-packer.ts';
import { parsed, SpanBytes, UNSPECIFIED } from './span-bytes.ts';

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
const KINDS: ReadonlyMap<string, number> = new Map(SPAN_KINDS.map((kind, index) => [kind, index]));
const NO_KIND = -1;
/** `{"key":"` */
const BEFORE_KEY = 8;

/**
 * Reads legacy traces from their bytes, as `parseLegacyTraces` reads them from JSON, without making values of them: tags are
 * known by their bytes, and only new ones are parsed. It takes traces as Jaeger writes them. The caller reads all
 * others the plain way.
 */
export class LegacyBytes {
  readonly #packer: SpanPacker;
  readonly #json = new JsonBytes();
  readonly #words: SpanBytes;
  readonly #ofTrace = (key: number) => this.#traceField(key);
  readonly #ofSpan = (key: number) => this.#field(key);
  readonly #pass = () => this.#json.object();
  readonly #read = (from: number, to: number) => this.#newTag(from, to);
  readonly #processes = new SliceMemo();
  /** By pair, the kind that a span with it has; -1: it says nothing of that. */
  readonly #kinds: number[] = [];
  /** By the number of a list of processes, the service of each process. */
  readonly #services: ReadonlyMap<string, number>[] = [];
  /** Of the open trace. */
  #traceAt = -1;
  #traceServices: ReadonlyMap<string, number> | undefined;
  /** Of the tag that was read last. */
  #newKind = NO_KIND;
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
    this.#words = new SpanBytes(this.#json, packer);
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
    this.#traceAt = -1;
    this.#traceServices = undefined;
    const seen = this.#words.members(TRACE_KEYS, this.#ofTrace);
    const services = this.#traceServices as ReadonlyMap<string, number> | undefined;
    if (seen !== WHOLE_TRACE || services === undefined) return false;
    const { texts } = this.#words;
    return this.#packer.endTrace(
      this.#json.bytes,
      this.#traceAt,
      (process) => services.get(texts[process] ?? '') ?? -1,
    );
  }

  #traceField(key: number): boolean {
    const json = this.#json;
    switch (key) {
      case 0:
        if (!json.id(32)) return false;
        this.#traceAt = json.at - 33;
        return true;
      case 1:
        // The spans are held to the trace's id.
        return this.#traceAt >= 0 && this.#spans();
      case 2:
        this.#traceServices = this.#processServices();
        return this.#traceServices !== undefined;
      default:
        return json.value();
    }
  }

  #spans(): boolean {
    const json = this.#json;
    if (!json.byte(OPEN_LIST)) return false;
    do if (!this.#span()) return false;
    while (json.byte(COMMA));
    return json.byte(CLOSE_LIST);
  }

  #span(): boolean {
    if (this.#words.members(SPAN_KEYS, this.#ofSpan) !== WHOLE_SPAN) return false;
    return this.#packer.span(
      this.#json.bytes,
      this.#idAt,
      this.#parentAt,
      this.#startMicros,
      this.#durationMicros,
      this.#kind === NO_KIND ? UNSPECIFIED : this.#kind,
      this.#operation,
      this.#process,
    );
  }

  #field(key: number): boolean {
    const json = this.#json;
    switch (key) {
      case 0:
        return json.same(this.#traceAt, 32);
      case 1:
        this.#idAt = json.at + 1;
        if (!json.id(16)) return false;
        this.#idAt = json.at - 17;
        return true;
      case 2:
        this.#operation = this.#words.operation();
        return this.#operation >= 0;
      case 3:
        return this.#references();
      case 4:
        this.#startMicros = json.integer();
        return this.#startMicros >= 0;
      case 5:
        this.#durationMicros = json.integer();
        return this.#durationMicros >= 0;
      case 6:
        return this.#readTags();
      case 7:
        this.#process = this.#words.name();
        return this.#process >= 0;
      case SPAN_KEYS.length:
        return json.value();
      default:
        return false;
    }
  }

  /** None, or one CHILD_OF of this trace. */
  #references(): boolean {
    const json = this.#json;
    if (!json.byte(OPEN_LIST)) return false;
    this.#parentAt = -1;
    if (json.byte(CLOSE_LIST)) return true;
    if (!json.literal(REFERENCE) || !json.isSame(json.at, this.#traceAt, 32)) return false;
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
      const pair = this.#words.tag(BEFORE_KEY, this.#operation, this.#pass, this.#read);
      if (pair < 0 || !packer.tag(pair)) return false;
      this.#kinds[pair] ??= this.#newKind;
      const kind = this.#kinds[pair];
      // The first of several counts, as of any tag.
      if (this.#kind === NO_KIND) this.#kind = kind;
    } while (json.byte(COMMA));
    return json.byte(CLOSE_LIST);
  }

  /** @returns undefined: it is not a plain tag */
  #newTag(from: number, to: number): readonly [string, string] | undefined {
    const item = parsed(this.#json.bytes, from, to);
    if (typeof item !== 'object' || item === null) return undefined;
    const { key, value } = item as { readonly key?: unknown; readonly value?: unknown };
    // A value that is a list or an object is rare.
    if (typeof key !== 'string' || typeof value === 'object') return undefined;
    const text = String(value);
    this.#newKind = key === 'span.kind' ? (KINDS.get(text.toLowerCase()) ?? UNSPECIFIED) : NO_KIND;
    return [key, text];
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
