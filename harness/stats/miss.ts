/**
 * Probability that a version with this share is not served once in so many independent attempts: (1 − share)^attempts.
 * Balancers that take turns miss less often than that, so it is an upper bound for them.
 * @param share 0–1
 */
export function missProbability(share: number, attempts: number): number {
  if (share >= 1) return attempts > 0 ? 0 : 1;
  return (1 - Math.max(0, share)) ** attempts;
}

/** Attempts after which a version with this share is missed by chance with less than `alpha`. */
export function attemptsNeeded(share: number, alpha: number): number {
  if (share <= 0) return Number.POSITIVE_INFINITY;
  if (share >= 1) return 1;
  return Math.ceil(Math.log(alpha) / Math.log(1 - share));
}
