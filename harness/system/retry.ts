import pRetry from 'p-retry';
import type { Clock } from '../model/clock.ts';

export interface RetryPolicy {
  readonly clock: Clock;
  /** Ends waiting and trying. */
  readonly signal?: AbortSignal | undefined;
  /**
   * How long to wait before the next attempt, ms; undefined: this failure is final.
   * @param failures how many attempts have failed, this one included.
   */
  waitMs(error: Error, failures: number): number | undefined;
}

/**
 * Tries again after failures that pass by themselves, on the clock that is given: p-retry waits on real timers, so its own
 * wait is 0, and the wait is part of the decision whether to try again.
 * @throws the last failure, or the signal's reason.
 */
export function retry<T>(attempt: () => Promise<T>, { clock, signal, waitMs }: RetryPolicy): Promise<T> {
  return pRetry(attempt, {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: 0,
    ...(signal !== undefined && { signal }),
    shouldRetry: async ({ error, attemptNumber }) => {
      const ms = waitMs(error, attemptNumber);
      if (ms === undefined) return false;
      await clock.sleep(ms, signal);
      return true;
    },
  });
}
