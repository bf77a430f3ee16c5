/** What the start of the next run depends on; times are epoch, ms. */
export interface ScheduleInput {
  readonly nowMs: number;
  readonly everyMs: number;
  /** Between two starts at the least, as the budget has it. */
  readonly spacingMs: number;
  /** Start of the last run; absent: none has started. */
  readonly lastStartedAtMs?: number;
  /** A run was asked for. */
  readonly isRequested: boolean;
}

/**
 * When the next run starts: at the interval after the last one, at once where it was asked for, and never before the
 * budget allows it. A run that takes longer than the interval is followed by the next one, and missed runs are not made
 * up for: two runs never go on at once.
 */
export function nextStartMs({ nowMs, everyMs, spacingMs, lastStartedAtMs, isRequested }: ScheduleInput): number {
  if (lastStartedAtMs === undefined) return nowMs;
  const allowed = lastStartedAtMs + spacingMs;
  return isRequested ? Math.max(nowMs, allowed) : Math.max(nowMs, allowed, lastStartedAtMs + everyMs);
}
