import { describe, expect, it } from 'vitest';
import { findFault, forcedOnPlan } from '../../fixtures/testing/find-fault.ts';
import { binomialInterval } from '../stats/interval.ts';

// The short version; npm run simulate has the long one, and docs/statistics.md its results.
const RUNS = 24;

describe('a call that fails now and then', () => {
  it.each([
    { caller: 'productpage', callee: 'reviews', share: 0.05, probes: 60, printed: 0.954 },
    { caller: 'reviews', callee: 'ratings', share: 0.05, probes: 60, printed: 0.869 },
    { caller: 'productpage', callee: 'details', share: 0.01, probes: 40, printed: 0.331 },
  ])(
    'is found as often as printed on $caller → $callee, with a share of $share and $probes probes: $printed',
    async ({ caller, callee, share, probes, printed }) => {
      const fault = { caller, callee, share, plan: forcedOnPlan(probes) };
      let found = 0;
      for (let run = 0; run < RUNS; run += 1) {
        const result = await findFault(fault, 7000 + run);
        if (result.found) found += 1;
        expect(result.printed).toBeCloseTo(printed, 3);
      }
      const { low, high } = binomialInterval(found, RUNS, 0.998);
      expect({ notAbove: low <= printed, notBelow: high >= printed, found }).toEqual({
        notAbove: true,
        notBelow: true,
        found,
      });
    },
  );
});
