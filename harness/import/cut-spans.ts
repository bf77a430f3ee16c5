import { BACKEND_ROWS } from '../backend/backends.ts';
import { otlpService } from '../backend/otlp-json.ts';
import { zipkinRow } from '../backend/zipkin.ts';
import { readCut, within } from './cut-place.ts';
import { type Kind, kindOf } from './dump-kind.ts';
import type { SpanBuckets } from './span-buckets.ts';
import type { CutSpan } from './span-cutter.ts';
import { findTraceId, hashOfId, isZipkinStart, NONE } from './span-records.ts';

/** What the stream of documents knows. */
interface DocumentEvents {
  /** @throws ImportError */
  readonly parse: (json: Buffer) => unknown;
  /** Says what the open document has. @returns false: it is of something else, or of several things */
  readonly isOf: (kind: Kind) => boolean;
}

/** Rests of groups that are remembered, and the longest, bytes. */
const MOST_RESTS = 10_000;
const LONGEST_REST = 4096;

/** Puts the spans of one file's documents into buckets, as they are cut out. */
export class CutSpans {
  /** By their place among BACKEND_ROWS, the numbers of the file's readings. */
  readonly readings = new Map<number, number>();
  readonly #file: string;
  readonly #buckets: SpanBuckets;
  readonly #events: DocumentEvents;
  /** Of the open document the first group; of the open item the group. */
  #first: number;
  #group: number | undefined;
  /** Zipkin's spans that lie in the list of the document itself. */
  #flat: number | undefined;
  readonly #rows = new Map<string, number>();
  /** By the bytes of a group without its spans, its service. */
  readonly #services = new Map<string, string>();
  readonly #id = { from: 0, to: 0 };

  constructor(file: string, buckets: SpanBuckets, events: DocumentEvents) {
    this.#file = file;
    this.#buckets = buckets;
    this.#events = events;
    this.#first = buckets.nextGroup;
  }

  /** A span of an item. @throws ImportError */
  span({ bytes, from, to, scope, nth }: CutSpan, list: string, index: number, document: number): void {
    if (list === '') {
      if (!this.#isZipkin(bytes, from, to)) {
        this.#events.isOf('other');
        return;
      }
      this.#group ??= this.#zipkinGroup(document, index);
      this.#add(this.#group, bytes, from, to, { document, list, item: index, scope, nth });
      return;
    }
    if (!this.#isOf(list)) return;
    this.#group ??= this.#buckets.open(document, index);
    this.#add(this.#group, bytes, from, to, { document, list, item: index, scope, nth });
  }

  /** An item of a list, without spans that were cut out of it. @returns false: it has to be read */
  item(json: Buffer, list: string, index: number, document: number): boolean {
    if (list === 'data') return false;
    if (list !== '') {
      const service = json.length > LONGEST_REST ? undefined : this.#services.get(nameOf(list, json));
      if (service === undefined || !this.#isOf(list)) return false;
      this.#close(list, service);
      return true;
    }
    if (json[0] === OPEN_LIST) {
      this.#group = undefined;
      return false;
    }
    if (!this.#isZipkin(json, 0, json.length)) return false;
    this.#flat ??= this.#zipkinGroup(document, 0);
    this.#add(this.#flat, json, 0, json.length, { document, list, item: 0, scope: NONE, nth: index });
    return true;
  }

  /**
   * A group of OTLP that was read, without the spans that were cut out of it.
   * @param json its bytes
   * @param hasOthers it has spans in lists of an older name
   */
  group(item: unknown, json: Buffer, list: string, index: number, document: number, hasOthers: boolean): void {
    if (list === '' || list === 'data') return;
    const service = otlpService(item);
    if (hasOthers) this.#others(item, { document, list, item: index });
    else if (json.length <= LONGEST_REST) {
      if (this.#services.size === MOST_RESTS) this.#services.clear();
      this.#services.set(nameOf(list, json), service);
    }
    this.#close(list, service);
  }

  #others(item: unknown, place: { readonly document: number; readonly list: string; readonly item: number }): void {
    const { instrumentationLibrarySpans: scopes = [] } = item as {
      readonly instrumentationLibrarySpans?: readonly { readonly spans?: readonly unknown[] | null }[];
    };
    for (const [scope, { spans }] of scopes.entries()) {
      for (const [nth, span] of (spans ?? []).entries()) {
        this.#group ??= this.#buckets.open(place.document, place.item);
        const bytes = Buffer.from(JSON.stringify(span));
        this.#add(this.#group, bytes, 0, bytes.length, { ...place, scope, nth });
      }
    }
  }

  /** The document is over; its spans count, those of an item that is not whole do not. */
  next(): void {
    this.#first = this.#buckets.nextGroup;
    this.#group = undefined;
    this.#flat = undefined;
  }

  /** The spans of the document are of something else. */
  drop(): void {
    this.#buckets.drop(this.#first);
    this.next();
  }

  #close(list: string, service: string): void {
    if (this.#group !== undefined) this.#buckets.close(this.#group, { reading: this.#reading(list), list, service });
    this.#group = undefined;
  }

  /** Jaeger's traces may lie in such a list too, and JSON of something else. */
  #isZipkin(bytes: Buffer, from: number, to: number): boolean {
    if (isZipkinStart(bytes, from, this.#id)) return this.#events.isOf(zipkinRow);
    const kind = kindOf([this.#events.parse(bytes.subarray(from, to))]);
    return kind === zipkinRow && this.#events.isOf(kind);
  }

  #zipkinGroup(document: number, item: number): number {
    const group = this.#buckets.open(document, item);
    this.#buckets.close(group, { reading: this.#reading(''), list: '', service: '' });
    return group;
  }

  #add(group: number, bytes: Buffer, from: number, to: number, place: Parameters<typeof readCut>[2]): void {
    const { scope, nth, list } = place;
    const id = this.#id;
    if (findTraceId(bytes, from, id)) {
      this.#buckets.add(hashOfId(bytes, id.from, id.to), group, scope, nth, bytes, from, to);
      return;
    }
    // Its id lies elsewhere, or is written in another way: it is put first, as that of the other spans.
    const reading = { file: this.#file, row: this.#rowOf(list) };
    const span = this.#events.parse(bytes.subarray(from, to));
    const { traceId } = readCut(span, reading, place);
    const { traceId: _, ...others } = span as { readonly traceId?: unknown };
    const json = Buffer.from(`{"traceId":"${traceId}",${JSON.stringify(others).slice(1)}`);
    this.#buckets.add(hashOfId(Buffer.from(traceId), 0, traceId.length), group, scope, nth, json, 0, json.length);
  }

  /** Its place among BACKEND_ROWS. */
  #rowOf(list: string): number {
    const known = this.#rows.get(list);
    if (known !== undefined) return known;
    const row = BACKEND_ROWS.findIndex((one) => (list === '' ? one === zipkinRow : one.dump.isOf(within(list, {}))));
    this.#rows.set(list, row);
    return row;
  }

  #isOf(list: string): boolean {
    return this.#events.isOf(BACKEND_ROWS[this.#rowOf(list)] ?? 'other');
  }

  #reading(list: string): number {
    const row = this.#rowOf(list);
    const known = this.readings.get(row);
    if (known !== undefined) return known;
    const reading = this.#buckets.reading(this.#file, row);
    this.readings.set(row, reading);
    return reading;
  }
}

const OPEN_LIST = 0x5b;

function nameOf(list: string, json: Buffer): string {
  return `${list} ${json.toString('latin1')}`;
}
