import type { Application } from './application.ts';
import type { BackendPages } from './backend-pages.ts';
import type { SettleReason } from './capture.ts';
import type { FindingCode } from './codes.ts';
import type { ProbeId, ProbePurpose } from './exchange.ts';
import type { SpanId, TraceId } from './ids.ts';
import type { Source } from './source.ts';
import type { SpanKind } from './span.ts';

/** Traces kept in a detail; what is left out is counted ({@link RunDetail.leftOut}). */
export const DETAIL_TRACES = 2000;

/**
 * What pictures need beside the RunReport: the capture's traces in a compact form, and what they are measured against.
 * Made by `judge(capture, { detail: true })`; no promise depends on it, and the JSON report leaves it out (it is in the
 * capture). All text is as received: foreign, of any length.
 */
export interface RunDetail {
  readonly application: Application;
  /** In order of the probes; at most {@link DETAIL_TRACES}. */
  readonly traces: readonly TraceDetail[];
  readonly leftOut: { readonly traces: number; readonly broken: number };
  /** One a version of the versioned service (in the order of the shares), or a single one without version. */
  readonly expected: readonly ExpectedTrace[];
  /** All probes in sending order. */
  readonly probes: readonly ProbeDetail[];
  readonly waiting: WaitingDetail;
  /** Addresses in the backend's UI; absent: it is not known where that is, or it has none. */
  readonly pages?: BackendPages;
  /** Expected share by version, summing to 1; absent where no share is expected. */
  readonly shares?: { readonly of: Readonly<Record<string, number>>; readonly source: Source; readonly from: string };
}

/**
 * - `broken`: a hop is missing or a link is wrong. - `unwanted`: spans of a probe that must leave none.
 * - `trial`: not whole, and it need not be: the probe tried a context format that is not the mesh's own.
 * - `open`: it did not settle, so nothing is known of it.
 */
export type TraceState = 'whole' | 'broken' | 'unwanted' | 'trial' | 'open';

export interface TraceDetail {
  readonly id: TraceId;
  readonly probe: ProbeId;
  readonly purpose: ProbePurpose;
  /** The context it carried, and how it was written where there are several ways: `b3`, `b3 64-bit`. */
  readonly context: string;
  readonly state: TraceState;
  readonly settled: SettleReason;
  /** Version of the versioned service, by the page, else by its SERVER span. */
  readonly version?: string;
  /** Earliest start, epoch µs. */
  readonly startMicros: number;
  /** Of the entry span; where there is not exactly one, from the earliest start to the latest end. */
  readonly durationMicros: number;
  /** Depth first, siblings by start; after the entry's tree whatever hangs nowhere. */
  readonly spans: readonly SpanDetail[];
  readonly gaps: readonly GapDetail[];
  readonly fragments: readonly FragmentDetail[];
  /** Into the backend's UI. */
  readonly link: string;
}

/** `entry` is right once; the others are what assembling could not fit. */
export type SpanMark = 'entry' | 'second-entry' | 'orphan' | 'self-parent' | 'duplicate' | 'cycle';

export interface SpanDetail {
  readonly id: SpanId;
  /** Index of the parent in the same list. */
  readonly parent?: number;
  readonly depth: number;
  /** As reported: `orders.shop`. */
  readonly fullName: string;
  /** Short name, as in the application definition; the reported one where it has no short name. */
  readonly service: string;
  readonly version?: string;
  readonly pod?: string;
  readonly kind: SpanKind;
  readonly operation: string;
  /** From the trace's start, µs; negative in a fragment that began earlier. */
  readonly offsetMicros: number;
  readonly durationMicros: number;
  /** Made by Envoy; else by the application's own SDK. */
  readonly proxy: boolean;
  readonly gateway: boolean;
  /** The service a CLIENT span calls. */
  readonly callee?: string;
  readonly status?: number;
  readonly flags: readonly string[];
  readonly marks: readonly SpanMark[];
  /** Codes of wrong links found at this very span. */
  readonly codes: readonly FindingCode[];
  /** All of them, as the capture has them: a format caps what it shows. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A hop that the trace should show here and does not. */
export interface GapDetail {
  readonly caller: string;
  readonly callee: string;
  readonly callerVersion?: string;
  /** `client`: the caller made no traced call. `server`: the call left, and the callee has no span of it. */
  readonly half: 'client' | 'server';
  /** Index of the span below which it should hang; absent where the gateway itself is missing. */
  readonly below?: number;
}

/** Spans of the same probe under another trace id. */
export interface FragmentDetail {
  readonly id: TraceId;
  readonly spans: readonly SpanDetail[];
  readonly link: string;
}

/** A trace as the application definition expects it. */
export interface ExpectedTrace {
  readonly version?: string;
  /** Depth first. */
  readonly spans: readonly ExpectedSpan[];
}

export interface ExpectedSpan {
  readonly depth: number;
  readonly service: string;
  readonly version?: string;
  readonly kind: 'client' | 'server';
  readonly gateway: boolean;
  /** The hop it is a half of; absent: the gateway's own SERVER span. */
  readonly hop?: { readonly caller: string; readonly callee: string };
}

/** Times are ms from the run's start, by the clock of the machine hopcheck ran on. */
export interface ProbeDetail {
  readonly id: ProbeId;
  readonly purpose: ProbePurpose;
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
  readonly status?: number;
  /** Why there is no answer. */
  readonly error?: string;
  readonly version?: string;
  /** Why its trace was believed not to change any more; absent: it was never looked up. */
  readonly settled?: SettleReason;
  readonly firstSpanAtMs?: number;
  readonly lastChangeAtMs?: number;
  readonly spans: number;
}

/** What was waited for. */
export interface WaitingDetail {
  readonly preflightMs: number;
  readonly probeMs: number;
  readonly settleMs: number;
  readonly flushMs: number;
  readonly flushFrom: string;
  readonly graceMs: number;
  readonly longestLagMs?: number;
  /** Traces by the reason they were believed. */
  readonly settled: Readonly<Partial<Record<SettleReason, number>>>;
}
