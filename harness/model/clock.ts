/** The one way time comes in (docs/architecture.md#one-clock): a simulated clock replaces it in tests and labs. */
export interface Clock {
  /** Epoch, ms. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Epoch, ms, as the machine's clock is set at this moment. It may have been set, or the machine may have been suspended, since
   * `now()` began to count, which notices neither. Absent: the same as `now()`.
   */
  wallNow?(): number;
}

/**
 * The same clock, set by the machine's clock as it is now. A process that goes on for days uses one for each run: its times
 * are compared with those of spans.
 */
export function setAnew(clock: Clock): Clock {
  const aheadMs = aheadOf(clock);
  return {
    now: () => clock.now() + aheadMs,
    sleep: (ms, signal) => clock.sleep(ms, signal),
    wallNow: () => clock.wallNow?.() ?? clock.now(),
  };
}

/** How far the machine's clock is ahead of `now()`, ms; below 0: behind it. */
export function aheadOf(clock: Clock): number {
  return clock.wallNow === undefined ? 0 : clock.wallNow() - clock.now();
}
