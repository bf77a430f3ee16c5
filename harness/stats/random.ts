import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** 0 ≤ x < 1 */
export type Uniform = () => number;

/** The same numbers for the same seed, on any machine: what is simulated in a verdict must be the same when judged again. */
export function seededUniform(seed: number): Uniform {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
}
