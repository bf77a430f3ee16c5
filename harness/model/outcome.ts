import type { Finding } from './finding.ts';

export const PROMISES = [
  { id: 'environment', title: 'the run could decide' },
  { id: 'ingress', title: 'the ingress serves a whole page to every probe' },
  { id: 'load-balancing', title: 'every version is served its share' },
  { id: 'trace-shape', title: 'every expected service and hop is in every trace, and nothing else' },
  { id: 'parentage', title: 'every trace has one entry and every span its parent' },
  { id: 'propagation', title: 'every hop passes the trace context on' },
  { id: 'sampling', title: 'every sampling decision is honoured' },
] as const;

export type PromiseId = (typeof PROMISES)[number]['id'];

export type OutcomeStatus = 'pass' | 'fail' | 'inconclusive' | 'skipped' | 'not-supported';

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
