import type { ShownRun, ShownSpan } from './shared/shown.ts';
import { GATEWAY, LIST_SEPARATOR, NONE, type PackedRun, type PackedSpans, PROXY, SEPARATOR } from './shared/unpack.ts';

/** Texts once, spans as numbers; `unpack` gives back what was packed. */
export function pack({ traces, ...run }: ShownRun): PackedRun {
  const places = new Map<string, number>();
  const place = (text: string | undefined): number => {
    if (text === undefined) return NONE;
    const known = places.get(text);
    if (known !== undefined) return known;
    places.set(text, places.size);
    return places.size - 1;
  };
  const packed = traces.map((trace) => ({
    ...trace,
    spans: packSpans(trace.spans, place),
    fragments: trace.fragments.map((fragment) => ({ ...fragment, spans: packSpans(fragment.spans, place) })),
  }));
  return { ...run, traces: packed, texts: [...places.keys()] };
}

function packSpans(spans: readonly ShownSpan[], place: (text: string | undefined) => number): PackedSpans {
  const rows = spans.flatMap((span) => [
    place(span.id),
    span.parent ?? NONE,
    span.depth,
    place(span.fullName),
    place(span.service),
    place(span.version),
    place(span.pod),
    place(span.kind),
    place(span.operation),
    span.offsetMicros,
    span.durationMicros,
    (span.proxy ? PROXY : 0) + (span.gateway ? GATEWAY : 0),
    place(span.callee),
    span.status ?? NONE,
    place([span.flags, span.marks, span.codes].map((list) => list.join(SEPARATOR)).join(LIST_SEPARATOR)),
  ]);
  const tags = spans.map(({ tags = [] }) => tags.flatMap(([name, value]) => [place(name), place(value)]));
  return { rows, ...(spans.some((span) => span.tags !== undefined) && { tags }) };
}
