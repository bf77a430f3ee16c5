import type { SettleReason } from './capture.ts';
import type { FindingCode } from './codes.ts';
import type { SpanMark } from './detail.ts';
import type { ProbeId } from './exchange.ts';
import type { HopReceived } from './facts/propagation.ts';
import type { CallAnswer } from './facts/values.ts';
import type { Cause } from './finding.ts';
import type { SpanId, TraceId } from './ids.ts';
import type { SpanKind } from './span.ts';

/**
 * One trace as own specs look at it: what was seen, as data. Made by `seeTraces()` in harness/judge from a capture; it
 * judges nothing by itself (harness/vitest/trace-claims.ts does).
 */
export interface SeenTrace {
  /** Absent: the probe carried no id, and nothing was found. */
  readonly id?: TraceId;
  readonly probe: ProbeId;
  /** The request's name in the definition. */
  readonly request: string;
  /** Status of the answer; absent: there was none. */
  readonly status?: number;
  /** Why it is believed not to change any more; `deadline`: it may still change, so that nothing is missing for certain. */
  readonly settled: SettleReason;
  /** In the user interface of the trace backend; absent: there is no such page. */
  readonly link?: string;
  /** Depth first, siblings by start; empty: no span came. */
  readonly spans: readonly SeenSpan[];
  /** Calls that the definition lets expect of this request, and every other call that was seen. */
  readonly calls: readonly SeenCall[];
  /** Spans of the same request under other trace ids. */
  readonly elsewhere: readonly SeenElsewhere[];
}

export interface SeenSpan {
  readonly id: SpanId;
  /** Index of the parent in the same list. */
  readonly parent?: number;
  /** As the definition names it; else as reported. */
  readonly service: string;
  readonly version?: string;
  readonly kind: SpanKind;
  readonly operation: string;
  /** Made by Envoy; else by the application's own SDK. */
  readonly proxy: boolean;
  /** The service that a CLIENT span calls. */
  readonly callee?: string;
  /** `entry` is right once; the others are what could not be put together. */
  readonly marks: readonly SpanMark[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface SeenElsewhere {
  readonly id: TraceId;
  readonly link?: string;
  readonly spans: number;
  readonly services: readonly string[];
}

/**
 * - `whole`: both spans of it are in the trace; of a callee without a sidecar the CLIENT span alone is all there is.
 * - `half`: the caller's CLIENT span is there, and the callee has no span below it.
 * - `elsewhere`: it was made under another trace id.
 * - `nowhere`: no trace shows it, and what else was seen speaks against the caller (docs/architecture.md#rule-10).
 * - `unknown`: nothing shows it, and nothing speaks against the caller.
 */
export type CallSeen = 'whole' | 'half' | 'elsewhere' | 'nowhere' | 'unknown';

/** One call of a request. */
export interface SeenCall {
  readonly caller: string;
  readonly callerVersion?: string;
  readonly callee: string;
  readonly seen: CallSeen;
  /** What became of the trace context at it. */
  readonly context: 'kept' | 'harmed' | 'unknown';
  /** The definition has the call. */
  readonly declared: boolean;
  /** As the CLIENT span shows it. */
  readonly answer?: CallAnswer;
  /** The trace that it was found in, where it is not the request's own. */
  readonly elsewhere?: TraceId;
  /** Of a harmed context. */
  readonly defect?: SeenDefect;
  /** The finding of the defect does not count: by which option, and the reason given with it. */
  readonly waived?: { readonly by: 'tolerate' | 'baseline' | 'max'; readonly reason?: string };
}

export interface SeenDefect {
  readonly code: FindingCode;
  /** Likeliest first. */
  readonly causes: readonly Cause[];
  readonly received: HopReceived;
}
