import type { BackendApi, Imported } from './capture.ts';
import type { ClusterFacts, Found, Step } from './cluster.ts';
import type { RunDetail } from './detail.ts';
import type { ContextFormat } from './exchange.ts';
import type { PromiseFacts } from './facts/facts.ts';
import type { Finding, JudgedFinding, Selection } from './finding.ts';
import type { Outcome, OutcomeStatus } from './outcome.ts';
import type { PromiseId } from './promises.ts';
import type { Sensitivity } from './sensitivity.ts';

export const REPORT_SCHEMA = 'hopcheck/report@1';

export const VERDICTS = ['pass', 'fail', 'inconclusive'] as const;
export type Verdict = (typeof VERDICTS)[number];

/**
 * The exit codes of docs/architecture.md#exit-codes that a verdict can have; 64, 130 and 143 belong to the command
 * line.
 */
export type VerdictExitCode = 0 | 1 | 2;

/** What a run amounts to, as the judge decides it: data, and no text (`renderReport()` in reports/text/ adds that). */
export interface JudgedRun extends Omit<RunReport, 'schema' | 'sentence' | 'promises'> {
  readonly promises: readonly JudgedPromise[];
}

export interface JudgedPromise extends Omit<Outcome, 'promise'> {
  readonly id: PromiseId;
  /** What the judge decided, where the policy made the status another. */
  readonly judged?: OutcomeStatus;
}

/** What a run amounts to; every format is rendered from this one object. Its JSON form is frozen (docs/report.schema.json). */
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
      readonly traceBackend: {
        readonly url: string;
        readonly api?: BackendApi;
        /** What it says of itself; absent: it does not tell. */
        readonly version?: string;
      };
    };
    /** Probes sent, preflight's not counted. */
    readonly probes: number;
    /** Traces with at least one span. */
    readonly traces: number;
    readonly hopcheck: string;
    /** Where everything was found; only of a run that read the cluster. */
    readonly cluster?: ReportedCluster;
    /** Absent: hopcheck itself sent and collected. */
    readonly imported?: Imported;
  };
  readonly promises: readonly ReportedPromise[];
  /** What was asked to count, and what became of it; absent: everything counts as judged. */
  readonly policy?: ReportedPolicy;
  readonly hops: readonly ReportedHop[];
  /** Context formats that were tried, and whether the mesh carries them. */
  readonly formats: readonly ReportedFormat[];
  readonly versions?: ReportedVersions;
  /** What this run was able to find; absent where nothing was sent. */
  readonly reach?: Sensitivity;
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

export interface ReportedCluster {
  readonly context: string;
  readonly istio?: string;
  readonly dataPlane: ClusterFacts['dataPlane'];
  readonly found: readonly Found[];
  /** The walk-through. */
  readonly steps: readonly Step[];
}

/** A promise as reports show it: with the texts that `reports/text/` makes of its facts. */
export interface ReportedPromise {
  readonly id: PromiseId;
  /** What holds when it passes. */
  readonly title: string;
  readonly status: OutcomeStatus;
  /** What was seen, short: `v1 20 · v2 21 · v3 19 of 60`. */
  readonly observed: string;
  /** For `inconclusive`, `skipped` and `not-supported`. */
  readonly reason?: string;
  readonly facts: PromiseFacts;
  /** What the judge decided, where the policy made the status another. */
  readonly judged?: OutcomeStatus;
  readonly findings: readonly Finding[];
}

/** Selection, toleration and baseline, as a person reads them. */
export interface ReportedPolicy {
  readonly failOn: readonly FailOn[];
  /** `--only` and `--skip`, with their reasons. */
  readonly only: readonly Selection[];
  readonly skip: readonly Selection[];
  readonly tolerated: readonly ReportedToleration[];
  readonly baseline?: ReportedBaseline;
}

/** What makes a run fail beside errors; with `new`, errors that the baseline knows do not. */
export const FAIL_ON = ['warning', 'new'] as const;
export type FailOn = (typeof FAIL_ON)[number];

export interface ReportedToleration {
  readonly code: string;
  /** `front->orders`, `orders`; absent: whatever it is about. */
  readonly subject?: string;
  readonly reason: string;
  /** Findings it was used for; 0: it may go. */
  readonly findings: number;
}

export interface ReportedBaseline {
  /** The file, as given. */
  readonly from: string;
  readonly run: string;
  readonly startedAt: string;
  readonly new: number;
  readonly known: number;
  /** Not found any more by a promise that was judged. */
  readonly gone: readonly FindingIdentity[];
}

/** What makes two findings of two runs the same one. */
export type FindingIdentity = Pick<JudgedFinding, 'code' | 'subject' | 'causes'> & { readonly promise: PromiseId };

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
  /** Each version's share; those that are neither expected nor served are left out. */
  readonly shares: Readonly<Record<string, ReportedShare>>;
  /** Where the shares were tested. */
  readonly test?: ReportedShareTest;
  readonly rotation?: ReportedRotation;
}

/** All values 0–1. */
export interface ReportedShare {
  /** Absent: it is not expected at all. */
  readonly expected?: number;
  readonly observed: number;
  /** The exact interval with 95 % confidence, for people. */
  readonly low: number;
  readonly high: number;
  /** What decided, where it was tested: shares among the versions that were, and the interval of all together with 99.9 %. */
  readonly tested?: {
    readonly expected: number;
    readonly observed: number;
    readonly low: number;
    readonly high: number;
  };
  /** The test said that it is off. */
  readonly off?: boolean;
  /** A true share from `above` up, or from `below` down, would have been called off with the test's power; absent: none. */
  readonly found?: { readonly above?: number; readonly below?: number };
}

export interface ReportedShareTest {
  /** Attempts of the versions that were tested. */
  readonly attempts: number;
  readonly pValue: number;
  readonly method: 'exact' | 'monte-carlo';
  readonly alpha: number;
  /** Of the expected share, 0–1. */
  readonly tolerance: number;
  /** With which `found` was computed. */
  readonly power: number;
}

/** Whether versions take turns (harness/stats/rotation.ts). */
export interface ReportedRotation {
  readonly verdict: 'seen' | 'not-decidable' | 'broken';
  readonly unit: 'pods' | 'versions';
  /** Caller pods whose calls were followed, each for itself; 0: only the order of the probes is known. */
  readonly callers: number;
  readonly steps: number;
  readonly of: number;
  /** Random choice makes more steps in at most 1 of 1000 cases. */
  readonly quantile: number;
  /** With `--exclusive` and `--workers`: turns of the pod with most and of the one with least. */
  readonly spread?: {
    readonly most: number;
    readonly least: number;
    readonly workers: number;
    /** Turns that may have been taken and were not seen. */
    readonly unknown: number;
    readonly broken: boolean;
  };
}
