import { ALPHA } from './alpha.ts';
import { binomialAtLeast, binomialAtMost } from './distributions.ts';
import { binomialInterval, type Interval } from './interval.ts';
import { POWER } from './share-power.ts';

export interface RateTest {
  readonly trials: number;
  readonly alpha: number;
  /** The exact interval with confidence 1 − alpha: it decides. */
  readonly interval: Interval;
  /** Twice the probability of a count at least as far off on this side: below alpha exactly where it is off. */
  readonly pValue: number;
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
  const tail = Math.min(binomialAtMost(hits, trials, rate), binomialAtLeast(hits, trials, rate));
  return { trials, alpha, interval, pValue: Math.min(1, 2 * tail), off: rate < interval.low || rate > interval.high };
}

/** Probability that {@link testRate} finds that the rate is really `actual`. */
export function ratePower(trials: number, rate: number, actual: number, alpha = ALPHA.samplingRate): number {
  const above = firstOff(trials, (hits) => rate < binomialInterval(hits, trials, 1 - alpha).low);
  // Counted from the other end, the same search: the fewest misses that are too many.
  const misses = firstOff(trials, (missed) => rate > binomialInterval(trials - missed, trials, 1 - alpha).high);
  return Math.min(1, binomialAtLeast(above, trials, actual) + binomialAtMost(trials - misses, trials, actual));
}

/**
 * The rates that a useful test distinguishes from the expected one: half of it, and twice it where that is below 1. A
 * rate of 0 must at least be distinguished from Istio's default of 1 %.
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
 * The number of trials from which on every number has that power; undefined where it is above `most`. Power goes up with
 * the number in steps, because counts are whole, and falls a little between them: so a whole period of the steps is
 * looked through.
 */
export function trialsForRate(rate: number, most: number, power = POWER, alpha = ALPHA.samplingRate) {
  const tells = (trials: number) => rateReach(trials, rate, alpha) >= power;
  if (!tells(most)) return undefined;
  let enough = 1;
  while (!tells(enough)) enough *= 2;
  let few = Math.floor(enough / 2);
  while (enough - few > 1) {
    const middle = Math.floor((enough + few) / 2);
    if (tells(middle)) enough = middle;
    else few = middle;
  }
  // A threshold moves by one count in so many trials.
  const period = Math.ceil(2 / Math.max(0.001, Math.min(...ratesToTell(rate), rate <= 0 ? 1 : rate)));
  for (let trials = enough + 1; trials <= enough + period; trials += 1) if (!tells(trials)) enough = trials + 1;
  return enough > most ? undefined : enough;
}

/** The true rates that {@link testRate} finds with at least this power: up to `below`, from `above` on; absent: none. */
export interface RateBounds {
  readonly below?: number;
  readonly above?: number;
}

export function rateBounds(trials: number, rate: number, power = POWER, alpha = ALPHA.samplingRate): RateBounds {
  const found = (actual: number) => ratePower(trials, rate, actual, alpha) >= power;
  const below = rate > 0 && found(0) ? nearestFound(rate, 0, found) : undefined;
  const above = rate < 1 && found(1) ? nearestFound(rate, 1, found) : undefined;
  return { ...(below !== undefined && { below }), ...(above !== undefined && { above }) };
}

/** Between a rate that is not found and one that is, the found one nearest to the other; to a hundredth of a point. */
function nearestFound(not: number, is: number, found: (actual: number) => boolean): number {
  let far = is;
  let near = not;
  while (Math.abs(far - near) > 0.0001) {
    const middle = (far + near) / 2;
    if (found(middle)) far = middle;
    else near = middle;
  }
  return far;
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
