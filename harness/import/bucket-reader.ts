import { OtlpBytes } from '../backend/otlp-bytes.ts';
import type { SpanReader } from '../backend/span-bytes.ts';
import { ZipkinBytes } from '../backend/zipkin-bytes.ts';
import { JsonBytes } from '../model/json-bytes.ts';
import { SpanPacker } from '../model/span-packer.ts';
import type { NewWords, SpanBatch } from '../model/span-words.ts';
import { BEHIND, findTraceId, type GroupContext, HEADER, isZipkin, NONE } from './span-records.ts';

/** A bucket, whose records name the context of their group in place of the group. */
export interface GivenBucket {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** By the number in {@link HEADER.context}. */
  readonly contexts: readonly GroupContext[];
}

/** What was made of it: plain data, and no spans, whose copy would cost more than to make them. */
export interface ReadBucket {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly batch: SpanBatch;
  readonly words: NewWords;
  /** By trace of the batch, the number of its reading. */
  readonly readings: Uint32Array;
  /** Where the records of all other traces begin, in their order; they are read the plain way. */
  readonly plain: Uint32Array;
}

const DIGITS = 32;
const ZERO = 0x30;

interface OpenTrace {
  readonly context: GroupContext;
  readonly id: string;
  readonly records: number[];
}

/** Reads buckets of spans: all spans of a trace, one after another. Most are read from their bytes. */
export class BucketReader {
  readonly #json = new JsonBytes();
  readonly #packer = new SpanPacker();
  readonly #otlp = new OtlpBytes(this.#json, this.#packer);
  readonly #zipkin = new ZipkinBytes(this.#json, this.#packer);
  readonly #id = new Uint8Array(DIGITS);

  read({ bytes, contexts }: GivenBucket): ReadBucket {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const traces = byTrace(bytes, view, contexts);
    const services = contexts.map(({ service }) => this.#packer.service(service));
    const behind = Math.min(bytes.buffer.byteLength - bytes.byteOffset, bytes.length + BEHIND);
    this.#json.start(new Uint8Array(bytes.buffer, bytes.byteOffset, behind), 0);
    const packed: number[] = [];
    const plain: number[] = [];
    for (const trace of traces) {
      if (this.#pack(trace, view, services)) packed.push(trace.context.reading);
      else for (const record of trace.records) plain.push(record);
    }
    this.#json.stop();
    const { batch, words } = this.#packer.finish();
    return { bytes, batch, words, readings: Uint32Array.from(packed), plain: Uint32Array.from(plain) };
  }

  #pack({ id, records, context }: OpenTrace, view: DataView, services: readonly number[]): boolean {
    const reader: SpanReader = isZipkin(context) ? this.#zipkin : this.#otlp;
    for (const at of records) {
      const from = at + HEADER.bytes;
      const to = from + view.getUint32(at + HEADER.length, true);
      const service = services[view.getUint32(at + HEADER.context, true)] ?? -1;
      if (service >= 0 && reader.span(from, to, service)) continue;
      this.#packer.takeBack();
      return false;
    }
    for (let at = 0; at < DIGITS; at += 1) this.#id[at] = id.charCodeAt(at) || ZERO;
    return this.#packer.endTrace(this.#id, 0, (service) => service);
  }
}

/** Spans of two readings are two traces. */
function byTrace(
  bytes: Uint8Array<ArrayBuffer>,
  view: DataView,
  contexts: readonly GroupContext[],
): readonly OpenTrace[] {
  const traces = new Map<string, OpenTrace>();
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const place = { from: 0, to: 0 };
  for (let at = 0; at < bytes.length; ) {
    const start = at + HEADER.bytes;
    const number = view.getUint32(at + HEADER.context, true);
    const context = number === NONE ? undefined : contexts[number];
    if (context !== undefined && findTraceId(bytes, start, place)) {
      const id = text.toString('latin1', place.from, place.to).padStart(DIGITS, '0');
      const key = `${context.reading} ${id}`;
      const trace = traces.get(key);
      if (trace === undefined) traces.set(key, { context, id, records: [at] });
      else trace.records.push(at);
    }
    at = start + view.getUint32(at + HEADER.length, true);
  }
  return [...traces.values()];
}
