import { betaQuantile } from './distributions.ts';
import type { Interval } from './interval.ts';

/** How sure a share must be above or below its limit: two-sided, so each side is wrong in at most half of the rest. */
export const LIMIT_CONFIDENCE = 0.95;
/** Of each of two stages, so that both together keep {@link LIMIT_CONFIDENCE} (Bonferroni; simulated in docs/statistics.md). */
export const STAGE_CONFIDENCE = 1 - (1 - LIMIT_CONFIDENCE) / 2;

/** More would take a run of days. */
const MOST_REQUESTS = 10_000_000;

export interface LimitTest extends Interval {
  readonly decision: 'above' | 'below' | 'undecided';
  /** How many would decide, were the share as it was seen; only where it is undecided, absent: more than ten million. */
  readonly needed?: number;
}

/**
 * Whether a share is above its limit or below it, by the exact interval (Clopper–Pearson): above where its lower end is,
 * below where its upper end is. For 1 % that needs 4 of 74 at least, or 1 of 557 at most.
 * @param limit 0–1
 */
export function testLimit(
  affected: number,
  of: number,
  limit: number,
  confidence: number = LIMIT_CONFIDENCE,
): LimitTest {
  const interval = exactInterval(affected, of, confidence);
  const decision = decide(interval, limit);
  if (decision !== 'undecided') return { ...interval, decision };
  const needed = neededFor(of === 0 ? 0 : affected / of, of, limit, confidence);
  return { ...interval, decision, ...(needed !== undefined && { needed }) };
}

function decide({ low, high }: Interval, limit: number): LimitTest['decision'] {
  if (low > limit) return 'above';
  return high < limit ? 'below' : 'undecided';
}

/** Of counts that need not be whole: so many of the share that was seen. */
function exactInterval(affected: number, of: number, confidence: number): Interval {
  const tail = (1 - confidence) / 2;
  return {
    low: affected <= 0 ? 0 : betaQuantile(tail, affected, of - affected + 1),
    high: affected >= of ? 1 : 1 - betaQuantile(tail, of - affected, affected + 1),
  };
}

/** By halving: the more of the same share, the narrower its interval. */
function neededFor(share: number, from: number, limit: number, confidence: number): number | undefined {
  const decides = (of: number) => decide(exactInterval(share * of, of, confidence), limit) !== 'undecided';
  let few = Math.max(1, from);
  let enough = few * 2;
  while (!decides(enough)) {
    few = enough;
    enough *= 2;
    if (enough > MOST_REQUESTS) return undefined;
  }
  while (enough - few > 1) {
    const middle = Math.floor((few + enough) / 2);
    if (decides(middle)) enough = middle;
    else few = middle;
  }
  return enough;
}
