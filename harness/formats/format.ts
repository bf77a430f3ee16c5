import type { ProbeVariant } from '../model/exchange.ts';
import type { SpanId, TraceId } from '../model/ids.ts';
import type { RandomHex } from '../model/random-ids.ts';

/** A trace context with its decision, before it is written in some format. */
export interface TraceContext {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly sampled: boolean;
}

export type ContextHeaders = readonly (readonly [name: string, value: string])[];

/** The headers of a request by name, in lower case; values without blanks around them. */
export type SentHeaders = ReadonlyMap<string, string>;

/** Hex, hex, and the decision, as they stand in headers; nothing of it is checked. */
export interface WrittenContext {
  readonly traceId: string;
  readonly spanId: string;
  /** Absent: the decision is left to the mesh. */
  readonly sampled?: boolean;
}

/** Another legal way to write a context. */
export interface FormatVariant {
  /** With a trace id of 64 bits. */
  readonly isShort?: true;
  readonly write: (context: TraceContext, random: RandomHex) => ContextHeaders;
}

/** One header of a format: a column of the propagation matrix. */
export interface HeaderColumn {
  readonly name: string;
  /**
   * What spans show of it on a mesh that reads it: the call's trace id, its parent, the decision (only where a forced
   * one differs from the mesh's own), or nothing.
   */
  readonly shows: 'trace' | 'span' | 'decision' | 'nothing';
  /** A request that carries it is not undecided. */
  readonly decides?: true;
  /** Applications need not copy it for a mesh. */
  readonly isOptional?: true;
}

/** A tracer of proxies that speaks the format by itself. */
export interface MeshDriver {
  /** Kinds of Istio's tracing providers that configure it (docs/facts/istio.md#providers). */
  readonly providers: readonly ('zipkin' | 'opentelemetry')[];
  /** Tags that only this tracer writes (docs/facts/envoy.md#healthy-traces). */
  readonly tags: readonly string[];
  /**
   * It decides by x-request-id: sampled 1 without x-client-trace-id is only a wish, and a new x-request-id may veto the
   * rest of a trace (docs/facts/envoy.md#headers-seen, #forcing).
   */
  readonly decidesByRequestId?: true;
}

/** One context format, with all that hopcheck knows about it. */
export interface FormatRow {
  /** The family of formats, for sentences. A mesh that speaks one format of a family is not surprised by another. */
  readonly speaks: string;
  readonly write: (context: TraceContext) => ContextHeaders;
  /** undefined: the headers carry no context of this format. */
  readonly read: (sent: SentHeaders) => WrittenContext | undefined;
  readonly variants: Readonly<Partial<Record<ProbeVariant, FormatVariant>>>;
  readonly columns: readonly HeaderColumn[];
  /** Absent: no proxy speaks it by itself, and only probes that try it carry it. */
  readonly driver?: MeshDriver;
  /**
   * Its columns are in every matrix. Absent: only where a probe carried the format, because a column of "no probe carried
   * it" in an old capture, or in one of a mesh without it, says nothing.
   */
  readonly isAlwaysShown?: true;
}
