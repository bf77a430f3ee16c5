import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRecording, SCENARIOS, toCapture } from '../../fixtures/recordings/load.ts';
import { splitCapture } from '../../fixtures/testing/split-capture.ts';
import { renderFleet } from '../../reports/text/render-fleet.ts';
import { judge } from '../judge/judge.ts';
import type { Capture } from '../model/capture.ts';
import { EVERYTHING_COUNTS, type Policy } from '../model/policy.ts';
import type { JudgedRun } from '../model/report.ts';
import { RUN_ALPHA } from '../stats/alpha.ts';
import { judgeFleet, judgeTarget } from './judge-fleet.ts';

const captures = new Map(SCENARIOS.map((name) => [name, toCapture(readRecording(name))]));
const of = (name: string): Capture => captures.get(name)!;

function fleetOf(targets: readonly { name: string; of: number; captures: readonly Capture[] }[], policy?: Policy) {
  const options = { targets: targets.length, ...(policy !== undefined && { policy }) };
  return judgeFleet(
    targets.map((target) => judgeTarget(target, options)),
    policy,
  );
}

/** Versions that are missing, shares and rates that are off: these verdicts are of α/N. */
const OF_ALPHA = new Set(['HC201', 'HC202', 'HC604']);
const PROMISES_OF_ALPHA = new Set(['load-balancing', 'sampling-rate']);

/** Counts and findings, without those that rest on α. */
function counted({ promises, hops, versions, run }: JudgedRun) {
  return {
    probes: run.probes,
    traces: run.traces,
    hops,
    counts: versions?.counts,
    sequence: versions?.sequence,
    promises: promises.map(({ id, status, findings }) => ({
      id,
      status: PROMISES_OF_ALPHA.has(id) ? undefined : status,
      findings: findings
        .filter(({ code }) => !OF_ALPHA.has(code))
        .map(({ code, severity, causes, subject, share, evidence, explainedBy }) => ({
          ...{ code, severity, causes, subject, share, evidence, explainedBy },
        })),
    })),
  };
}

describe('many targets', () => {
  it('have the counts and findings of as many single runs', () => {
    const some = fc.uniqueArray(fc.constantFrom(...SCENARIOS), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(some, (names) => {
        const fleet = fleetOf(names.map((name) => ({ name, of: 1, captures: [of(name)] })));
        for (const { name, run } of fleet.targets) expect(counted(run!), name).toEqual(counted(judge(of(name))));
      }),
      { numRuns: 8 },
    );
  });

  it('are each tested at an equal part of α, and say so', () => {
    const names = ['healthy-60', 'weights-80-20', 'pin-v1', 'healthy-v1-otel-gw1'];
    const fleet = fleetOf(names.map((name) => ({ name, of: 1, captures: [of(name)] })));
    const alone = judge(of('healthy-60'));
    const together = fleet.targets.find(({ name }) => name === 'healthy-60')!.run!;
    expect(fleet.alpha).toEqual({ all: RUN_ALPHA, each: RUN_ALPHA / 4, confidence: 0.9875 });
    expect(together.run.among).toEqual({ targets: 4, alpha: RUN_ALPHA / 4, confidence: 0.9875 });
    expect(together.versions!.test!.alpha).toBeCloseTo(alone.versions!.test!.alpha / 4, 11);
    for (const [version, { low, high }] of Object.entries(alone.versions!.shares)) {
      const wider = together.versions!.shares[version]!;
      expect({ low: wider.low < low, high: wider.high > high }).toEqual({ low: true, high: true });
    }
    expect(together.reach!.shares!.neededForMissing).toBeGreaterThan(alone.reach!.shares!.neededForMissing);
    expect(alone.run).not.toHaveProperty('among');
  });

  it('are one run like any other where there is only one', () => {
    const { run } = judgeTarget({ name: 'shop', of: 1, captures: [of('healthy-60')] }, { targets: 1 });
    expect(run).toEqual(judge(of('healthy-60')));
  });

  it('fail where one is broken, which stands first', () => {
    const names = ['healthy-v1-otel-gw1', 'drop-all-reviews', 'healthy-v2-otel-gw2'];
    const fleet = fleetOf(names.map((name) => ({ name, of: 1, captures: [of(name)] })));
    expect({ verdict: fleet.verdict, exitCode: fleet.exitCode, first: fleet.targets[0]?.name }).toEqual({
      verdict: 'fail',
      exitCode: 1,
      first: 'drop-all-reviews',
    });
    expect(fleet.promises.find(({ id }) => id === 'propagation')).toMatchObject({
      status: 'fail',
      targets: { fail: 1 },
    });
    expect(renderFleet(fleet).sentence).toMatch(/^1 of 3 targets fails: drop-all-reviews: reviews /);
  });
});

describe('a missing part', () => {
  const [, second] = splitCapture(of('healthy-v1-otel-gw1'), [1, 2, 1, 2, 1, 2], 2);
  const whole = { name: 'whole', of: 1, captures: [of('healthy-v1-otel-gw2')] };

  it('leaves the fleet undecided, and is named', () => {
    const fleet = fleetOf([whole, { name: 'shop', of: 2, captures: [second!] }]);
    expect(fleet).toMatchObject({ verdict: 'inconclusive', exitCode: 2 });
    expect(renderFleet(fleet).sentence).toBe('could not decide: shop: part 1 of 2 is missing');
    const codes = fleet.targets[0]?.run?.promises.flatMap(({ findings }) => findings.map(({ code }) => code));
    expect(codes).toContain('HC726');
  });

  it('is named too where not one of the target is there', () => {
    const fleet = fleetOf([whole, { name: 'shop', of: 3, captures: [] }]);
    expect(fleet).toMatchObject({ verdict: 'inconclusive', exitCode: 2 });
    expect(renderFleet(fleet).sentence).toBe('could not decide: shop: part 1, 2, 3 of 3 are missing');
  });

  it('takes nothing from what another target shows', () => {
    const broken = { name: 'broken', of: 1, captures: [of('drop-all-reviews')] };
    const fleet = fleetOf([whole, broken, { name: 'shop', of: 2, captures: [] }]);
    expect(fleet.verdict).toBe('fail');
    expect(renderFleet(fleet).sentence).toMatch(/not decided: shop: part 1, 2 of 2 are missing$/);
  });
});

describe('a toleration', () => {
  const tolerate = [{ code: 'HC501', subject: 'reviews->ratings', reason: 'known' }] as const;
  const policy: Policy = { ...EVERYTHING_COUNTS, tolerate, failOn: ['stale'] };
  const target = (name: string) => ({ name, of: 1, captures: [of(name)] });

  it('is stale only where it fits no finding of any target', () => {
    const used = fleetOf([target('drop-all-reviews'), target('healthy-v1-otel-gw1')], policy);
    expect({ verdict: used.verdict, stale: used.stale }).toEqual({ verdict: 'pass', stale: [] });
    const unused = fleetOf([target('healthy-v2-otel-gw1'), target('healthy-v2-otel-gw2')], policy);
    expect({ verdict: unused.verdict, stale: unused.stale }).toEqual({
      verdict: 'fail',
      stale: ['HC501:reviews->ratings'],
    });
  });
});
