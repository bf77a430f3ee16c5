import { describe, expect, it } from 'vitest';
import { findFault, forcedOnPlan } from '../../fixtures/testing/find-fault.ts';
import { binomialInterval } from '../stats/interval.ts';

// The short version; npm run simulate has the long one, and docs/statistics.md its results.
const RUNS = 24;

describe('a call that fails now and then is found as often as the run says', () => {
  it.each([
    ['productpage', 'reviews', 0.05, 60, 0.954],
    ['reviews', 'ratings', 0.05, 60, 0.869],
    ['productpage', 'details', 0.01, 40, 0.331],
  ])('%s → %s, %d of its requests, %i probes: %d', async (caller, callee, share, probes, printed) => {
    const fault = { caller, callee, share, plan: forcedOnPlan(probes) };
    let found = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const result = await findFault(fault, 7000 + run);
      if (result.found) found += 1;
      expect(result.printed).toBeCloseTo(printed, 3);
    }
    const { low, high } = binomialInterval(found, RUNS, 0.998);
    expect([low <= printed, high >= printed, found]).toEqual([true, true, found]);
  });
});
