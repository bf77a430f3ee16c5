import type { Finding } from './finding.ts';
import type { PromiseId } from './promises.ts';

export const OUTCOME_STATUSES = ['pass', 'fail', 'inconclusive', 'skipped', 'not-supported'] as const;
export type OutcomeStatus = (typeof OUTCOME_STATUSES)[number];

/** What one promise comes to. Wrong results are findings (data), never exceptions. */
export interface Outcome {
  readonly promise: PromiseId;
  readonly status: OutcomeStatus;
  /** What was seen, short: `v1 20 · v2 21 · v3 19 of 60`. */
  readonly observed: string;
  /** For `inconclusive`, `skipped` and `not-supported`. */
  readonly reason?: string;
  /** A pass may carry warnings and information. */
  readonly findings: readonly Finding[];
}
