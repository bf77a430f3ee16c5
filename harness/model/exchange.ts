import type { PageFacts } from './application.ts';
import type { SpanId, TraceId } from './ids.ts';

/** `p001`, in sending order. */
export type ProbeId = string;

/** A mesh's own context format; a probe never carries two (docs/architecture.md#rule-7). */
export type ContextFormat = 'b3' | 'b3-single' | 'w3c';

/**
 * - `forced-on`: the mesh's context with sampled 1 and `x-client-trace-id`: traced on any mesh
 *   (docs/facts/envoy.md#forcing).
 * - `forced-off`: the context with sampled 0: leaves nothing.
 * - `undecided`: no context at all: the mesh decides, and the marker is the only handle.
 */
export type ProbePurpose = 'forced-on' | 'forced-off' | 'undecided';

/**
 * Another legal way to write the same context. B3: `parent` with x-b3-parentspanid, `deferred` without x-b3-sampled,
 * `flags` with x-b3-flags 1 on a probe that is forced on anyway, `64-bit` with a short trace id. W3C: `tracestate`.
 * `ot-span-context`: that header beside no context at all.
 */
export type ProbeVariant = 'parent' | 'deferred' | 'flags' | '64-bit' | 'tracestate' | 'ot-span-context';

/** A run sends no more undecided probes than these. */
export const MOST_UNDECIDED = 20_000;

/** What a plan asks for. */
export interface PlannedProbe {
  readonly purpose: ProbePurpose;
  /** Absent: the mesh's own. */
  readonly format?: ContextFormat;
  readonly variant?: ProbeVariant;
}

/** The probes of a run. @param undecided probes that the mesh decides about; default: as the plan likes. */
export type Plan = (forcedOn: number, undecided?: number) => readonly PlannedProbe[];

/** One request, sent once, never retried. */
export interface Probe {
  readonly id: ProbeId;
  readonly purpose: ProbePurpose;
  /** `none`: no context. An undecided probe of hopcheck's own never carries one; a request of an imported list may. */
  readonly format: ContextFormat | 'none';
  readonly variant?: ProbeVariant;
  /** It carries a format that is not the mesh's own, to find out whether the mesh reads it. */
  readonly trial?: true;
  /** The unique user agent, `[a-z0-9-]`. */
  readonly marker: string;
  /** The trace id it carries, if it carries a context. */
  readonly traceId?: TraceId;
  /** The span id it carries: what the entry span's parent must be. */
  readonly spanId?: SpanId;
  /** The headers hopcheck made for it (marker, context, x-client-trace-id); the user's own headers are in the configuration, redacted. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export type ExchangeError =
  | 'dns'
  | 'refused'
  | 'reset'
  | 'timeout'
  | 'tls'
  | 'unreachable'
  | 'body-too-large'
  | 'interrupted'
  | 'other';

/**
 * Why TLS failed: the server's certificate is not trusted or for another name, it asks for one of ours (or does not take
 * it), it speaks no TLS, or another reason.
 */
export type TlsFailure = 'untrusted' | 'wrong-name' | 'client-certificate' | 'no-tls' | 'other';

/** A probe and what came back. Connection errors are exchanges too. */
export interface Exchange {
  readonly probe: Probe;
  /** Epoch ms, by the clock of the machine hopcheck runs on. */
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
  readonly answer?: Answer;
  /** Set exactly when `answer` is not; in a dump without a list of requests neither is. */
  readonly error?: { readonly kind: ExchangeError; readonly message: string; readonly tls?: TlsFailure };
}

export interface Answer {
  readonly status: number;
  /** Without cookies and credentials; names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  readonly page: PageFacts;
}

/** `p001`, `p002`, … */
export function probeId(index: number, prefix = 'p'): ProbeId {
  return `${prefix}${String(index + 1).padStart(3, '0')}`;
}
