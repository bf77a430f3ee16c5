import type { Span } from './span.ts';

/** Traces up to this size are searched from their beginning. A larger trace gets an index when it is first asked. */
const SEARCHED = 24;

/**
 * Something about the spans of a trace. Traces are many and small, and a run holds three such maps for each: a `Map` of eight
 * spans takes 500 bytes, one of these 60 and a list that others share. It finds a span as fast.
 */
abstract class OfSpans<V> implements ReadonlyMap<Span, V> {
  protected readonly spans: readonly Span[];
  #index: Map<Span, number> | undefined;

  constructor(spans: readonly Span[]) {
    this.spans = spans;
  }

  /** undefined: the span at this place has none. */
  protected abstract at(place: number): V | undefined;

  get(span: Span): V | undefined {
    const place = this.#placeOf(span);
    return place < 0 ? undefined : this.at(place);
  }

  has(span: Span): boolean {
    return this.get(span) !== undefined;
  }

  get size(): number {
    return [...this.entries()].length;
  }

  *entries(): MapIterator<[Span, V]> {
    for (const [place, span] of this.spans.entries()) {
      const value = this.at(place);
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
    if (this.spans.length <= SEARCHED) return this.spans.indexOf(span);
    this.#index ??= new Map(this.spans.map((one, place) => [one, place]));
    return this.#index.get(span) ?? -1;
  }
}

/** A value for each span. */
export class SpanMap<V> extends OfSpans<V> {
  readonly #values: readonly (V | undefined)[];

  /** @param values by the place of the span in the trace; undefined: it has none */
  constructor(spans: readonly Span[], values: readonly (V | undefined)[]) {
    super(spans);
    this.#values = values;
  }

  protected override at(place: number): V | undefined {
    return this.#values[place];
  }
}

/** The spans below each span. Those of a small trace are found when they are asked for. */
export class ChildMap extends OfSpans<readonly Span[]> {
  readonly #parents: readonly (Span | undefined)[];
  readonly #order: (a: Span, b: Span) => number;
  #lists: Map<Span, Span[]> | undefined;

  /**
   * @param parents by the place of the child in the trace
   * @param order of the children of one span
   */
  constructor(spans: readonly Span[], parents: readonly (Span | undefined)[], order: (a: Span, b: Span) => number) {
    super(spans);
    this.#parents = parents;
    this.#order = order;
  }

  protected override at(place: number): readonly Span[] | undefined {
    const span = this.spans[place];
    if (span === undefined) return undefined;
    if (this.spans.length > SEARCHED) {
      this.#lists ??= this.#all();
      return this.#lists.get(span);
    }
    let children: Span[] | undefined;
    for (let child = 0; child < this.spans.length; child += 1) {
      const one = this.spans[child];
      if (this.#parents[child] !== span || one === undefined) continue;
      if (children === undefined) children = [one];
      else children.push(one);
    }
    return children === undefined || children.length === 1 ? children : children.sort(this.#order);
  }

  #all(): Map<Span, Span[]> {
    const lists = new Map<Span, Span[]>();
    for (const [child, parent] of this.#parents.entries()) {
      const one = this.spans[child];
      if (parent === undefined || one === undefined) continue;
      const siblings = lists.get(parent);
      if (siblings) siblings.push(one);
      else lists.set(parent, [one]);
    }
    for (const siblings of lists.values()) siblings.sort(this.#order);
    return lists;
  }
}
