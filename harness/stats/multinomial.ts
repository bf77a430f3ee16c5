import {
  logProbability,
  type MultinomialModel,
  multinomialModel,
  outcomesOf,
  SAME,
  visitOutcomes,
} from './multinomial-model.ts';
import { drawMultinomial, multinomialSampler } from './multinomial-sampler.ts';
import { seededUniform } from './random.ts';

export interface MultinomialTest {
  /** Probability, under the expected shares, of counts that are at most as probable as these. */
  readonly pValue: number;
  readonly method: 'exact' | 'monte-carlo';
}

/** Up to here all outcomes are looked at … */
const EXACT_TRIALS = 300;
/** … if there are no more than this: four versions at 300 trials, more versions at fewer. */
const EXACT_OUTCOMES = 5_000_000;
/** Enough for a p-value below 3e-6. */
const DRAWS = 400_000;
const LEAST_DRAWN = 1 / (DRAWS + 1);
/** So many tell a p-value to a twentieth. */
const ENOUGH_EXCEEDANCES = 500;
const SEED = 20_180_618;

/**
 * The exact multinomial test of goodness of fit, outcomes ordered by their probability. Above 300 trials by Monte Carlo
 * with a fixed seed, so that the same counts have the same p-value wherever they are judged: draws until 500 of them are
 * as improbable, or 400 000; valid either way (J. Besag and P. Clifford, Biometrika 78, 1991, 301–304).
 * @param weights the expected shares, each above 0, of any sum; one for each count
 * @param alpha what the p-value is compared with. So many draws cannot show one that is below 2.5e-6. Where that is not
 * enough, as for one of many targets, its upper bound counts too: the number of outcomes times the probability of this one
 * (Boole).
 * @throws RangeError where they do not fit
 */
export function multinomialTest(
  counts: readonly number[],
  weights: readonly number[],
  alpha: number = LEAST_DRAWN,
): MultinomialTest {
  if (counts.length !== weights.length || !counts.every((count) => Number.isInteger(count) && count >= 0))
    throw new RangeError(
      `expected ${weights.length} whole numbers, one for each share; got ${counts.join(', ') || 'none'}`,
    );
  const trials = counts.reduce((sum, count) => sum + count, 0);
  const model = multinomialModel(trials, weights);
  const limit = logProbability(model, counts) + SAME;
  const outcomes = outcomesOf(trials, counts.length);
  if (trials <= EXACT_TRIALS && outcomes <= EXACT_OUTCOMES) return { pValue: exact(model, limit), method: 'exact' };
  const bound = alpha < LEAST_DRAWN ? outcomes * Math.exp(limit) : 1;
  return { pValue: Math.min(bound, monteCarlo(model, limit)), method: 'monte-carlo' };
}

function exact(model: MultinomialModel, limit: number): number {
  let pValue = 0;
  visitOutcomes(model, (log) => {
    if (log <= limit) pValue += Math.exp(log);
  });
  return Math.min(1, pValue);
}

function monteCarlo(model: MultinomialModel, limit: number): number {
  const sampler = multinomialSampler(model.trials, model.shares);
  const uniform = seededUniform(SEED);
  let exceeded = 0;
  for (let draw = 1; draw <= DRAWS; draw += 1) {
    if (logProbability(model, drawMultinomial(sampler, uniform)) <= limit) exceeded += 1;
    if (exceeded === ENOUGH_EXCEEDANCES) return exceeded / draw;
  }
  return (exceeded + 1) / (DRAWS + 1);
}
