import { describe, expect, it } from 'vitest';
import { binomialInterval } from './interval.ts';
import { falseAlarms, powers, tryOut } from './testing/simulate.ts';
import { falseWorse, limitAlarms, worseFound } from './testing/simulate-gate.ts';

// The short version, with fixed seeds; npm run simulate has the long one, and docs/statistics.md its results.

describe('false alarms', () => {
  it.each([...falseAlarms(), ...falseWorse(), ...limitAlarms()])(
    'are not more frequent than promised: $title',
    (experiment) => {
      const tries = experiment.costly ? 100 : 3000;
      const { happened } = tryOut(experiment, tries, 1);
      // Lower bound with 99.9 %: above it would mean that the true rate is.
      expect(binomialInterval(happened, tries, 0.998).low).toBeLessThanOrEqual(experiment.promised.probability);
    },
  );
});

describe('power', () => {
  it.each([...powers(), ...worseFound()])('is within 2 points of the printed figure: $title', (experiment) => {
    const { happened, tries } = tryOut(experiment, 4000, 1);
    expect(Math.abs(happened / tries - experiment.promised.probability)).toBeLessThan(0.02);
  });
});
