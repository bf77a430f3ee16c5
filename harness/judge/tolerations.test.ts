import { describe, expect, it } from 'vitest';
import { JUDGED_SAMPLES } from '../../fixtures/testing/sample-reports.ts';
import { renderReport } from '../../reports/text/render-report.ts';
import { EVERYTHING_COUNTS, type Policy, type Toleration } from '../model/policy.ts';
import type { JudgedRun } from '../model/report.ts';
import { applyPolicy } from './policy.ts';
import { daysLeft } from './tolerations.ts';

const dropped = JUDGED_SAMPLES['fail-dropped']!;

function judgedOn(startedAt: string, tolerate: readonly Toleration[], more: Partial<Policy> = {}) {
  const run = dropped();
  return applyPolicy({ ...run, run: { ...run.run, startedAt } }, { ...EVERYTHING_COUNTS, tolerate, ...more });
}

const until = (day: string): Toleration => ({ code: 'HC501', reason: 'fixed in release 7', until: day, owner: 'shop' });
const outcome = ({ verdict, policy }: JudgedRun) => ({ verdict, ...policy?.tolerated[0] });

describe('a toleration with an end', () => {
  it.each([
    { startedAt: '2027-01-01T00:00:00.000Z', verdict: 'pass', state: 'used', findings: 1 },
    { startedAt: '2027-01-23T23:59:59.999Z', verdict: 'pass', state: 'used', findings: 1 },
    { startedAt: '2027-01-24T00:00:00.000Z', verdict: 'pass', state: 'ending', findings: 1 },
    { startedAt: '2027-01-31T23:59:59.999Z', verdict: 'pass', state: 'ending', findings: 1 },
    { startedAt: '2027-02-01T00:00:00.000Z', verdict: 'fail', state: 'over', findings: 0 },
    // By UTC, wherever the run was: this is 1 February there.
    { startedAt: '2027-01-31T23:30:00.000-05:00', verdict: 'fail', state: 'over', findings: 0 },
    { startedAt: 'no time', verdict: 'fail', state: 'over', findings: 0 },
  ])('of 2027-01-31 is $state in a run of $startedAt', ({ startedAt, verdict, state, findings }) => {
    expect(outcome(judgedOn(startedAt, [until('2027-01-31')]))).toMatchObject({ verdict, state, findings });
  });

  it('counts whole days in UTC, and none where there is no end', () => {
    expect(daysLeft({ until: '2027-01-31' }, '2027-01-31T12:00:00Z')).toBe(0);
    expect(daysLeft({ until: '2027-01-31' }, '2027-02-02T00:00:00Z')).toBe(-2);
    expect(daysLeft({}, '2027-02-02T00:00:00Z')).toBeUndefined();
  });

  it('keeps its end and its owner in the report', () => {
    const after = judgedOn('2027-01-01T00:00:00Z', [until('2027-01-31')]);
    expect(after.policy?.tolerated[0]).toMatchObject({ until: '2027-01-31', owner: 'shop' });
  });

  it('that is over gives way to one that is not', () => {
    const after = judgedOn('2027-02-01T00:00:00Z', [until('2027-01-31'), until('2027-03-31')]);
    expect(after.verdict).toBe('pass');
    expect(after.policy?.tolerated.map(({ state, findings }) => [state, findings])).toEqual([
      ['over', 0],
      ['used', 1],
    ]);
  });
});

describe('--fail-on stale', () => {
  const stale: Toleration = { code: 'HC502', reason: 'x' };
  const both = [{ code: 'HC501', reason: 'known' } as const, stale];

  it('fails a run with a toleration that fits nothing, and names it', () => {
    const after = judgedOn('2027-01-01T00:00:00Z', both, { failOn: ['stale'] });
    expect(after).toMatchObject({ verdict: 'fail', exitCode: 1 });
    expect(after.policy?.tolerated.map(({ state }) => state)).toEqual(['used', 'stale']);
    expect(renderReport(after).sentence).toBe('a toleration fits nothing that was found (--fail-on stale): HC502');
    expect(judgedOn('2027-01-01T00:00:00Z', both).verdict).toBe('pass');
  });

  it('fails no run that did not look there', () => {
    const left = judgedOn('2027-01-01T00:00:00Z', both, { failOn: ['stale'], skip: [{ what: 'propagation' }] });
    expect(left.policy?.tolerated[1]?.state).toBe('not-seen');
    const run = dropped();
    const hops = run.hops.map((hop) => ({ ...hop, seen: 0, expected: 0 }));
    const tolerate = [both[0]!, { ...stale, subject: 'reviews->ratings' }];
    const after = applyPolicy({ ...run, hops }, { ...EVERYTHING_COUNTS, tolerate, failOn: ['stale'] });
    expect(after.policy?.tolerated[1]?.state).toBe('not-seen');
    expect(after.verdict).toBe('pass');
  });

  it('makes no failure of a run that could not decide', () => {
    const open = applyPolicy(JUDGED_SAMPLES.inconclusive!(), {
      ...EVERYTHING_COUNTS,
      tolerate: [{ code: 'HC702', reason: 'x' }],
      failOn: ['stale'],
    });
    expect(open.verdict).toBe('inconclusive');
  });
});
