import { MOST_UNDECIDED } from '../model/exchange.ts';
import { rateBounds, ratesToTell, trialsForRate } from '../stats/rate-test.ts';
import { POWER } from '../stats/share-power.ts';

/** What the test of a sampling rate is able to find; all rates 0–1. */
export interface RateReach {
  readonly power: number;
  /** Rates it must tell from the expected one, to hold: half of it and twice it. */
  readonly tells: readonly number[];
  /** So many undecided probes tell them with that power; undefined: more than a run sends. */
  readonly needed?: number;
  readonly enough: boolean;
  /** These probes find a true rate up to `below` and from `above` on with that power; absent: none. */
  readonly below?: number;
  readonly above?: number;
}

export function rateReachOf(probes: number, rate: number): RateReach {
  const needed = trialsForRate(rate, MOST_UNDECIDED);
  return {
    power: POWER,
    tells: ratesToTell(rate),
    ...(needed !== undefined && { needed }),
    enough: needed !== undefined && probes >= needed,
    ...(probes > 0 && rateBounds(probes, rate)),
  };
}
