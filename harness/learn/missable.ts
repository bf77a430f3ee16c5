/** How sure the bound is. */
const SURE = 0.99;

/**
 * The share of requests, from 0 to 1, that a call must have to be seen in so many of them with 99 %. 1 where there are none.
 * A call of the share p is seen at least once in n requests with 1 − (1 − p)^n, where requests are independent.
 */
export function seenShare(requests: number): number {
  return requests <= 0 ? 1 : 1 - (1 - SURE) ** (1 / requests);
}

/** How many requests it takes to see a call of this share with 99 %. */
export function requestsToSee(share: number): number {
  return Math.ceil(Math.log(1 - SURE) / Math.log(1 - share));
}
