import type { BackendPages } from '../../../harness/model/backend-pages.ts';
import type {
  ExpectedTrace,
  FragmentDetail,
  GapDetail,
  SpanDetail,
  TraceDetail,
} from '../../../harness/model/detail.ts';

/** A span as the page shows it: texts cut, tags only where there is room. */
export interface ShownSpan extends Omit<SpanDetail, 'tags'> {
  readonly tags?: readonly (readonly [name: string, value: string])[];
}

export interface ShownFragment extends Omit<FragmentDetail, 'spans' | 'link'> {
  readonly spans: readonly ShownSpan[];
  readonly spansLeftOut: number;
}

export interface ShownTrace extends Omit<TraceDetail, 'spans' | 'fragments' | 'link'> {
  readonly spans: readonly ShownSpan[];
  readonly fragments: readonly ShownFragment[];
  readonly gaps: readonly GapDetail[];
  /** Spans not shown, of a trace with more than a person reads. */
  readonly spansLeftOut: number;
}

/** The part of a run the page carries as data. */
export interface ShownRun {
  readonly traces: readonly ShownTrace[];
  readonly expected: readonly ExpectedTrace[];
  readonly versions: readonly string[];
  readonly services: readonly string[];
  /** Addresses in the backend's UI; absent where they are not web addresses. */
  readonly pages?: BackendPages;
  /** How long a trace may not change before it counts as complete, ms. */
  readonly graceMs: number;
  /** Traces that carry their tags. */
  readonly tagged: number;
}
