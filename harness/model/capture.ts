import type { Application } from './application.ts';
import type { ClusterFacts, Excuse } from './cluster.ts';
import type { FindingCode } from './codes.ts';
import type { ContextFormat, Exchange, PlannedProbe, ProbeId } from './exchange.ts';
import type { TraceId } from './ids.ts';
import type { Span } from './span.ts';

export const CAPTURE_SCHEMA = 'hopcheck/capture@1';

/** Where a value came from (docs/architecture.md#one-table-of-options). */
export type Source = 'flag' | 'environment' | 'file' | 'discovered' | 'assumed' | 'default';

export interface Sourced<T> {
  readonly value: T;
  readonly source: Source;
  /** e.g. `--shares`, `HOPCHECK_SHARES`, `hopcheck.config.json`. */
  readonly from: string;
}

/** Everything one run saw and was told: what `judge` judges. One file, replayable. */
export interface Capture {
  readonly schema: typeof CAPTURE_SCHEMA;
  readonly run: RunInfo;
  /** Made from a dump; absent: hopcheck itself sent and collected. */
  readonly imported?: Imported;
  readonly application: Application;
  readonly expectations: Expectations;
  /** Every option with its value as text (secrets replaced by `$NAME`) and its source. */
  readonly configuration: readonly ConfiguredOption[];
  /** What `--kube` read. */
  readonly cluster?: ClusterFacts;
  readonly plan: readonly PlannedProbe[];
  readonly preflight: Preflight;
  readonly exchanges: readonly Exchange[];
  readonly traces: readonly SettledTrace[];
  readonly fragments: readonly Fragment[];
  readonly incidents: readonly Incident[];
  readonly timings: Timings;
  /** How the file ends. `cut`: no end record was read, so the rest of the run is unknown. */
  readonly end: 'complete' | 'stopped-in-preflight' | 'interrupted' | 'cut';
}

export interface RunInfo {
  readonly id: string;
  readonly startedAt: string;
  readonly hopcheck: string;
  /** Where the probes went. Empty: a dump, and nothing tells. */
  readonly ingress: string;
  /** The `Host` header sent to the ingress, where it is not the URL's. */
  readonly ingressHost?: string;
  /** The user's own headers, as a person may see them: `authorization: $HOPCHECK_INGRESS_HEADER`. */
  readonly ingressHeaders?: readonly (readonly [name: string, placeholder: string])[];
  /** As configured, userinfo removed; `preflight.backendBase` has the base path that was found. Empty: a dump, and nobody said. */
  readonly traceBackend: string;
}

/** A dump that was taken for a run. */
export interface Imported {
  readonly files: number;
  readonly traces: number;
  /** Traces that belong to no probe; they are not in the capture. */
  readonly foreign: number;
  /** Somebody wrote down what was sent. Without that nothing is known of answers and decisions. */
  readonly requests: boolean;
  /** Said to hold every trace of these requests (`--complete`); else what is not in it may be elsewhere. */
  readonly complete: boolean;
}

export interface ConfiguredOption {
  readonly name: string;
  readonly value: string;
  readonly source: Source;
  readonly from: string;
}

export interface Expectations {
  /** Weight by version of the application's versioned service. */
  readonly shares?: Sourced<Readonly<Record<string, number>>>;
  /** How far off a share may be, points; absent: 10. */
  readonly shareTolerance?: Sourced<number>;
  /** Worker threads of the versioned service's callers, where nobody else calls; absent: turns are not counted. */
  readonly rotatingWorkers?: Sourced<number>;
  /** Percent of undecided requests that the mesh traces; absent: nobody said. */
  readonly samplingPercent?: Sourced<number>;
  /** Names as reported, full or short → short name in the application; see identify(). */
  readonly services?: Sourced<Readonly<Record<string, string>>>;
  /** How long a proxy may hold a span, ms. */
  readonly flushMs: Sourced<number>;
  /** How callers choose among the pods of the versioned service; absent: nobody said, and no order is claimed. */
  readonly loadBalancing?: Sourced<LoadBalancing>;
  /** By the mesh's configuration; what the traces show is in the preflight and counts. */
  readonly gatewayProfile?: Sourced<GatewayProfile>;
  /** The gateway that the cluster's routes lead to; by which name its spans are known is in the preflight. */
  readonly gateway?: Sourced<RoutedGateway>;
  /** What the configuration does to answers and shares by itself. */
  readonly excuses?: readonly Excuse[];
}

export interface RoutedGateway {
  /** Names that its spans may have: Istio's canonical names of its pods. */
  readonly names: readonly string[];
  /** As `namespace/name`. */
  readonly pods: readonly string[];
}

export type LoadBalancing = 'round-robin' | 'least-request' | 'random' | 'passthrough' | 'consistent-hash';

export type BackendApi = 'jaeger-legacy' | 'jaeger-v3';
export type GatewayProfile = 1 | 2;

/** What preflight found out; whatever it could not is absent. */
export interface Preflight {
  readonly api?: BackendApi;
  /** What the backend says of itself, e.g. `v2.13.0`; absent: it does not tell. */
  readonly backendVersion?: string;
  /** The backend's URL with the base path that was found; links go there. */
  readonly backendBase?: string;
  readonly markerSearch: 'supported' | 'not-supported' | 'unknown';
  /** Why marker search is not supported or not known. */
  readonly markerSearchReason?: string;
  readonly format?: Sourced<ContextFormat>;
  /** By majority over the preflight's traces; judged again over the run's. */
  readonly gatewayProfile?: Sourced<GatewayProfile>;
  /** Short name of the gateway in spans; absent: none of preflight's spans tells. Then it is looked for in the run's. */
  readonly gateway?: Sourced<string>;
  /** Ingress clock minus ours, ms, ± `uncertaintyMs`, from the response's `Date`. */
  readonly ingressClock?: ClockOffset;
  /** Mesh clock (span times) minus ours, ms. */
  readonly spanClock?: ClockOffset;
  /** Marked requests it sent. They are not part of the plan and are not judged. */
  readonly requests: readonly Exchange[];
  /** From the first answer to the read that brought the first span, ms. */
  readonly arrivalMs?: number;
  /** Spans found of each of those requests. */
  readonly spansSeen: Readonly<Record<ProbeId, number>>;
  /** Why the run was stopped here; absent when it went on. */
  readonly stopped?: Incident;
}

export interface ClockOffset {
  readonly offsetMs: number;
  readonly uncertaintyMs: number;
}

/** Why a trace will not change any more (docs/architecture.md#rule-3). */
export type SettleReason = 'expected-set' | 'quiet' | 'absent' | 'imported' | 'deadline';

export interface SettledTrace {
  readonly probe: ProbeId;
  /** The id looked up, or the one found by marker; absent when nothing was found for a probe without id. */
  readonly traceId?: TraceId;
  readonly reason: SettleReason;
  /** Empty when nothing came. */
  readonly spans: readonly Span[];
  /** Reads of this trace. */
  readonly polls: number;
  /** From the answer to the first read with a span, ms; absent when none came. */
  readonly arrivalMs?: number;
  /** From the answer to the read after which the spans did not change any more, ms. */
  readonly lastChangeMs?: number;
}

/** Spans of a probe found under another trace id. */
export interface Fragment {
  readonly probe: ProbeId;
  readonly traceId: TraceId;
  readonly spans: readonly Span[];
}

/** Something that went wrong between hopcheck and the world, as a HC7xx. */
export interface Incident {
  readonly code: FindingCode;
  /** `preflight`, `probe`, `settle`, … */
  readonly during: 'target' | 'preflight' | 'probe' | 'settle' | 'capture' | 'judge';
  readonly message: string;
  /** What to try. */
  readonly hint?: string;
  readonly expected?: string;
  readonly received?: string;
  /** How often it happened, when it is counted rather than repeated. */
  readonly times: number;
  readonly probe?: ProbeId;
}

export interface Timings {
  readonly preflightMs: number;
  readonly probeMs: number;
  readonly settleMs: number;
  readonly polls: number;
  /** Calls of the backend, preflight's included. */
  readonly backendCalls: number;
  /** The longest seen time from a span's end to the read it first appeared in, ms. */
  readonly longestLagMs?: number;
  /** What grace time was used, ms. */
  readonly graceMs: number;
  /** How long no read had succeeded any more when waiting ended, ms; absent: the last one did. */
  readonly backendAwayMs?: number;
}
