import { ALPHA } from '../alpha.ts';
import { attemptsNeeded } from '../detection.ts';
import { multinomialTest } from '../multinomial.ts';
import { drawMultinomial, multinomialSampler } from '../multinomial-sampler.ts';
import { seededUniform, type Uniform } from '../random.ts';
import { ratePower, testRate } from '../rate-test.ts';
import { isUneven, rotationEvidence } from '../rotation.ts';
import { sharePower } from '../share-power.ts';
import { isOutside, shareInterval, testShares } from '../share-test.ts';

// What the statistics promise, tried out on drawn data: a short version in the unit tests, a long one by npm run simulate.

/** Something that happens with a known or bounded probability. */
export interface Experiment {
  readonly title: string;
  /** `at-most`: false alarms, whose rate must not be above it. `equal`: power, which is printed and must be right. */
  readonly promised: { readonly is: 'at-most' | 'equal'; readonly probability: number };
  /** A try takes milliseconds. */
  readonly costly?: true;
  /** One try. */
  readonly happens: (uniform: Uniform) => boolean;
}

export interface Tally {
  readonly happened: number;
  readonly tries: number;
}

export function tryOut({ happens }: Experiment, tries: number, seed: number): Tally {
  const uniform = seededUniform(seed);
  let happened = 0;
  for (let turn = 0; turn < tries; turn += 1) if (happens(uniform)) happened += 1;
  return { happened, tries };
}

const EQUAL = [1, 1, 1];

/** Healthy meshes: none of this may happen more often than promised. The α are larger than a run's, to give the tries force. */
export function falseAlarms(): readonly Experiment[] {
  const pValues = [EQUAL, [80, 20], [50, 25, 25]].flatMap((weights) =>
    [20, 70, 150].map((trials) => pValueBelow(0.05, trials, weights)),
  );
  return [
    ...pValues,
    pValueBelow(0.01, 70, EQUAL),
    pValueBelow(0.05, 400, EQUAL),
    ...[70, 600, 5000].map(edgeOfTolerance),
    ...[0.01, 0.05].flatMap((alpha) => [0.01, 0.5, 0.9].map((rate) => rateAlarm(alpha, 150, rate))),
    missed(1 / 3, 0.05),
    missed(0.05, 0.05),
    randomSeenAsRotation(60, EQUAL, 0.95),
    randomSeenAsRotation(60, [2, 1, 1], 0.95),
    randomSeenAsRotation(24, EQUAL, 0.99),
  ];
}

/** The same at the α of a run, which is so small that only millions of tries could show it to be wrong. */
export function falseAlarmsOfARun(): readonly Experiment[] {
  return [
    ...[86, 217].map((trials) => sharesOff(trials, EQUAL)),
    sharesOff(86, [80, 20]),
    ...[0.1, 0.5, 0.9].map((rate) => rateAlarm(ALPHA.samplingRate, 137, rate)),
    missed(1 / 3, ALPHA.coverage / 3),
    ...[1, 2, 4].map(unevenTurns),
  ];
}

/** How often turns are seen where so many workers keep a rotation each; nothing is promised of it. */
export function rotationsSeen(): readonly Experiment[] {
  return [1, 2, 3, 4].flatMap((workers) => [62, 200].map((turns) => takingTurns(turns, workers)));
}

/** Broken meshes: found as often as is printed. */
export function powers(): readonly Experiment[] {
  return [
    shareFound(70, EQUAL, 0, 0.72),
    shareFound(70, EQUAL, 0, 0.65),
    shareFound(70, EQUAL, 2, 0.02),
    shareFound(30, EQUAL, 0, 0.85),
    shareFound(150, EQUAL, 0, 0.62),
    shareFound(70, [80, 20], 1, 0.5),
    shareFound(70, [90, 10], 0, 0.6),
    rateFound(137, 0.5, 0.25),
    rateFound(60, 0.5, 0.25),
    rateFound(32, 0.9, 0.45),
    rateFound(500, 0.01, 0.08),
  ];
}

function pValueBelow(alpha: number, trials: number, weights: readonly number[]): Experiment {
  const draw = drawing(trials, weights);
  const pValueOf = remembered((counts) => multinomialTest(counts, weights).pValue);
  return {
    title: `p-value of ${trials} attempts at ${weights.join(' : ')} below ${alpha}`,
    promised: { is: 'at-most', probability: alpha },
    ...(trials > 300 && { costly: true }),
    happens: (uniform) => pValueOf(draw(uniform)) < alpha,
  };
}

/** One share is off by all of the tolerance. The p-value says that it is not equal; the interval must hold back. */
function edgeOfTolerance(trials: number): Experiment {
  const tolerance = 0.1;
  const share = 1 / 3 + tolerance;
  const draw = drawing(trials, [share, (1 - share) / 2, (1 - share) / 2]);
  const isOff = (count: number) => isOutside(shareInterval(count, trials, 3), 1 / 3, tolerance);
  return {
    title: `a share off by the whole tolerance, ${trials} attempts, p-value ignored`,
    promised: { is: 'at-most', probability: 0.001 },
    happens: (uniform) => draw(uniform).some(isOff),
  };
}

/** A whole test of a healthy mesh, at the run's α. */
function sharesOff(trials: number, weights: readonly number[]): Experiment {
  const draw = drawing(trials, weights);
  const isOff = remembered((counts) => testShares(counts, weights).shares.some(({ off }) => off));
  return {
    title: `shares of ${trials} attempts at ${weights.join(' : ')} called off`,
    promised: { is: 'at-most', probability: ALPHA.shares },
    happens: (uniform) => isOff(draw(uniform)),
  };
}

/** Each worker gives turns in rotation, from wherever it begins; a request goes to any of them. */
function unevenTurns(workers: number): Experiment {
  return {
    title: `turns of ${workers} worker${workers > 1 ? 's' : ''}, 86 attempts, called uneven`,
    promised: { is: 'at-most', probability: 0 },
    happens: (uniform) => {
      const counts = [0, 0, 0];
      for (const taker of turnsOf(86, workers, uniform)) counts[taker] = (counts[taker] ?? 0) + 1;
      return isUneven(Math.max(...counts), Math.min(...counts), workers, 0);
    },
  };
}

function takingTurns(turns: number, workers: number): Experiment {
  return {
    title: `${turns} turns of three versions, ${workers} worker${workers > 1 ? 's' : ''}`,
    promised: { is: 'at-most', probability: 1 },
    costly: true,
    happens: (uniform) =>
      rotationEvidence([turnsOf(turns, workers, uniform).map((taker) => `v${taker}`)])?.seen === true,
  };
}

function turnsOf(turns: number, workers: number, uniform: Uniform): number[] {
  const next = Array.from({ length: workers }, () => Math.floor(uniform() * 3));
  return Array.from({ length: turns }, () => {
    const worker = Math.floor(uniform() * workers);
    const taker = next[worker] ?? 0;
    next[worker] = (taker + 1) % 3;
    return taker;
  });
}

function rateAlarm(alpha: number, trials: number, rate: number): Experiment {
  return {
    title: `rate of ${rate * 100} % called off in ${trials} probes at α ${Number(alpha.toPrecision(2))}`,
    promised: { is: 'at-most', probability: alpha },
    happens: (uniform) => testRate(hits(trials, rate, uniform), trials, rate, alpha).off,
  };
}

function missed(share: number, alpha: number): Experiment {
  const attempts = attemptsNeeded(share, alpha);
  return {
    title: `a version of share ${share.toFixed(2)} not served in ${attempts} attempts, which are enough at α ${Number(alpha.toPrecision(2))}`,
    promised: { is: 'at-most', probability: alpha },
    happens: (uniform) => hits(attempts, share, uniform) === 0,
  };
}

function randomSeenAsRotation(turns: number, weights: readonly number[], level: number): Experiment {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const upTo = weights.map((_, at) => weights.slice(0, at + 1).reduce((sum, weight) => sum + weight, 0) / all);
  const take = (uniform: Uniform) => {
    const at = uniform();
    return `v${upTo.findIndex((limit) => at < limit) + 1}`;
  };
  return {
    title: `random choice at ${weights.join(' : ')} seen as rotation in ${turns} turns at level ${level}`,
    promised: { is: 'at-most', probability: 1 - level },
    costly: true,
    happens: (uniform) => rotationEvidence([Array.from({ length: turns }, () => take(uniform))], level)?.seen === true,
  };
}

function shareFound(trials: number, weights: readonly number[], index: number, actual: number): Experiment {
  const rest = weights.reduce((sum, weight, at) => sum + (at === index ? 0 : weight), 0);
  const draw = drawing(
    trials,
    weights.map((weight, at) => (at === index ? actual : ((1 - actual) * weight) / rest)),
  );
  const isOff = remembered((counts) => testShares(counts, weights).shares[index]?.off === true);
  return {
    title: `${trials} attempts, expected ${weights.join(' : ')}: v${index + 1} really at ${actual * 100} %`,
    promised: { is: 'equal', probability: sharePower(trials, weights, index, actual) },
    happens: (uniform) => isOff(draw(uniform)),
  };
}

function rateFound(trials: number, rate: number, actual: number): Experiment {
  return {
    title: `${trials} probes, sampling expected at ${rate * 100} %: really at ${actual * 100} %`,
    promised: { is: 'equal', probability: ratePower(trials, rate, actual) },
    happens: (uniform) => testRate(hits(trials, actual, uniform), trials, rate).off,
  };
}

function hits(trials: number, rate: number, uniform: Uniform): number {
  let count = 0;
  for (let trial = 0; trial < trials; trial += 1) if (uniform() < rate) count += 1;
  return count;
}

function drawing(trials: number, weights: readonly number[]): (uniform: Uniform) => readonly number[] {
  const sampler = multinomialSampler(trials, weights);
  return (uniform) => drawMultinomial(sampler, uniform);
}

/** The same counts come again and again; a test of them takes longer than a look-up. */
function remembered<T>(test: (counts: readonly number[]) => T): (counts: readonly number[]) => T {
  const known = new Map<string, T>();
  return (counts) => {
    const key = counts.join(' ');
    const before = known.get(key);
    if (before !== undefined) return before;
    const result = test(counts);
    known.set(key, result);
    return result;
  };
}
