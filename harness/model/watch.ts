import type { OutcomeStatus } from './outcome.ts';
import type { PromiseId } from './promises.ts';
import type { Verdict } from './report.ts';

/**
 * How a run of `hopcheck watch` ended. deadline: its time limit ended it, and it reported. hung: it did not end then
 * either, and was given up. failed: it could not begin or broke. stopped: the watch itself was ended.
 */
export const RUN_ENDS = ['complete', 'deadline', 'hung', 'failed', 'stopped'] as const;
export type RunEnd = (typeof RUN_ENDS)[number];

/** What a watch can answer: a verdict, that the last one is too old, or that there is none yet. */
export const STANDINGS = ['pass', 'fail', 'inconclusive', 'stale', 'none'] as const;
export type StandingName = (typeof STANDINGS)[number];

/** What speaks for an alert: a code and what it is about, in names of the application definition only. */
export interface WatchSign {
  /** `HC501`; `fail` and `inconclusive` for a run that has no finding to name. */
  readonly code: string;
  /** `a->b`, `a`, `mesh`; empty: the run as a whole. */
  readonly subject: string;
}

/** A sign that enough of the last runs agree on. */
export interface WatchAlert extends WatchSign {
  /** Runs that have it, out of the last `of` that could have. */
  readonly runs: number;
  readonly of: number;
}

/** One run of a watch, as far as it is remembered: small, because many are kept. */
export interface WatchedRun {
  readonly id: string;
  /** By the clock of the watch, which never goes back; epoch, ms. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** How far the machine's clock was ahead of that of the watch when the run started, ms. Default 0. */
  readonly aheadMs?: number;
  readonly verdict: Verdict;
  readonly end: RunEnd;
  /** The verdict and its reason. */
  readonly sentence: string;
  /** Codes of the findings that count, each once. */
  readonly codes: readonly string[];
  /** `a->b` of the first of them that is about a hop; empty: no finding is about one. */
  readonly hop: string;
  /** Empty where there is no report. */
  readonly promises: Readonly<Partial<Record<PromiseId, OutcomeStatus>>>;
  readonly signs: readonly WatchSign[];
  /** Probes of the plan that were sent; those of preflight are not known. */
  readonly probes: number;
}

/** Everything that the endpoints of a watch answer from. */
export interface WatchState {
  /** By the clock of the watch, as all times below; epoch, ms. */
  readonly nowMs: number;
  /** How far the machine's clock is ahead of that of the watch, ms: it was set, or the machine was suspended. Default 0. */
  readonly aheadMs?: number;
  readonly watchStartedAtMs: number;
  /** Between the starts of two runs, as the budget allows it. */
  readonly everyMs: number;
  readonly staleAfterMs: number;
  /** Oldest first; the last ones only. */
  readonly runs: readonly WatchedRun[];
  /** Since the watch started. */
  readonly totals: {
    readonly verdicts: Readonly<Record<Verdict, number>>;
    readonly ends: Readonly<Record<RunEnd, number>>;
    readonly probes: number;
  };
  readonly running?: Pick<WatchedRun, 'id' | 'startedAtMs' | 'aheadMs'>;
  /** When the next run starts, or could start once the running one has ended; epoch, ms. */
  readonly nextAtMs: number;
  readonly alerts: readonly WatchAlert[];
}

/** When a run started as the machine's clock showed it then: for people and file names; epoch, ms. */
export function shownStartMs({ startedAtMs, aheadMs = 0 }: Pick<WatchedRun, 'startedAtMs' | 'aheadMs'>): number {
  return startedAtMs + aheadMs;
}
