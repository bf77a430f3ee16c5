import type { SpanId } from './ids.ts';
import { PackedSpan } from './packed-spans.ts';
import type { Span } from './span.ts';

/** The places of the ids of a trace's spans. */
export interface IdPlaces {
  /** Of the first span that has the id of this one. */
  first(at: number): number;
  haveSame(one: number, other: number): boolean;
  /** Of the first span that has the id of this one's parent; -1: none, undefined: it has no parent. */
  parent(at: number): number | undefined;
}

export function placesOf(spans: readonly Span[]): IdPlaces {
  const packed = spans.length > MOST_COMPARED ? undefined : inRows(spans);
  return packed ?? byText(spans);
}

/** More are found by a map of their texts. */
const MOST_COMPARED = 16;

/** Ids of one batch are compared as they lie there, and no text is made of them. */
function inRows(spans: readonly Span[]): IdPlaces | undefined {
  const [first] = spans;
  if (!(first instanceof PackedSpan)) return undefined;
  const { rows } = first;
  const places: number[] = [];
  for (const span of spans) {
    if (!(span instanceof PackedSpan) || span.rows !== rows) return undefined;
    places.push(span.at);
  }
  const haveSame = (one: number, other: number) => rows.haveSameId(places[one] as number, places[other] as number);
  return {
    haveSame,
    first: (at) => {
      for (let other = 0; other < at; other += 1) if (haveSame(other, at)) return other;
      return at;
    },
    parent: (at) => {
      const of = places[at] as number;
      return rows.hasParent(of) ? places.findIndex((one) => rows.isParent(one, of)) : undefined;
    },
  };
}

function byText(spans: readonly Span[]): IdPlaces {
  const ids = spans.map(({ id }) => id);
  const index = new Map<SpanId, number>();
  for (let at = ids.length - 1; at >= 0; at -= 1) index.set(ids[at] as SpanId, at);
  return {
    first: (at) => index.get(ids[at] as SpanId) ?? at,
    haveSame: (one, other) => ids[one] === ids[other],
    parent: (at) => {
      const { parentId } = spans[at] as Span;
      return parentId === undefined ? undefined : (index.get(parentId) ?? -1);
    },
  };
}
