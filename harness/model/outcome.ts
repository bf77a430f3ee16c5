import type { PromiseFacts } from './facts/facts.ts';
import type { JudgedFinding } from './finding.ts';
import type { PromiseId } from './promises.ts';

export const OUTCOME_STATUSES = ['pass', 'fail', 'inconclusive', 'skipped', 'not-supported'] as const;
export type OutcomeStatus = (typeof OUTCOME_STATUSES)[number];

/** What became of one promise. Wrong results are findings (data), never exceptions. */
export interface Outcome {
  readonly promise: PromiseId;
  readonly status: OutcomeStatus;
  /** What was seen; and why, for `inconclusive`, `skipped` and `not-supported`. */
  readonly facts: PromiseFacts;
  /** A pass may carry warnings and information. */
  readonly findings: readonly JudgedFinding[];
}
