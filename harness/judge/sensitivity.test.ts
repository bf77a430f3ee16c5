import { describe, expect, it } from 'vitest';
import { driveLab } from '../../fixtures/testing/drive-lab.ts';
import { testSettings } from '../../fixtures/testing/settings.ts';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { sensitivityInWords } from '../../reports/sensitivity.ts';
import { bookinfo } from '../applications/bookinfo.ts';
import { expectationsOf } from '../config/expectations.ts';
import type { Settings } from '../config/settings.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';
import { makePlan } from '../probe/plan.ts';
import { binomialAtLeast, binomialAtMost } from '../stats/distributions.ts';
import { sampleOf, sensitivityOf } from './sensitivity.ts';

const { definition } = bookinfo;
const rateOf = (value: number) => ({ value, source: 'flag' as const, from: '--sampling' });
function before(different: Partial<Settings>) {
  const settings = testSettings('http://a', 'http://b', different);
  const plan = makePlan(settings.probes, settings.undecided);
  return sensitivityOf(definition, expectationsOf(settings, definition), sampleOf(plan));
}

describe('the sensitivity of a run', () => {
  it.each([
    ['zipkin', { sampling: rateOf(100) }],
    ['otel', { sampling: rateOf(100) }],
    ['zipkin', { sampling: rateOf(100), probes: 20, undecided: 40 }],
    ['zipkin', {}],
  ] as const)('is the same before the run as in its report (%s, %j)', async (driver, settings) => {
    const simulated = { clock: new SimulatedClock(), network: 'memory' as const };
    await using lab = await startStandin(labOptions({ driver, ...simulated }));
    const report = await driveLab(lab, { settings });
    expect(report.verdict).toBe('pass');
    expect(report.reach).toEqual(before(settings));
    // And as the promises say it.
    const found = Object.entries(report.versions?.shares ?? {}).map(([version, share]) => [version, share.found]);
    const shares = Object.entries(report.reach?.shares?.versions ?? {});
    expect(found).toEqual(shares.map(([version, { expected: _, ...bounds }]) => [version, bounds]));
  });

  it('is 95 % for a hop that fails 1 in 20 of the 60 probes, and 87 % where two thirds cross it', () => {
    const { hops } = sensitivityOf(
      definition,
      {
        shares: { value: { v1: 1, v2: 1, v3: 1 }, source: 'assumed', from: 'x' },
      },
      { attempts: 60, forcedOn: 60, undecided: 0 },
    );
    expect(hops.calls.map(({ callee, crossing, oneIn20 }) => [callee, crossing, Math.round(oneIn20 * 100)])).toEqual([
      ['details', 1, 95],
      ['reviews', 1, 95],
      ['ratings', 0.666667, 87],
    ]);
  });

  it('is the same number when versions and failures are drawn by chance', () => {
    // The number of the 60 that cross is binomial, and of those each fails on its own.
    let missed = 0;
    for (let crossing = 0; crossing <= 60; crossing += 1) {
      const of = binomialAtMost(crossing, 60, 2 / 3) - binomialAtMost(crossing - 1, 60, 2 / 3);
      missed += of * (1 - binomialAtLeast(1, crossing, 1 / 20));
    }
    const shares = { value: { v1: 1, v2: 1, v3: 1 }, source: 'assumed' as const, from: 'x' };
    const { hops } = sensitivityOf(definition, { shares }, { attempts: 60, forcedOn: 60, undecided: 0 });
    expect(hops.calls.at(-1)?.oneIn20).toBeCloseTo(1 - missed, 5);
  });

  it('shows how many undecided probes are too few, and that a rate without configuration is not judged', () => {
    const text = (different: Partial<Settings>) => Object.fromEntries(sensitivityInWords(before(different)));
    expect(text({}).rate).toBe('no sampling rate is configured (--sampling): the rate is reported, not judged');
    expect(text({ sampling: rateOf(50) }).rate).toContain(
      'skipped: too few to tell 50 % from 25 %, --undecided 137 is',
    );
    expect(text({ sampling: rateOf(50), undecided: 137 }).rate).toBe(
      'a true rate ≤ 25 % or ≥ 75 % is found in 90 % of runs (by 137 undecided probes)',
    );
    expect(text({ sampling: rateOf(0.1) }).rate).toContain('no run is long enough');
    // Trials of formats are attempts as well, so one forced-on probe is not the only one.
    expect(text({ probes: 1 }).shares).toContain('too few');
  });

  it('is zero for undecided probes that cannot be searched, which are not sent', () => {
    const plan = makePlan(60);
    const attempts = plan.filter(({ purpose }) => purpose !== 'undecided').length;
    // Two trials are of the mesh's own format.
    expect(sampleOf(plan, 'w3c', false)).toEqual({ attempts, forcedOn: 62, undecided: 0 });
    expect(plan.length - attempts).toBe(10);
  });
});
