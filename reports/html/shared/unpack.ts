import type { BackendPages } from '../../../harness/model/backend-pages.ts';
import type { SpanDetail } from '../../../harness/model/detail.ts';
import type { ShownFragment, ShownRun, ShownSpan, ShownTrace } from './shown.ts';

/** Numbers a span. */
const SPAN_WIDTH = 15;
export const NONE = -1;
export const PROXY = 1;
export const GATEWAY = 2;
/** Between the texts of one list; shown text has no line ends. */
export const SEPARATOR = '\n';
/** Between the lists of a span: a tab. By number, because esbuild would write the character itself into the page. */
export const LIST_SEPARATOR = String.fromCodePoint(9);

/**
 * The run as it lies in the file: texts once, in a table, and spans as numbers in rows of {@link SPAN_WIDTH}, so that
 * 16 000 spans are a megabyte and one quick JSON.parse. `unpack` gives back what was packed.
 */
export interface PackedRun {
  readonly texts: readonly string[];
  readonly traces: readonly PackedTrace[];
  readonly expected: ShownRun['expected'];
  readonly versions: readonly string[];
  readonly services: readonly string[];
  readonly pages?: BackendPages;
  readonly graceMs: number;
  readonly tagged: number;
}

type PackedTrace = Omit<ShownTrace, 'spans' | 'fragments'> & {
  readonly spans: PackedSpans;
  readonly fragments: readonly (Omit<ShownFragment, 'spans'> & { readonly spans: PackedSpans })[];
};

export interface PackedSpans {
  readonly rows: readonly number[];
  /** By span: name, value, name, value, as places in the table. */
  readonly tags?: readonly (readonly number[])[];
}

export function unpack({ traces, texts, ...run }: PackedRun): ShownRun {
  return {
    ...run,
    traces: traces.map((trace) => ({
      ...trace,
      spans: unpackSpans(trace.spans, texts),
      fragments: trace.fragments.map((fragment) => ({ ...fragment, spans: unpackSpans(fragment.spans, texts) })),
    })),
  };
}

function unpackSpans({ rows, tags }: PackedSpans, texts: readonly string[]): ShownSpan[] {
  const text = (at: number | undefined) => texts[at ?? NONE] ?? '';
  const list = (joined: string | undefined) => (joined ? joined.split(SEPARATOR) : []);
  return Array.from({ length: rows.length / SPAN_WIDTH }, (_, index): ShownSpan => {
    const row = rows.slice(index * SPAN_WIDTH, (index + 1) * SPAN_WIDTH);
    const [id, parent = NONE, depth = 0, fullName, service, version = NONE, pod = NONE, kind, operation] = row;
    const [offsetMicros = 0, durationMicros = 0, bits = 0, callee = NONE, status = NONE, lists] = row.slice(9);
    const [flags, marks, codes] = text(lists).split(LIST_SEPARATOR);
    const own = tags?.[index];
    return {
      id: text(id) as SpanDetail['id'],
      ...(parent !== NONE && { parent }),
      depth,
      fullName: text(fullName),
      service: text(service),
      ...(version !== NONE && { version: text(version) }),
      ...(pod !== NONE && { pod: text(pod) }),
      kind: text(kind) as SpanDetail['kind'],
      operation: text(operation),
      offsetMicros,
      durationMicros,
      proxy: (bits & PROXY) > 0,
      gateway: (bits & GATEWAY) > 0,
      ...(callee !== NONE && { callee: text(callee) }),
      ...(status !== NONE && { status }),
      flags: list(flags),
      marks: list(marks) as SpanDetail['marks'],
      codes: list(codes) as SpanDetail['codes'],
      ...(own !== undefined && { tags: pairs(own).map(([name, value]) => [text(name), text(value)] as const) }),
    };
  });
}

function pairs(flat: readonly number[]): (readonly [number, number])[] {
  return Array.from({ length: flat.length / 2 }, (_, n) => [flat[2 * n] ?? NONE, flat[2 * n + 1] ?? NONE] as const);
}
