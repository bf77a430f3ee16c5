/** Between two rounds of reads, ms: quick at first, because most traces are there within two seconds. */
const FIRST_MS = 250;
const LONGEST_MS = 1000;
const GROWTH = 1.5;

/** How many of the calls are kept for the search of fragments. */
export const FRAGMENT_CALLS = 20;

/** Reads of single traces before the shared read, where a backend has no batch: enough to see how late spans come. */
export const CANARY_CALLS = 20;

/** Calls beyond one a probe that may be spent before the shared read. */
export const EARLY_CALLS = 30;

export function backOffMs(round: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * GROWTH ** round);
}

/**
 * The shortest wait before the next round that makes the calls left last until the deadline. Infinite when not one more
 * round can be paid for.
 */
export function affordableWaitMs(leftMs: number, callsLeft: number, callsPerRound: number): number {
  const rounds = Math.floor(callsLeft / Math.max(1, callsPerRound));
  return rounds <= 0 ? Number.POSITIVE_INFINITY : leftMs / rounds;
}

/**
 * Looks are close together at the beginning of each phase: a change counts from the look that shows it, so a late look
 * makes the wait for no further change longer than it has to be.
 */
export class Phases {
  #phase: 'before' | 'flushed' | 'shared' = 'before';
  #first = 0;

  /** Rounds since the first one of this phase. A lag that is found later can put a phase off. */
  since(round: number, phase: 'before' | 'flushed' | 'shared'): number {
    if (phase !== this.#phase) this.#first = round;
    this.#phase = phase;
    return round - this.#first;
  }
}
