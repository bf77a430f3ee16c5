import type { BackendRow } from '../backend/backend-row.ts';
import { BACKEND_ROWS } from '../backend/backends.ts';
import { legacyRow } from '../backend/legacy.ts';
import { LegacyBytes } from '../backend/legacy-bytes.ts';
import { CompactSpans } from '../model/compact-spans.ts';
import type { TraceId } from '../model/ids.ts';
import { tracesOf } from '../model/packed-spans.ts';
import type { Span } from '../model/span.ts';
import { SpanPacker } from '../model/span-packer.ts';
import { SpanWords } from '../model/span-words.ts';
import type { Trace } from '../model/trace.ts';
import { readBuckets } from './bucket-traces.ts';
import { within } from './cut-place.ts';
import { CutSpans } from './cut-spans.ts';
import { faultOf, type Kind, kindOf } from './dump-kind.ts';
import { ImportError } from './import-error.ts';
import { JsonSplitter } from './json-splitter.ts';
import { concatenated, mergeTraces } from './merge-traces.ts';
import { brokenJson, EXAMPLE, EXPECTED, parsed } from './read-dump.ts';
import { SpanBuckets } from './span-buckets.ts';

/** A document as far as it was read: what its items are, and the traces that were in them. */
interface OpenDocument {
  kind?: Kind;
  hasEmpty?: true;
  /** Of a row whose documents are separate answers. */
  traces: Trace[];
  /** Of a row whose documents are one answer: the spans of a trace may lie in several. */
  readonly spans: [BackendRow, readonly Span[]][];
}

/**
 * The traces of one file that is too large to be parsed at once: it comes as bytes, and one trace is parsed at a time. Of OTLP
 * and Zipkin, whose traces lie scattered, spans are cut out and kept by trace ({@link SpanBuckets}). It gives and refuses the
 * same as readDump() of the same bytes as a text; only the place in a message is counted in bytes where the JSON is broken.
 */
export class DumpStream {
  readonly #file: string;
  readonly #splitter: JsonSplitter;
  #document: OpenDocument = { traces: [], spans: [] };
  #documents = 0;
  #isStart = true;
  #others = 0;
  #fault: string | undefined;
  readonly #compact: CompactSpans;
  readonly #isPlain: boolean;
  readonly #packer = new SpanPacker();
  readonly #bytes = new LegacyBytes(this.#packer);
  readonly #words = new SpanWords();
  readonly #separate: Trace[] = [];
  readonly #joined = new Map<BackendRow, Map<TraceId, Span[]>>();

  /** Where they are of this file alone. */
  readonly #own: SpanBuckets | undefined;
  readonly #cut: CutSpans;

  /**
   * @param isPlain every trace goes through JSON.parse. Default: spans are read from their bytes
   * @param shared for spans of several files, which the caller reads. Default: there is but this file
   */
  constructor(file: string, compact = new CompactSpans(), isPlain = false, shared?: SpanBuckets) {
    this.#file = file;
    this.#compact = compact;
    this.#isPlain = isPlain;
    this.#own = shared === undefined ? new SpanBuckets() : undefined;
    this.#cut = new CutSpans(file, shared ?? (this.#own as SpanBuckets), {
      parse: (json) => this.#parse(json),
      isOf: (kind) => this.#isOf(kind),
    });
    this.#splitter = new JsonSplitter({
      item: (json, list, index) => this.#item(json, list, index),
      ...(!isPlain && {
        span: (span, list, index) => this.#cut.span(span, list, index, this.#documents + 1),
      }),
      take: (chunk, at, list) => this.#take(chunk, at, list),
      rest: (json) => this.#rest(json),
      broken: (byte) => {
        throw this.#broken(
          byte === undefined ? 'JSON that ends too early: the file is cut' : 'bytes that are not JSON',
          byte,
        );
      },
    });
  }

  /** @throws ImportError */
  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    const isMarked = this.#isStart && chunk.subarray(0, 3).equals(BYTE_ORDER_MARK);
    this.#isStart = false;
    this.#splitter.push(isMarked ? chunk.subarray(3) : chunk);
  }

  /** undefined: it is JSON, and not of traces. @throws ImportError */
  end(): readonly Trace[] | undefined {
    this.#splitter.end();
    return this.take();
  }

  /** All that was read so far, the document that is just being read included. */
  take(): readonly Trace[] | undefined {
    if (!this.close(false)) return undefined;
    using own = this.#own;
    return this.traces(own === undefined ? new Map() : readBuckets(own, this.#compact, new SpanWords()).end());
  }

  /** @param isWhole the last byte has come @returns false: it is JSON, and not of traces @throws ImportError */
  close(isWhole: boolean): boolean {
    if (isWhole) this.#splitter.end();
    if (this.#documents > 0 && this.#others === this.#documents && this.#fault === undefined) return false;
    if (this.#others > 0) this.#fault ??= 'other JSON between them';
    if (this.#fault !== undefined)
      throw new ImportError({ file: this.#file }, { expected: EXPECTED, received: this.#fault, example: EXAMPLE });
    this.#close();
    return true;
  }

  /** All its traces, once it is {@link close}d. @param cut by reading, the traces of the buckets */
  traces(cut: ReadonlyMap<number, readonly Trace[]>): readonly Trace[] {
    const streams = BACKEND_ROWS.map((row, index) => {
      const fromBuckets = cut.get(this.#cut.readings.get(index) ?? -1) ?? [];
      const others = [...(this.#joined.get(row) ?? [])].map(([id, spans]) => ({ id, spans }));
      return others.length === 0 ? fromBuckets : concatenated(fromBuckets, others);
    });
    return mergeTraces([this.#separate, ...streams]);
  }

  /** True: a list of Jaeger's traces goes on with the next byte. */
  get isBeforeTrace(): boolean {
    const list = this.#splitter.nextItemOf;
    return list !== undefined && this.#isOfLegacy(list);
  }

  /** True: a list of something else than Jaeger's traces goes on with the next byte, or an item of it. */
  get isInOtherList(): boolean {
    const { list } = this.#splitter;
    return list !== undefined && !this.#isOfLegacy(list);
  }

  /** Passes over traces that were read elsewhere, with the comma behind the last of them. At {@link isBeforeTrace} only. */
  skip(traces: readonly Trace[], bytes: number): void {
    this.#splitter.skip(traces.length, bytes);
    this.#add(traces);
  }

  #isOfLegacy(list: string): boolean {
    const isList = list === '' || list === 'data';
    return !this.#isPlain && isList && (this.#document.kind ?? legacyRow) === legacyRow;
  }

  #add(traces: readonly Trace[]): void {
    this.#document.kind = legacyRow;
    for (const trace of traces) this.#document.traces.push(trace);
  }

  /** Most traces of Jaeger's are read from their bytes. */
  #take(chunk: Buffer, at: number, list: string): { readonly items: number; readonly at: number } {
    if (!this.#isOfLegacy(list)) return { items: 0, at };
    const taken = this.#bytes.take(chunk, at);
    if (taken.traces > 0) this.#add(tracesOf(this.#words, this.#packer.finish()));
    return { items: taken.traces, at: taken.at };
  }

  /** @returns false: the document is of something else, or of several things */
  #isOf(kind: Kind): boolean {
    this.#document.kind ??= kind;
    if (this.#document.kind !== kind) this.#document.kind = 'other';
    return this.#document.kind !== 'other' && typeof kind !== 'string';
  }

  #item(json: Buffer, list: string, index: number): void {
    const isOthers = this.#isPlain || this.#document.kind === legacyRow;
    if (!isOthers && this.#cut.item(json, list, index, this.#documents + 1)) return;
    const item = this.#parse(json);
    // Zipkin's list of a trace without spans says nothing of what the others are.
    if (list === '' && Array.isArray(item) && item.length === 0) {
      this.#document.hasEmpty = true;
      return;
    }
    const document = within(list, item);
    const kind = kindOf(document);
    if (!this.#isOf(kind) || typeof kind === 'string') return;
    const at = `document ${this.#documents + 1}`;
    const traces = parsed(() => kind.dump.read([document]), this.#file, at, [index]);
    if (this.#isPlain || list === '' || list === 'data') this.#keep(kind, traces);
    else this.#cut.group(item, json, list, index, this.#documents + 1, traces.length > 0);
  }

  #rest(json: Buffer): void {
    const document = this.#parse(json);
    const items = this.#document.kind;
    const kind = items ?? (this.#document.hasEmpty === true ? 'other' : kindOf(document));
    const fault = faultOf(document);
    this.#documents += 1;
    if (kind === 'other') {
      this.#others += 1;
      this.#cut.drop();
      this.#document = { traces: [], spans: [] };
      return;
    }
    this.#fault ??= fault;
    // A trace alone, or an answer without a list.
    if (items === undefined && typeof kind !== 'string') {
      const traces = parsed(() => kind.dump.read([document]), this.#file, `document ${this.#documents}`);
      this.#keep(kind, traces);
    }
    this.#close();
  }

  #keep(row: BackendRow, traces: readonly Trace[]): void {
    for (const { id, spans } of traces) {
      const small = this.#compact.of(spans);
      if (row.dump.isStream) this.#document.spans.push([row, small]);
      else this.#document.traces.push({ id, spans: small });
    }
  }

  #close(): void {
    for (const trace of this.#document.traces) this.#separate.push(trace);
    for (const [row, spans] of this.#document.spans) {
      const traces = this.#joined.get(row) ?? new Map<TraceId, Span[]>();
      this.#joined.set(row, traces);
      for (const span of spans) {
        const known = traces.get(span.traceId);
        if (known === undefined) traces.set(span.traceId, [span]);
        else known.push(span);
      }
    }
    this.#cut.next();
    this.#document = { traces: [], spans: [] };
  }

  #parse(json: Buffer): unknown {
    try {
      return JSON.parse(json.toString('utf8'));
    } catch (cause) {
      throw this.#broken('bytes that are not JSON', undefined, cause);
    }
  }

  #broken(received: string, byte?: number, cause?: unknown): ImportError {
    const at = byte === undefined ? `document ${this.#documents + 1}` : `byte ${byte + 1}`;
    return brokenJson({ file: this.#file, at }, received, cause);
  }
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
