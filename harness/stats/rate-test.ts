import { ALPHA } from './alpha.ts';
import { binomialAtLeast, binomialAtMost } from './distributions.ts';
import { binomialInterval, type Interval } from './interval.ts';
import { POWER } from './share-power.ts';

export interface RateTest {
  readonly trials: number;
  readonly alpha: number;
  /** The exact interval with confidence 1 − alpha: it decides. */
  readonly interval: Interval;
  /** The expected rate lies outside it. */
  readonly off: boolean;
}

/**
 * Tests a count against an expected rate, two-sided and exact. There is no tolerance, unlike with shares: a proxy decides
 * each request on its own with the configured probability, so a rate that is off at all is off. At a rate of 0 or 1 a
 * single exception is enough.
 * @param rate 0–1
 */
export function testRate(hits: number, trials: number, rate: number, alpha = ALPHA.samplingRate): RateTest {
  const interval = binomialInterval(hits, trials, 1 - alpha);
  return { trials, alpha, interval, off: rate < interval.low || rate > interval.high };
}

/** Probability that {@link testRate} finds that the rate is really `actual`. */
export function ratePower(trials: number, rate: number, actual: number, alpha = ALPHA.samplingRate): number {
  const above = firstOff(trials, (hits) => rate < binomialInterval(hits, trials, 1 - alpha).low);
  // Counted from the other end, the same search: the fewest misses that are too many.
  const misses = firstOff(trials, (missed) => rate > binomialInterval(trials - missed, trials, 1 - alpha).high);
  return Math.min(1, binomialAtLeast(above, trials, actual) + binomialAtMost(trials - misses, trials, actual));
}

/**
 * The rates that a test worth its name tells from the expected one: half of it, and twice it where that is below 1. What
 * should be 0 must at least be told from Istio's default of 1 %.
 */
export function ratesToTell(rate: number): readonly number[] {
  if (rate <= 0) return [0.01];
  return rate < 0.5 ? [rate / 2, rate * 2] : [rate / 2];
}

/** The least power of a test against {@link ratesToTell}. */
export function rateReach(trials: number, rate: number, alpha = ALPHA.samplingRate): number {
  return Math.min(...ratesToTell(rate).map((actual) => ratePower(trials, rate, actual, alpha)));
}

/**
 * The number of trials with that power. It goes up with the number, but in steps, because counts are whole: this is the
 * first number found by halving, and one or two below it may do as well.
 */
export function trialsForRate(rate: number, power = POWER, alpha = ALPHA.samplingRate): number {
  let enough = 1;
  while (rateReach(enough, rate, alpha) < power) enough *= 2;
  let few = Math.floor(enough / 2);
  while (enough - few > 1) {
    const middle = Math.floor((enough + few) / 2);
    if (rateReach(middle, rate, alpha) >= power) enough = middle;
    else few = middle;
  }
  return enough;
}

/** The smallest count for which `off` holds; trials + 1 where it holds for none. */
function firstOff(trials: number, off: (count: number) => boolean): number {
  let low = 0;
  let high = trials + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (middle > trials || off(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
