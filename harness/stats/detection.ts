/**
 * Probability that a fault which hits each request on its own, with this rate, shows at least once: 1 − (1 − rate)^requests.
 * A hop that fails 1 in 20 is found by 60 requests with 95 %, by 40 (those that cross it) with 87 %.
 * @param rate 0–1
 */
export function detectionProbability(rate: number, requests: number): number {
  if (requests <= 0 || rate <= 0) return 0;
  if (rate >= 1) return 1;
  // Not 1 − (1 − rate)^n, which has no digits left where the rate is tiny.
  return -Math.expm1(requests * Math.log1p(-rate));
}

/** The fewest requests that show such a fault with at least this probability; Infinity where none do. */
export function requestsToDetect(rate: number, probability: number): number {
  if (probability <= 0) return 0;
  if (rate <= 0 || (probability >= 1 && rate < 1)) return Number.POSITIVE_INFINITY;
  if (rate >= 1) return 1;
  const about = Math.max(1, Math.round(Math.log1p(-probability) / Math.log1p(-rate)));
  let requests = Math.max(1, about - 1);
  while (detectionProbability(rate, requests) < probability) requests += 1;
  return requests;
}

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
