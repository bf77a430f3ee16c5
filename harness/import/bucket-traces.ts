import type { CompactSpans } from '../model/compact-spans.ts';
import { tracesOf } from '../model/packed-spans.ts';
import type { Span } from '../model/span.ts';
import type { SpanWords } from '../model/span-words.ts';
import type { Trace } from '../model/trace.ts';
import { UsedMemory } from '../system/used-memory.ts';
import { BucketReader, type GivenBucket, type ReadBucket } from './bucket-reader.ts';
import { type CutPlace, readCut } from './cut-place.ts';
import { brokenJson } from './read-dump.ts';
import type { SpanBuckets } from './span-buckets.ts';
import { type GroupContext, HEADER, NONE } from './span-records.ts';
import type { TakenBucket, TraceWorkers } from './trace-workers.ts';

/** Memory for buckets. */
const STEP_BYTES = 2 ** 22;
const MOST_KEPT = 6;

/** The traces that were read from buckets, by the number of their reading. */
export class BucketTraces {
  readonly #buckets: SpanBuckets;
  readonly #compact: CompactSpans;
  readonly #byReading = new Map<number, Trace[]>();
  /** The first span, in the order of files, that does not fit. */
  #misfit: { readonly error: unknown; readonly place: readonly number[] } | undefined;

  constructor(buckets: SpanBuckets, compact: CompactSpans) {
    this.#buckets = buckets;
    this.#compact = compact;
  }

  /** Says in each record of a bucket what its group is. */
  given(bytes: Uint8Array<ArrayBuffer>): GivenBucket {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    // Only those of this bucket: there may be many.
    const numbers = new Map<number, number>();
    const contexts: GroupContext[] = [];
    for (let at = 0; at < bytes.length; at += HEADER.bytes + view.getUint32(at + HEADER.length, true)) {
      const known = this.#buckets.contextOf(view.getUint32(at + HEADER.group, true));
      let number = known === undefined ? NONE : numbers.get(known);
      if (known !== undefined && number === undefined) {
        number = contexts.length;
        numbers.set(known, number);
        contexts.push(this.#buckets.contexts[known] as GroupContext);
      }
      view.setUint32(at + HEADER.context, number ?? NONE, true);
    }
    return { bytes, contexts };
  }

  /** @param words those of the reader that made it */
  add(read: ReadBucket, words: SpanWords): void {
    for (const [index, trace] of tracesOf(words, read).entries()) this.#of(read.readings[index] ?? 0).push(trace);
    if (read.plain.length > 0) this.#addPlain(read);
  }

  /** By the number of their reading. @throws ImportError where a span does not fit */
  end(): ReadonlyMap<number, readonly Trace[]> {
    if (this.#misfit !== undefined) throw this.#misfit.error;
    return this.#byReading;
  }

  #of(reading: number): Trace[] {
    const known = this.#byReading.get(reading);
    if (known !== undefined) return known;
    const traces: Trace[] = [];
    this.#byReading.set(reading, traces);
    return traces;
  }

  #addPlain({ bytes, plain }: ReadBucket): void {
    const traces = new Map<string, { readonly reading: number; readonly spans: Span[] }>();
    for (const at of plain) {
      const found = this.#readAt(bytes, at);
      if (found === undefined) continue;
      const { reading, span } = found;
      const key = `${reading} ${span.traceId}`;
      const trace = traces.get(key);
      if (trace === undefined) traces.set(key, { reading, spans: [span] });
      else trace.spans.push(span);
    }
    for (const { reading, spans } of traces.values())
      if (spans[0] !== undefined) this.#of(reading).push({ id: spans[0].traceId, spans: this.#compact.of(spans) });
  }

  #readAt(bytes: Uint8Array<ArrayBuffer>, at: number): { readonly reading: number; readonly span: Span } | undefined {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const group = this.#buckets.groupAt(view.getUint32(at + HEADER.group, true));
    const reading = group && this.#buckets.readings[group.reading];
    if (group === undefined || reading === undefined) return undefined;
    const { document, item, list, service } = group;
    const [scope, nth] = [view.getUint32(at + HEADER.scope, true), view.getUint32(at + HEADER.nth, true)];
    const place: CutPlace = { document, list, item, scope, nth };
    const from = bytes.byteOffset + at + HEADER.bytes;
    const json = Buffer.from(bytes.buffer, from, view.getUint32(at + HEADER.length, true)).toString('utf8');
    try {
      return { reading: group.reading, span: readCut(parsed(json, reading.file, document), reading, place, service) };
    } catch (error) {
      const order = [group.reading, document, item, scope === NONE ? 0 : scope, nth];
      if (this.#misfit === undefined || isBefore(order, this.#misfit.place)) this.#misfit = { error, place: order };
      return undefined;
    }
  }
}

/** Reads all buckets in this thread. @throws ImportError */
export function readBuckets(buckets: SpanBuckets, compact: CompactSpans, words: SpanWords): BucketTraces {
  const reader = new BucketReader();
  const traces = new BucketTraces(buckets, compact);
  let room = new Uint8Array(0);
  const roomFor = (bytes: number) => {
    if (room.length < bytes) room = new Uint8Array(bytes);
    return room;
  };
  for (const bytes of buckets.drain(roomFor)) traces.add(reader.read(traces.given(bytes)), words);
  return traces;
}

/** Reads all buckets in two threads. @throws ImportError */
export async function readBucketsInThreads(
  buckets: SpanBuckets,
  compact: CompactSpans,
  workers: TraceWorkers,
): Promise<BucketTraces> {
  const traces = new BucketTraces(buckets, compact);
  const memory = new UsedMemory(STEP_BYTES, MOST_KEPT);
  const add = (taken: TakenBucket | undefined) => {
    if (taken === undefined) return false;
    traces.add(taken.read, taken.words);
    memory.give(taken.read.bytes.buffer);
    return true;
  };
  for (const bytes of buckets.drain((bytes) => new Uint8Array(memory.take(bytes)))) {
    if (!workers.hasRoom) add(await workers.takeBucket());
    workers.handBucket(traces.given(bytes));
  }
  while (add(await workers.takeBucket()));
  return traces;
}

function parsed(json: string, file: string, document: number): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw brokenJson({ file, at: `document ${document}` }, 'bytes that are not JSON', cause);
  }
}

function isBefore(a: readonly number[], b: readonly number[]): boolean {
  for (const [index, one] of a.entries()) {
    const other = b[index] ?? 0;
    if (one !== other) return one < other;
  }
  return false;
}
