/**
 * False alarms of a run that is healthy, all statistical checks together: at most one in 100 000
 * (docs/architecture.md#rule-6).
 */
export const RUN_ALPHA = 1e-5;

/**
 * How the checks share it (Bonferroni): each has a third, fixed beforehand, whether the others are made or not. A check of
 * several versions shares its third once more, equally. Then the run's false alarms are at most the sum, however the
 * checks depend on each other. Rotation is evidence that is shown, not a check that can fail, and takes no part.
 */
export const ALPHA = {
  /** A version was never served (HC201). */
  coverage: RUN_ALPHA / 3,
  /** A version's share is off (HC202). */
  shares: RUN_ALPHA / 3,
  /** The sampling rate is off (HC604). */
  samplingRate: RUN_ALPHA / 3,
} as const;
