import type { SpanId, TraceId } from './ids.ts';
import { plainSpan, READ_TAG, type Span, type SpanKind } from './span.ts';
import { bufferOf, Rows } from './span-rows.ts';
import type { NewWords, SpanBatch, SpanWords } from './span-words.ts';
import { secondName } from './tag-names.ts';
import type { Trace } from './trace.ts';

/** The traces of a batch, of which these words say what its numbers mean. Each batch once, in the order in which they were packed. */
export function tracesOf(words: SpanWords, piece: { readonly batch: SpanBatch; readonly words: NewWords }): Trace[] {
  const { batch } = piece;
  words.learn(piece.words);
  const traceIds = bufferOf(batch.traceIds);
  const rows = new Rows(words, batch);
  const traces: Trace[] = [];
  let at = 0;
  for (let trace = 0; trace < batch.counts.length; trace += 1) {
    const id = traceIds.toString('latin1', 32 * trace, 32 * trace + 32) as TraceId;
    const spans: Span[] = new Array<Span>(batch.counts[trace] ?? 0);
    for (let index = 0; index < spans.length; index += 1, at += 1) spans[index] = new PackedSpan(id, rows, at);
    traces.push({ id, spans });
  }
  return traces;
}

/**
 * A span whose ids and tags lie in a row of a {@link SpanBatch}. It is read, written and shown as any other; a text is made
 * each time that it is read.
 */
export class PackedSpan implements Span {
  readonly traceId: TraceId;
  /** As of any span: absent where it has none. */
  declare readonly parentId?: SpanId;
  readonly #rows: Rows;
  readonly #at: number;

  static {
    Object.defineProperty(PackedSpan.prototype, 'parentId', {
      get(this: PackedSpan): SpanId | undefined {
        return this.#rows.parentId(this.#at);
      },
    });
  }

  constructor(traceId: TraceId, rows: Rows, at: number) {
    this.traceId = traceId;
    this.#rows = rows;
    this.#at = at;
  }

  get id(): SpanId {
    return this.#rows.id(this.#at);
  }

  get rows(): Rows {
    return this.#rows;
  }

  /** Its place in them. */
  get at(): number {
    return this.#at;
  }

  get kind(): SpanKind {
    return this.#rows.frame(this.#at).kind;
  }

  get service(): string {
    return this.#rows.frame(this.#at).service;
  }

  get operation(): string {
    return this.#rows.frame(this.#at).operation;
  }

  get startMicros(): number {
    return this.#rows.startMicros[this.#at] as number;
  }

  get durationMicros(): number {
    return this.#rows.durationMicros[this.#at] as number;
  }

  get tags(): Readonly<Record<string, string>> {
    const { keys, template } = this.#rows.frame(this.#at).table;
    const tags: Record<string, string> = { ...template };
    for (let place = 0; place < keys.length; place += 1) tags[keys[place] as string] = this.#rows.text(this.#at, place);
    return tags;
  }

  [READ_TAG](key: string): string | undefined {
    const { places } = this.#rows.frame(this.#at).table;
    let place = places.get(key);
    if (place === undefined) {
      const second = secondName(key);
      place = second === undefined ? undefined : places.get(second);
    }
    return place === undefined ? undefined : this.#rows.text(this.#at, place);
  }

  toJSON(): Span {
    return plainSpan(this);
  }
}
