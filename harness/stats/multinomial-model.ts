import { logFactorial } from './distributions.ts';

/** A multinomial distribution with everything that its probabilities are made of. */
export interface MultinomialModel {
  readonly trials: number;
  /** Probabilities of the cells, summing to 1. */
  readonly shares: readonly number[];
  readonly logShares: readonly number[];
  /** log n! for n = 0 … trials. */
  readonly logFactorials: Float64Array;
}

/** Two ways of adding up the logarithm of one probability differ by less. */
export const SAME = 1e-9;

/**
 * @param weights of any sum, each above 0
 * @throws RangeError where one is not
 */
export function multinomialModel(trials: number, weights: readonly number[]): MultinomialModel {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  if (weights.length === 0 || !weights.every((weight) => weight > 0) || !Number.isFinite(all))
    throw new RangeError(`expected weights above 0, for example 80, 20; got ${weights.join(', ') || 'none'}`);
  const shares = weights.map((weight) => weight / all);
  return {
    trials,
    shares,
    logShares: shares.map(Math.log),
    logFactorials: Float64Array.from({ length: trials + 1 }, (_, n) => logFactorial(n)),
  };
}

export function logProbability(
  { trials, logShares, logFactorials }: MultinomialModel,
  counts: ArrayLike<number>,
): number {
  let sum = logFactorials[trials] ?? 0;
  for (let cell = 0; cell < logShares.length; cell += 1) {
    const count = counts[cell] ?? 0;
    sum += count * (logShares[cell] ?? 0) - (logFactorials[count] ?? 0);
  }
  return sum;
}

/** Ways to put the trials into the cells: binomial(trials + cells − 1, cells − 1). */
export function outcomesOf(trials: number, cells: number): number {
  let ways = 1;
  for (let cell = 1; cell < cells; cell += 1) ways = (ways * (trials + cell)) / cell;
  return Math.round(ways);
}

/** The log probability of every outcome, once each. */
export function visitOutcomes(model: MultinomialModel, visit: (logProbability: number) => void): void {
  const { trials, logShares, logFactorials } = model;
  const last = logShares.length - 1;
  const walk = (cell: number, left: number, sum: number): void => {
    const logShare = logShares[cell] ?? 0;
    if (cell === last) {
      visit(sum + left * logShare - (logFactorials[left] ?? 0));
      return;
    }
    for (let count = 0; count <= left; count += 1)
      walk(cell + 1, left - count, sum + count * logShare - (logFactorials[count] ?? 0));
  };
  walk(0, trials, logFactorials[trials] ?? 0);
}
