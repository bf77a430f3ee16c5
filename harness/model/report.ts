import type { BackendApi } from './capture.ts';
import type { RunDetail } from './detail.ts';
import type { ContextFormat } from './exchange.ts';
import type { Outcome, PromiseId } from './outcome.ts';

export const REPORT_SCHEMA = 'hopcheck/report@1';

export type Verdict = 'pass' | 'fail' | 'inconclusive';

/** The exit codes of design §6 that a verdict can have; 64, 130 and 143 belong to the command line. */
export type VerdictExitCode = 0 | 1 | 2;

/** What a run comes to; every format is rendered from this one object. Its JSON form is frozen (docs/report.schema.json). */
export interface RunReport {
  readonly schema: typeof REPORT_SCHEMA;
  readonly verdict: Verdict;
  readonly exitCode: VerdictExitCode;
  /** The verdict and its reason in one sentence. */
  readonly sentence: string;
  readonly run: {
    readonly id: string;
    readonly startedAt: string;
    readonly durationMs: number;
    readonly target: {
      readonly ingress: string;
      readonly traceBackend: { readonly url: string; readonly api?: BackendApi };
    };
    /** Probes sent, preflight's not counted. */
    readonly probes: number;
    /** Traces with at least one span. */
    readonly traces: number;
    readonly hopcheck: string;
  };
  readonly promises: readonly ReportedPromise[];
  readonly hops: readonly ReportedHop[];
  /** Context formats that were tried, and whether the mesh carries them. */
  readonly formats: readonly ReportedFormat[];
  readonly versions?: ReportedVersions;
  readonly timings: {
    readonly preflightMs: number;
    readonly probeMs: number;
    readonly settleMs: number;
    readonly judgeMs: number;
    readonly polls: number;
    readonly backendCalls: number;
  };
  /** For formats with pictures, when asked for (`judge(capture, { detail: true })`); no part of the JSON report. */
  readonly detail?: RunDetail;
}

export interface ReportedPromise extends Omit<Outcome, 'promise'> {
  readonly id: PromiseId;
  readonly title: string;
}

/** A hop and what was seen of it; `headers` is filled by the propagation matrix. */
export interface ReportedHop {
  readonly caller: string;
  readonly callee: string;
  /** Traces in which both halves of it were seen joined. */
  readonly seen: number;
  /** Traces in which it was expected. */
  readonly expected: number;
  readonly headers: Readonly<Record<string, ReportedCell>>;
}

export interface ReportedFormat {
  readonly format: ContextFormat;
  /** `own`: what the mesh speaks. `carried`: read beside it. `not-supported`: the mesh makes a context of its own. */
  readonly status: 'own' | 'carried' | 'not-supported' | 'unknown';
  readonly why: string;
}

export interface ReportedCell {
  readonly cell: 'kept' | 'lost' | 'changed' | 'not-observable';
  readonly why: string;
}

export interface ReportedVersions {
  readonly service: string;
  /** Attempts (SERVER spans) by version; pages where there are no spans. */
  readonly counts: Readonly<Record<string, number>>;
  readonly attempts: number;
  readonly unit: 'attempts' | 'pages';
  /** Versions in order of the probes, `?` where not known. */
  readonly sequence: readonly string[];
}
