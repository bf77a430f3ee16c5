import { seededUniform, type Uniform } from './random.ts';

export interface Rotation {
  /** Neighbours in the sequences that follow each other in turn. */
  readonly steps: number;
  /** Neighbours in all. */
  readonly of: number;
  /** Random choice makes more steps than this in at most 1 of 1000 cases. */
  readonly quantile: number;
  /** More steps than that. That there are fewer decides nothing: see {@link rotationEvidence}. */
  readonly seen: boolean;
}

/** Beyond this number of turns nothing is gained, and time is. */
const MOST_TURNS = 1000;
/** (n − 1)! orders are tried of n takers of turns. */
const MOST_TAKERS = 5;
const SHUFFLES = 3999;
const SEED = 23_752;

/**
 * Do they take turns? A step is a neighbour that comes next in turn, in that cyclic order of the takers which makes the most
 * steps (the order a balancer keeps is not known, and each caller may have its own). Compared with random choice: all
 * sequences shuffled, the counts kept, the best order sought anew; quantile of 3999 shuffles with a fixed seed. So a
 * version that is simply served more often is not evidence, and neither is the choice of the order.
 *
 * "Not seen" is not "broken": each worker of a proxy rotates for itself, and the more of them mix, the more it looks like
 * random choice (docs/facts/envoy.md#version-order; docs/statistics.md); other callers take turns that are not in the
 * traces.
 * @param sequences for each caller, who served, in order
 * @param level of the quantile; default 0.999
 * @returns undefined where there is nothing to take turns with, or too many to try the orders of
 */
export function rotationEvidence(sequences: readonly (readonly string[])[], level = 0.999): Rotation | undefined {
  const takers = [...new Set(sequences.flat())].toSorted();
  const numbered = sequences
    .filter((sequence) => sequence.length > 1)
    .map((sequence) => Uint8Array.from(sequence.slice(0, MOST_TURNS), (taker) => takers.indexOf(taker)));
  if (takers.length < 2 || takers.length > MOST_TAKERS || numbered.length === 0) return undefined;
  const orders = cyclicOrders(takers.length);
  const count = () => numbered.reduce((sum, sequence) => sum + bestSteps(sequence, orders, takers.length), 0);
  const steps = count();
  const uniform = seededUniform(SEED);
  const shuffled = new Int32Array(SHUFFLES);
  for (let turn = 0; turn < SHUFFLES; turn += 1) {
    for (const sequence of numbered) shuffle(sequence, uniform);
    shuffled[turn] = count();
  }
  // The sequence itself is one of the equally likely ones, hence + 1.
  const quantile = shuffled.sort()[Math.ceil((SHUFFLES + 1) * level) - 1] ?? 0;
  const of = numbered.reduce((sum, sequence) => sum + sequence.length - 1, 0);
  return { steps, of, quantile, seen: steps > quantile };
}

/**
 * More turns apart than rotations can leave takers: each worker keeps one rotation over all of them, and leaves any two at
 * most one turn apart. Never so where each worker does, and no other client takes turns.
 * @param unknown turns that may have gone to any taker
 */
export function isUneven(most: number, least: number, workers: number, unknown: number): boolean {
  return most - least > workers + unknown;
}

/** Every cyclic order of so many takers, as the successor of each. */
function cyclicOrders(takers: number): readonly Uint8Array[] {
  const orders: Uint8Array[] = [];
  const walk = (order: readonly number[], left: readonly number[]): void => {
    if (left.length > 0) {
      for (const taker of left)
        walk(
          [...order, taker],
          left.filter((other) => other !== taker),
        );
      return;
    }
    const next = new Uint8Array(takers);
    order.forEach((taker, place) => {
      next[taker] = order[(place + 1) % takers] ?? 0;
    });
    orders.push(next);
  };
  walk(
    [0],
    Array.from({ length: takers - 1 }, (_, index) => index + 1),
  );
  return orders;
}

function bestSteps(sequence: Uint8Array, orders: readonly Uint8Array[], takers: number): number {
  const pairs = new Int32Array(takers * takers);
  for (let place = 1; place < sequence.length; place += 1) {
    const pair = (sequence[place - 1] ?? 0) * takers + (sequence[place] ?? 0);
    pairs[pair] = (pairs[pair] ?? 0) + 1;
  }
  let best = 0;
  for (const next of orders) {
    let steps = 0;
    for (let taker = 0; taker < takers; taker += 1) steps += pairs[taker * takers + (next[taker] ?? 0)] ?? 0;
    if (steps > best) best = steps;
  }
  return best;
}

/** Fisher and Yates. */
function shuffle(sequence: Uint8Array, uniform: Uniform): void {
  for (let last = sequence.length - 1; last > 0; last -= 1) {
    const chosen = Math.floor(uniform() * (last + 1));
    const kept = sequence[last] ?? 0;
    sequence[last] = sequence[chosen] ?? 0;
    sequence[chosen] = kept;
  }
}
