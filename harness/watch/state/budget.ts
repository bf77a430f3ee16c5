/** What a watch may send, on average and at most: requests a second. */
export interface Budget {
  readonly perSecond: number;
}

/** What the runs of a watch will send. */
export interface Forecast {
  /** Between the starts of two runs; longer than asked for where the budget demands it, ms. */
  readonly everyMs: number;
  readonly runsADay: number;
  readonly requestsADay: number;
  /** A day of nothing but runs on demand, one after the other. */
  readonly mostADay: number;
}

const DAY_MS = 86_400_000;

/** Earliest time between the starts of two runs of so many requests, ms. */
export function spacingMs(requests: number, { perSecond }: Budget): number {
  return (requests / perSecond) * 1000;
}

/**
 * Forecasts a day, before anything is sent.
 * @param requests of one run at the most: preflight, plan and second stage.
 */
export function forecast(requests: number, everyMs: number, budget: Budget): Forecast {
  const apart = Math.max(everyMs, spacingMs(requests, budget));
  const runsADay = DAY_MS / apart;
  return {
    everyMs: apart,
    runsADay,
    requestsADay: Math.ceil(runsADay * requests),
    mostADay: Math.ceil((DAY_MS / 1000) * budget.perSecond),
  };
}
