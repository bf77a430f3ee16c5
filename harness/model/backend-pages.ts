import type { SpanId, TraceId } from './ids.ts';

/** Addresses in the UI of a trace backend, with `{trace}` and `{span}` to fill in. Data: a page needs to know no backend. */
export interface BackendPages {
  readonly product: string;
  readonly trace: string;
  readonly span?: string;
}

export function tracePage({ trace }: BackendPages, id: TraceId): string {
  return trace.replaceAll('{trace}', id);
}

/** undefined: the backend has no page of a span. */
export function spanPage({ span }: BackendPages, trace: TraceId, id: SpanId): string | undefined {
  return span?.replaceAll('{trace}', trace).replaceAll('{span}', id);
}
