/** How sure the bound is. */
export const SURE = 0.99;

/**
 * The chance that a call which this share of the requests make is seen at least once: 1 − (1 − p)^n. Requests are taken to
 * be independent of each other.
 * @param share from 0 to 1.
 */
export function chanceSeen(share: number, requests: number): number {
  return 1 - (1 - share) ** requests;
}

/** The share of requests, from 0 to 1, that a call must have to be seen in so many of them with 99 %. 1 where there are none. */
export function seenShare(requests: number): number {
  return requests <= 0 ? 1 : 1 - (1 - SURE) ** (1 / requests);
}

/** How many requests it takes to see a call of this share with 99 %. */
export function requestsToSee(share: number): number {
  return Math.ceil(Math.log(1 - SURE) / Math.log(1 - share));
}
