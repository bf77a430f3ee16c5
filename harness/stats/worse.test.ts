import { describe, expect, it } from 'vitest';
import { type CountedFinding, riseOf } from './worse.ts';

type Pair = readonly [affected: number, of: number];
const tally = ([affected, of]: Pair) => ({ affected, of });

function counted(
  share: Pair,
  named: readonly string[] = [],
  versions?: Readonly<Record<string, Pair>>,
): CountedFinding {
  const byVersion = versions && Object.fromEntries(Object.entries(versions).map(([name, of]) => [name, tally(of)]));
  return { share: tally(share), named, ...(byVersion !== undefined && { byVersion }) };
}

describe('a known finding', () => {
  it('is worse where its share rose, and the level is shared by all that are compared', () => {
    const [before, now] = [counted([1, 50]), counted([9, 50])];
    expect(riseOf(before, now, 1)).toMatchObject({ isWorse: true, alpha: 0.01, added: [] });
    expect(riseOf(before, now, 1).pValue).toBeCloseTo(0.0078, 3);
    expect(riseOf(before, now, 2)).toMatchObject({ isWorse: false, alpha: 0.005 });
    expect(riseOf(counted([1, 50]), counted([50, 50]), 10).isWorse).toBe(true);
  });

  it('is known where chance may have done it, or where it fell', () => {
    expect(riseOf(counted([1, 50]), counted([4, 50]), 1).isWorse).toBe(false);
    expect(riseOf(counted([50, 50]), counted([1, 50]), 1).isWorse).toBe(false);
  });

  it('is worse where it reached a version that it spared, though the share did not rise', () => {
    const before = counted([40, 60], ['v2'], { v1: [0, 10], v2: [40, 40], v3: [0, 10] });
    const now = counted([40, 60], ['v2', 'v3'], { v1: [0, 20], v2: [20, 20], v3: [20, 20] });
    expect(riseOf(before, now, 1)).toMatchObject({ isWorse: true, added: ['v3'] });
    expect(riseOf(before, now, 1).pValue).toBeGreaterThan(0.01);
  });

  it('is worse where a version that is affected was not there before', () => {
    const before = counted([20, 40], ['v2'], { v1: [0, 20], v2: [20, 20] });
    const now = counted([40, 80], ['v2', 'v4'], { v1: [0, 40], v2: [20, 20], v4: [20, 20] });
    expect(riseOf(before, now, 1).added).toEqual(['v4']);
  });

  it('has no version added where either run names none, or has no counts by version', () => {
    const versions = { v1: [0, 20], v2: [20, 20] } as const;
    const now = counted([20, 40], ['v2'], versions);
    expect(riseOf(counted([20, 40], [], { v1: [20, 20], v2: [0, 20] }), now, 1).isWorse).toBe(false);
    expect(riseOf(counted([20, 40], ['v1']), now, 1).isWorse).toBe(false);
    expect(riseOf(counted([20, 40], ['v1'], versions), counted([20, 40]), 1).isWorse).toBe(false);
  });

  it('has no version added that is named by chance: its own share must have risen', () => {
    const before = counted([18, 60], ['v2'], { v1: [0, 20], v2: [12, 20], v3: [6, 20] });
    const now = counted([19, 60], ['v2', 'v3'], { v1: [0, 20], v2: [10, 20], v3: [9, 20] });
    expect(riseOf(before, now, 1)).toMatchObject({ isWorse: false, added: [] });
  });
});
