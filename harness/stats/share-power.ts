import { binomialAtLeast, binomialAtMost } from './distributions.ts';
import {
  logProbability,
  type MultinomialModel,
  multinomialModel,
  outcomesOf,
  SAME,
  visitOutcomes,
} from './multinomial-model.ts';
import { isOutside, SHARE_RULE, type ShareRule, shareInterval } from './share-test.ts';

/** What a test of shares finds of one version. */
export interface ShareSensitivity {
  /** The smallest share above the expected one that is found with the power asked for, 0–1; absent: none. */
  readonly above?: number;
  /** The largest share below it; absent: none, not even 0. */
  readonly below?: number;
}

/** The default of "is found": in this share of runs. */
export const POWER = 0.9;

/** Outcomes that are sorted to find the critical one, and ways to complete a count that are added up. */
const MOST_OUTCOMES = 200_000;

/** When a version is called off, by its own count: always up to `low` and from `high` on, with these probabilities between. */
interface Rejection {
  readonly low: number;
  readonly high: number;
  readonly between: ReadonlyMap<number, number>;
}

/**
 * Probability that `testShares` calls the version at `index` off when its true share is `actual` and the others share the
 * rest in the expected proportions. Given its own count, the others' counts have one distribution whatever `actual` is, so
 * this is a sum over its count and nothing is simulated. Exact where all outcomes can be sorted (300 trials of three
 * versions, 100 of four) and wherever the interval alone decides, which it does from some 70 trials on; else a lower bound.
 */
export function sharePower(
  trials: number,
  weights: readonly number[],
  index: number,
  actual: number,
  rule: ShareRule = SHARE_RULE,
): number {
  return powerFor(rejectionOf(multinomialModel(trials, weights), index, rule), trials, actual);
}

/** For each version, how far off its share must be to be found with this probability; to a tenth of a point. */
export function shareSensitivity(
  trials: number,
  weights: readonly number[],
  rule: ShareRule = SHARE_RULE,
  power = POWER,
): ShareSensitivity[] {
  const model = multinomialModel(trials, weights);
  return weights.map((_, index): ShareSensitivity => {
    const rejection = rejectionOf(model, index, rule);
    const found = (actual: number) => powerFor(rejection, trials, actual) >= power;
    const share = model.shares[index] ?? 0;
    const above = nearest(share, 1, found);
    const below = nearest(share, 0, found);
    return { ...(above !== undefined && { above }), ...(below !== undefined && { below }) };
  });
}

/** Far more than a run sends. */
const MOST_TRIALS = 100_000;

/**
 * The fewest trials, found by halving, with which some share of every version is found off, be it the most extreme one;
 * undefined where no number of them is enough, because the tolerance reaches from 0 to 1.
 */
export function trialsForShares(
  weights: readonly number[],
  rule: ShareRule = SHARE_RULE,
  power = POWER,
): number | undefined {
  const tells = (trials: number) =>
    shareSensitivity(trials, weights, rule, power).every(
      ({ above, below }) => above !== undefined || below !== undefined,
    );
  let enough = 1;
  while (!tells(enough)) {
    enough *= 2;
    if (enough > MOST_TRIALS) return undefined;
  }
  let few = Math.floor(enough / 2);
  while (enough - few > 1) {
    const middle = Math.floor((enough + few) / 2);
    if (tells(middle)) enough = middle;
    else few = middle;
  }
  return enough;
}

function powerFor({ low, high, between }: Rejection, trials: number, actual: number): number {
  let power = binomialAtMost(low, trials, actual) + binomialAtLeast(high, trials, actual);
  for (const [count, probability] of between)
    power += probability * (binomialAtLeast(count, trials, actual) - binomialAtLeast(count + 1, trials, actual));
  return Math.min(1, power);
}

/** The value nearest to `from`, on the way to `to`, from which on it is found; in thousandths. */
function nearest(from: number, to: number, found: (value: number) => boolean): number | undefined {
  if (!found(to)) return undefined;
  let far = Math.round(to * 1000);
  let near = Math.round(from * 1000);
  while (Math.abs(far - near) > 1) {
    const middle = Math.round((far + near) / 2);
    if (found(middle / 1000)) far = middle;
    else near = middle;
  }
  return far / 1000;
}

function rejectionOf(model: MultinomialModel, index: number, rule: ShareRule): Rejection {
  const { trials, shares } = model;
  const share = shares[index] ?? 0;
  const others = shares.toSpliced(index, 1);
  if (others.length === 0) return { low: -1, high: trials + 1, between: new Map() };
  const own = multinomialModel(trials, [share, 1 - share]);
  const critical = criticalLogProbability(model, rule.alpha);
  const between = new Map<number, number>();
  // From the expected count outwards: first it is never off, then it depends on the others' counts, then it always is.
  const walk = (step: 1 | -1): number => {
    const isInside = (count: number) => count >= 0 && count <= trials;
    const isOff = (count: number) =>
      isOutside(shareInterval(count, trials, shares.length * (rule.among ?? 1)), share, rule.tolerance);
    const expected = Math.round(trials * share);
    const end = step === 1 ? trials : 0;
    let count = expected + step * firstOff(Math.abs(end - expected), (more) => isOff(expected + step * more));
    for (; isInside(count); count += step) {
      const rest = multinomialModel(trials - count, others);
      const limit = critical - logProbability(own, [count, trials - count]);
      if (logProbability(rest, likeliest(rest)) <= limit) break;
      if (outcomesOf(trials - count, others.length) > MOST_OUTCOMES) continue;
      let probability = 0;
      visitOutcomes(rest, (log) => {
        if (log <= limit) probability += Math.exp(log);
      });
      between.set(count, probability);
    }
    return count;
  };
  return { high: walk(1), low: walk(-1), between };
}

/** The least distance from the expected count at which the interval is off, as it is at every larger one; most + 1: none. */
function firstOff(most: number, isOff: (distance: number) => boolean): number {
  if (isOff(0)) return 0;
  let near = 0;
  let far = 1;
  while (far <= most && !isOff(far)) {
    near = far;
    far *= 2;
  }
  far = Math.min(far, most + 1);
  while (far - near > 1) {
    const middle = Math.floor((near + far) / 2);
    if (isOff(middle)) far = middle;
    else near = middle;
  }
  return far;
}

/** Counts at most as probable as this are rejected: exact where the outcomes can be sorted, else too careful (Boole). */
function criticalLogProbability(model: MultinomialModel, alpha: number): number {
  const outcomes = outcomesOf(model.trials, model.shares.length);
  if (outcomes > MOST_OUTCOMES) return Math.log(alpha) - Math.log(outcomes);
  const logs = new Float64Array(outcomes);
  let filled = 0;
  visitOutcomes(model, (log) => {
    logs[filled] = log;
    filled += 1;
  });
  logs.sort();
  let critical = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let next = 0;
  for (const log of logs) {
    for (; next < outcomes && (logs[next] ?? 0) <= log + SAME; next += 1) sum += Math.exp(logs[next] ?? 0);
    if (sum >= alpha) break;
    critical = log;
  }
  return critical + SAME;
}

/** The most probable counts: each trial goes where it adds most, which is right because the terms fall as counts grow. */
function likeliest({ trials, shares }: MultinomialModel): number[] {
  const counts = shares.map((share) => Math.floor(trials * share));
  for (let left = trials - counts.reduce((sum, count) => sum + count, 0); left > 0; left -= 1) {
    let best = 0;
    shares.forEach((share, cell) => {
      const gain = (at: number) => (shares[at] ?? 0) / ((counts[at] ?? 0) + 1);
      if (share / ((counts[cell] ?? 0) + 1) > gain(best)) best = cell;
    });
    counts[best] = (counts[best] ?? 0) + 1;
  }
  return counts;
}
