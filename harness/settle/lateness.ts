import { MARGIN_MS } from '../model/limits.ts';
import type { Span } from '../model/span.ts';
import type { Entry } from './entry.ts';
import { graceMs, lackGraceMs, tailWaitMs } from './grace.ts';
import type { Situation } from './rules.ts';
import { type SlowWay, Ways } from './slow-way.ts';

/** How late the spans of a run come, as far as reads have shown it, and how long it waits because of that. */
export class Lateness {
  readonly #flushMs: number;
  readonly #ways = new Ways();
  /** The longest that a span took at least, ms; undefined: no read has shown any. */
  longestLagMs: number | undefined;

  /**
   * @param flushMs as configured
   * @param earlierLagMs how long spans of earlier requests took at least; absent: not known
   */
  constructor(flushMs: number, earlierLagMs?: number) {
    this.#flushMs = flushMs;
    this.longestLagMs = earlierLagMs;
  }

  /** Takes in what {@link Ways.note} does, and the lag that the same read showed. */
  note(
    entry: Entry,
    before: readonly Span[],
    readBeforeAtMs: number | undefined,
    meshAheadMs: number,
    lagMs = 0,
  ): void {
    this.#ways.note(entry, before, readBeforeAtMs, meshAheadMs);
    if (lagMs > (this.longestLagMs ?? 0)) this.longestLagMs = lagMs;
  }

  get slowWay(): SlowWay | undefined {
    return this.#ways.slowest(lackGraceMs(this.#flushMs) - MARGIN_MS);
  }

  /** Spans come later than the flush that was configured explains. */
  isLate(): boolean {
    return (this.#lagMs() ?? 0) > this.#flushMs;
  }

  waits(): Pick<Situation, 'graceMs' | 'lackGraceMs' | 'tailWaitMs'> {
    const lagMs = this.#lagMs();
    return {
      graceMs: graceMs(this.#flushMs, lagMs),
      lackGraceMs: lackGraceMs(this.#flushMs, lagMs),
      tailWaitMs: tailWaitMs(this.#flushMs),
    };
  }

  /** The longest that was seen, or that follows from the way of a service: some of its spans take that and the flush. */
  #lagMs(): number | undefined {
    const { slowWay } = this;
    if (slowWay === undefined) return this.longestLagMs;
    return Math.max(this.longestLagMs ?? 0, this.#flushMs + slowWay.wayMs);
  }
}

/**
 * Takes back `quiet` and `absent`: a read shows that spans of this run come later than was known when these were given, and
 * the longer grace time counts for all.
 */
export function reopen(entries: readonly Entry[]): void {
  for (const entry of entries) if (entry.reason === 'quiet' || entry.reason === 'absent') delete entry.reason;
}
