import type { Entry } from './entry.ts';
import { affordableWaitMs, backOffMs } from './pace.ts';
import { quietAtMs, type Situation } from './rules.ts';

/** The state of a run from which the waits after the shared read follow. */
export interface Schedule {
  readonly nowMs: number;
  /** Until waiting is given up, ms. */
  readonly leftMs: number;
  /** Rounds since the shared read. */
  readonly round: number;
  readonly open: readonly Entry[];
  readonly situation: Situation;
  readonly batchSize: number;
  /** Requests that the backend may still get. */
  readonly callsLeft: number;
}

/**
 * The traces to read from the shared read on. Batches are cheap: all that are open. A single read is spent only where it can
 * settle something: where the trace is whole, was not read since, or has been still for long enough.
 */
export function readFromNowOn({ open, situation, batchSize, nowMs }: Omit<Schedule, 'leftMs' | 'round' | 'callsLeft'>) {
  const sharedReadAtMs = (situation.lastAnswerAtMs ?? Number.POSITIVE_INFINITY) + situation.graceMs;
  if (batchSize > 1) return open;
  return open.filter(
    (entry) => entry.complete || (entry.lastReadAtMs ?? 0) < sharedReadAtMs || quietAtMs(entry, situation) <= nowMs,
  );
}

/**
 * How long to wait for the next read, ms. It is due when it can settle a trace, whatever calls are left; in between, batches
 * are looked at as often as makes the calls last until the deadline, closely at first: a change counts from the look that
 * shows it, so a late look makes the wait for no further change longer than it has to be.
 */
export function waitForNextReadMs({ nowMs, leftMs, round, open, situation, batchSize, callsLeft }: Schedule): number {
  const quietInMs = open.map((entry) => quietAtMs(entry, situation) - nowMs).filter((ms) => ms > 0);
  const affordable = affordableWaitMs(leftMs, callsLeft, Math.ceil(open.length / batchSize));
  const lookMs = Math.max(affordable, backOffMs(round));
  if (quietInMs.length === 0 || callsLeft <= 0) return Math.min(leftMs, lookMs);
  const soonest = Math.min(...quietInMs);
  return Math.min(leftMs, batchSize > 1 ? Math.min(soonest, lookMs) : soonest);
}
