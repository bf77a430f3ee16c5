import { describe, expect, it } from 'vitest';
import { JUDGED_SAMPLES } from '../../fixtures/testing/sample-reports.ts';
import { renderReport } from '../../reports/text/render-report.ts';
import { EVERYTHING_COUNTS, type Policy } from '../model/policy.ts';
import type { JudgedRun } from '../model/report.ts';
import { applyPolicy } from './policy.ts';

/** HC501 reviews → ratings so often, with HC301 and HC302 in trace-shape that follow from it. */
function runWith(affected: number, of: number): JudgedRun {
  const run = JUDGED_SAMPLES['fail-dropped']!();
  const promises = run.promises.map((promise) => ({
    ...promise,
    findings: promise.findings.map((finding) =>
      finding.code === 'HC501' ? { ...finding, share: { affected, of } } : finding,
    ),
  }));
  return { ...run, run: { ...run.run, probes: of }, promises };
}

const limited = (run: JudgedRun, more: Partial<Policy> = {}) =>
  applyPolicy(run, { ...EVERYTHING_COUNTS, max: [{ code: 'HC501', share: 0.01 }], ...more });
const statusOf = ({ promises }: JudgedRun, id: string) => promises.find((promise) => promise.id === id)?.status;
const finding = ({ promises }: JudgedRun) =>
  promises.flatMap(({ findings }) => findings).find(({ code }) => code === 'HC501');

describe('--max', () => {
  it('fails where the whole interval is above the limit: 4 of 74 for 1 %', () => {
    const after = limited(runWith(4, 74));
    expect(after.verdict).toBe('fail');
    expect(finding(after)).toMatchObject({
      severity: 'error',
      limit: { decision: 'above', share: 0.01, confidence: 0.95 },
    });
  });

  it('passes with a warning where it is below, and what follows from it does not count either', () => {
    const after = limited(runWith(1, 1000));
    expect({ verdict: after.verdict, exitCode: after.exitCode }).toEqual({ verdict: 'pass', exitCode: 0 });
    expect(finding(after)).toMatchObject({ severity: 'warning', limit: { decision: 'below' } });
    expect(finding(after)?.waived).toBeUndefined();
    expect(renderReport(after).sentence).toBe(
      'passed, with a warning: HC501 was seen in 1 of 1000 calls, below its limit of 1 %: 1000 probes, 6 traces',
    );
    expect([statusOf(after, 'propagation'), statusOf(after, 'trace-shape')]).toEqual(['pass', 'pass']);
  });

  it('fails on that warning with --fail-on warning', () => {
    expect(limited(runWith(1, 1000), { failOn: ['warning'] }).verdict).toBe('fail');
  });

  it('is inconclusive between, and says how many requests would decide', () => {
    const after = limited(runWith(1, 60));
    expect({ verdict: after.verdict, exitCode: after.exitCode }).toEqual({ verdict: 'inconclusive', exitCode: 2 });
    expect(finding(after)?.limit).toMatchObject({ decision: 'undecided', needed: expect.any(Number) });
    const { needed } = finding(after)?.limit ?? {};
    expect(renderReport(after).sentence).toContain(`HC501 was seen in 1 of 60, which does not decide`);
    expect(renderReport(after).sentence).toContain(`about ${needed} requests would`);
    expect(statusOf(after, 'trace-shape')).toBe('inconclusive');
  });

  it('is inconclusive between with --fail-on warning too', () => {
    expect(limited(runWith(1, 60), { failOn: ['warning'] }).verdict).toBe('inconclusive');
  });

  it('counts the requests, of which only some cross the hop', () => {
    const run = runWith(1, 60);
    const twice = { ...run, run: { ...run.run, probes: 120 } };
    expect(finding(limited(twice))?.limit?.needed).toBe((finding(limited(run))?.limit?.needed ?? 0) * 2);
  });

  it('passes where nothing was seen, and leaves other codes alone', () => {
    const clean = JUDGED_SAMPLES.pass!();
    expect(limited(clean).verdict).toBe('pass');
    const other = limited(runWith(1, 1000), { max: [{ code: 'HC502', share: 0.5 }] });
    expect(other.verdict).toBe('fail');
  });

  it('is stricter of each stage where a second one was sent', () => {
    const run = runWith(4, 74);
    const staged = limited({ ...run, run: { ...run.run, secondStage: 14 } });
    expect(finding(staged)?.limit).toMatchObject({ confidence: 0.975 });
    expect(finding(staged)?.limit?.low).toBeLessThan(finding(limited(run))?.limit?.low ?? 0);
  });

  it('lets a toleration decide what is open', () => {
    const after = limited(runWith(1, 60), { tolerate: [{ code: 'HC501', reason: 'known' }] });
    expect(after.verdict).toBe('pass');
  });
});
