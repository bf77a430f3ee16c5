import { ALPHA } from './alpha.ts';
import { binomialInterval, type Interval } from './interval.ts';
import { type MultinomialTest, multinomialTest } from './multinomial.ts';

/** What makes shares count as off. */
export interface ShareRule {
  /** False alarms where the expected shares are the true ones. */
  readonly alpha: number;
  /** δ: a share this near to the expected one is right, however many attempts say that it is not equal; 0–1. */
  readonly tolerance: number;
  /** How many tests share the error of the intervals, such as those of several targets. Default 1. */
  readonly among?: number;
}

export const SHARE_RULE: ShareRule = { alpha: ALPHA.shares, tolerance: 0.1 };

/** All intervals of a test together hold the true shares with at least this. */
const CONFIDENCE = 0.999;

export interface TestedShare {
  /** 0–1 */
  readonly expected: number;
  readonly observed: number;
  /** The exact interval that decides. */
  readonly interval: Interval;
  /** The counts as a whole are too improbable, and this interval lies outside expected ± tolerance. */
  readonly off: boolean;
}

export interface ShareTest extends MultinomialTest, ShareRule {
  readonly trials: number;
  /** In the order of the counts. */
  readonly shares: readonly TestedShare[];
}

/**
 * Tests counts against expected shares. Two things must hold before a share is off: the counts as a whole are too
 * improbable (multinomial test at `alpha`: that bounds the false alarms), and the share's own interval lies outside
 * expected ± tolerance (that makes it matter). Where the true shares are not the expected ones but within the tolerance
 * of them, false alarms are at most 0.1 %, and that only at its very edge.
 * @param expected weights above 0, of any sum
 */
export function testShares(
  counts: readonly number[],
  expected: readonly number[],
  rule: ShareRule = SHARE_RULE,
): ShareTest {
  const trials = counts.reduce((sum, count) => sum + count, 0);
  const all = expected.reduce((sum, weight) => sum + weight, 0);
  const test = multinomialTest(counts, expected, rule.alpha);
  const shares = counts.map((count, index): TestedShare => {
    const share = (expected[index] ?? 0) / all;
    const interval = shareInterval(count, trials, counts.length * (rule.among ?? 1));
    return {
      expected: share,
      observed: trials === 0 ? 0 : count / trials,
      interval,
      off: test.pValue < rule.alpha && isOutside(interval, share, rule.tolerance),
    };
  });
  return { ...test, ...rule, trials, shares };
}

/** The interval that decides about one of several versions. @param versions of all tests that share the error */
export function shareInterval(count: number, trials: number, versions: number): Interval {
  return binomialInterval(count, trials, 1 - (1 - CONFIDENCE) / versions);
}

export function isOutside({ low, high }: Interval, expected: number, tolerance: number): boolean {
  return low > expected + tolerance || high < expected - tolerance;
}
