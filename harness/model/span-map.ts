import type { Span } from './span.ts';

/** Traces of so many spans are searched from their beginning; a larger one gets an index when it is first asked. */
const SEARCHED = 24;

/**
 * A value for each span of a trace. Traces are many and small: a `Map` of eight spans takes 500 bytes, this one 150, and it
 * finds a span as fast. A run holds three of them for each of its traces.
 */
export class SpanMap<V> implements ReadonlyMap<Span, V> {
  readonly #spans: readonly Span[];
  readonly #values: readonly (V | undefined)[];
  #index: Map<Span, number> | undefined;

  /**
   * @param spans the spans of the trace
   * @param values by the place of the span; undefined: it has none
   */
  constructor(spans: readonly Span[], values: readonly (V | undefined)[]) {
    this.#spans = spans;
    this.#values = values;
  }

  get(span: Span): V | undefined {
    const place = this.#placeOf(span);
    return place < 0 ? undefined : this.#values[place];
  }

  has(span: Span): boolean {
    return this.get(span) !== undefined;
  }

  get size(): number {
    return this.#values.reduce<number>((sum, value) => (value === undefined ? sum : sum + 1), 0);
  }

  *entries(): MapIterator<[Span, V]> {
    for (const [place, span] of this.#spans.entries()) {
      const value = this.#values[place];
      if (value !== undefined) yield [span, value];
    }
  }

  *keys(): MapIterator<Span> {
    for (const [span] of this.entries()) yield span;
  }

  *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  forEach(call: (value: V, span: Span, map: ReadonlyMap<Span, V>) => void): void {
    for (const [span, value] of this.entries()) call(value, span, this);
  }

  [Symbol.iterator](): MapIterator<[Span, V]> {
    return this.entries();
  }

  #placeOf(span: Span): number {
    if (this.#spans.length <= SEARCHED) return this.#spans.indexOf(span);
    this.#index ??= new Map(this.#spans.map((one, place) => [one, place]));
    return this.#index.get(span) ?? -1;
  }
}
