import type { Entry } from './entry.ts';

export interface SettleProgress {
  readonly settled: number;
  readonly of: number;
  /** What is waited for, and why. */
  readonly waitingFor: string;
}

export interface Settled {
  readonly entries: readonly Entry[];
  readonly polls: number;
  readonly graceMs: number;
  readonly longestLagMs?: number;
}
