import { describe, expect, it } from 'vitest';
import { readRecording, toCapture } from '../../fixtures/recordings/load.ts';
import { JUDGED_SAMPLES } from '../../fixtures/testing/sample-reports.ts';
import { renderReport } from '../../reports/text/render-report.ts';
import { type Baseline, EVERYTHING_COUNTS, type Policy } from '../model/policy.ts';
import type { JudgedRun, RunReport } from '../model/report.ts';
import { compareBaseline } from './baseline.ts';
import { judge } from './judge.ts';
import { applyPolicy } from './policy.ts';
import { isCompared } from './same-finding.ts';

/** HC501 reviews → ratings (propagation), and in trace-shape HC301 and HC302 that follow from it. */
const dropped = JUDGED_SAMPLES['fail-dropped']!;
/** HC306 productpage (trace-shape), HC301 and HC303 beside it and HC402 twice in parentage that follow from it. */
const silent = JUDGED_SAMPLES['fail-silent']!;

const apply = (run: JudgedRun, policy: Partial<Policy>): RunReport =>
  renderReport(applyPolicy(run, { ...EVERYTHING_COUNTS, ...policy }));
const baselineOf = (report: JudgedRun): Baseline => ({
  from: 'before.json',
  run: report.run.id,
  startedAt: report.run.startedAt,
  findings: report.promises.flatMap(({ id, findings }) =>
    findings.filter(isCompared).map(({ code, subject, causes }) => ({ promise: id, code, subject, causes })),
  ),
});
const statuses = ({ promises }: Pick<JudgedRun, 'promises'> | Pick<RunReport, 'promises'>) =>
  Object.fromEntries(promises.map(({ id, status }) => [id, status]));

it('applyPolicy returns the same report without a policy', () => {
  const report = dropped();
  expect(applyPolicy(report, EVERYTHING_COUNTS)).toBe(report);
});

describe('--tolerate', () => {
  it('shows its reason, does not fail, and covers the findings that follow', () => {
    const report = apply(silent(), { tolerate: [{ code: 'HC306', reason: 'known' }] });
    expect(report).toMatchObject({ verdict: 'pass', exitCode: 0 });
    expect(statuses(report)).toMatchObject({ 'trace-shape': 'pass', parentage: 'pass' });
    expect(report.promises.find(({ id }) => id === 'parentage')?.judged).toBe('fail');
    const found = report.promises.flatMap(({ findings }) => findings).filter(({ severity }) => severity === 'error');
    expect(found.map(({ code, waived }) => [code, waived])).toEqual([['HC306', { by: 'tolerate', reason: 'known' }]]);
    expect(report.sentence).toBe('passed, 1 finding tolerated: 6 probes, 6 traces');
    expect(report.policy?.tolerated).toEqual([{ code: 'HC306', reason: 'known', findings: 1, state: 'used' }]);
  });

  it.each([
    ['another code', [{ code: 'HC501' as const, reason: 'x' }]],
    ['the same code elsewhere', [{ code: 'HC306' as const, subject: 'reviews', reason: 'x' }]],
  ])('for %s changes only its own count', (_what, tolerate) => {
    const before = renderReport(silent());
    const after = apply(silent(), { tolerate });
    expect(after).toMatchObject({ verdict: 'fail', exitCode: 1, sentence: before.sentence, promises: before.promises });
    expect(after.policy?.tolerated[0]?.findings).toBe(0);
  });

  it('for one finding leaves another of the same promise failing', () => {
    const report = dropped();
    const [shape] = report.promises.filter(({ id }) => id === 'trace-shape');
    const [first] = shape!.findings;
    const { explainedBy: _, ...rest } = first!;
    const other = { ...rest, severity: 'error' as const, code: 'HC304' as const, subject: { kind: 'mesh' as const } };
    const promises = report.promises.map((promise) =>
      promise.id === 'trace-shape' ? { ...promise, findings: [...promise.findings, other] } : promise,
    );
    const after = apply({ ...report, promises }, { tolerate: [{ code: 'HC501', reason: 'x' }] });
    expect(after).toMatchObject({ verdict: 'fail', exitCode: 1 });
    expect(after.sentence).toContain('an unexpected call');
  });

  it('never turns an undecided run into a pass', () => {
    const report = apply(JUDGED_SAMPLES.inconclusive!(), {
      tolerate: [{ code: 'HC701', reason: 'x' }],
      failOn: ['warning'],
    });
    expect(report).toMatchObject({ verdict: 'inconclusive', exitCode: 2 });
    expect(report.promises[0]?.findings[0]?.waived).toBeUndefined();
  });

  it('for all failures of a run that was cut short leaves that promise open', () => {
    const capture = toCapture(readRecording('drop-all-reviews'));
    const report = judge({ ...capture, end: 'interrupted' });
    expect(statuses(report)['trace-shape']).toBe('fail');
    const after = apply(report, { tolerate: [{ code: 'HC501', reason: 'x' }] });
    expect({ verdict: after.verdict, traceShape: statuses(after)['trace-shape'] }).toEqual({
      verdict: 'inconclusive',
      traceShape: 'inconclusive',
    });
  });
});

describe('--only and --skip', () => {
  it('leave out a promise, with the reason', () => {
    const report = apply(dropped(), { skip: [{ what: 'context', reason: 'later' }] });
    expect(report.promises.find(({ id }) => id === 'trace-shape')).toMatchObject({
      status: 'skipped',
      judged: 'fail',
      reason: '--skip context (later)',
      findings: [],
    });
    expect(report).toMatchObject({ verdict: 'pass', exitCode: 0 });
    expect(report.sentence).toBe('all 4 promises judged hold (3 not judged): 6 probes, 6 traces');
  });

  it('select promises by tag, and the environment is always judged', () => {
    const only = apply(dropped(), { only: [{ what: 'smoke' }] });
    expect(statuses(only)).toEqual({
      ...Object.fromEntries(Object.keys(statuses(only)).map((id) => [id, 'skipped'])),
      environment: 'pass',
      ingress: 'pass',
      'trace-shape': 'fail',
    });
    expect(only.promises.find(({ id }) => id === 'parentage')?.reason).toBe('--only smoke');
    expect(apply(dropped(), { only: [{ what: 'statistics' }] }).verdict).toBe('pass');
  });

  it('leave out what accounts for a finding, and still name it', () => {
    const report = apply(silent(), { only: [{ what: 'parentage' }] });
    expect(report).toMatchObject({ verdict: 'fail', exitCode: 1 });
    const parentage = report.promises.find(({ id }) => id === 'parentage');
    expect(parentage?.findings.map(({ code, severity, explainedBy }) => [code, severity, explainedBy])).toEqual([
      ['HC402', 'info', expect.objectContaining({ code: 'HC306' })],
      ['HC402', 'info', expect.objectContaining({ code: 'HC306' })],
    ]);
    expect(report.sentence).toContain('productpage sends no spans');
  });

  it('for a single code leave the promise to be judged by the others', () => {
    const report = apply(silent(), { skip: [{ what: 'HC306' }] });
    // HC301 and HC303 followed from it, and still count.
    expect(report).toMatchObject({ verdict: 'fail' });
    const found = report.promises.find(({ id }) => id === 'trace-shape')?.findings ?? [];
    expect(found.map(({ code, waived, severity }) => [code, waived?.by, severity])).toEqual([
      ['HC306', 'skip', 'error'],
      ['HC301', undefined, 'info'],
      ['HC303', undefined, 'info'],
    ]);
    const skip = [...new Set(report.promises.flatMap(({ findings }) => findings.map(({ code }) => code)))];
    expect(apply(silent(), { skip: skip.map((what) => ({ what })) }).verdict).toBe('pass');
  });
});

describe('--baseline', () => {
  it('knows every finding of the same run', () => {
    const report = apply(dropped(), { baseline: baselineOf(dropped()) });
    expect(report.policy?.baseline).toMatchObject({ new: 0, known: 1, gone: [] });
    // A known finding still fails the run, unless --fail-on new is given.
    expect(report).toMatchObject({ verdict: 'fail', exitCode: 1 });
    const lenient = apply(dropped(), { baseline: baselineOf(dropped()), failOn: ['new'] });
    expect(lenient).toMatchObject({ verdict: 'pass', exitCode: 0 });
  });

  it('fails on a new finding, and lists a finding that is gone', () => {
    const report = apply(silent(), { baseline: baselineOf(dropped()), failOn: ['new'] });
    expect(report).toMatchObject({ verdict: 'fail', exitCode: 1 });
    expect(report.policy?.baseline).toMatchObject({ new: 1, known: 0, gone: [{ code: 'HC501' }] });
  });

  it('lists no finding as gone where the run did not look for it', () => {
    const report = apply(JUDGED_SAMPLES.inconclusive!(), { baseline: baselineOf(dropped()) });
    expect(report.policy?.baseline?.gone).toEqual([]);
  });

  it('distinguishes findings by cause and subject, but not by the order of causes', () => {
    const report = dropped();
    const before = baselineOf(report);
    const [known] = before.findings;
    const word = (findings: Baseline['findings']) =>
      compareBaseline(report, { ...EVERYTHING_COUNTS, baseline: { ...before, findings } }).baseline?.known;
    expect(word([{ ...known!, causes: ['trace-restarted'] }])).toBe(0);
    expect(word([{ ...known!, subject: { kind: 'hop', caller: 'reviews', callee: 'details' } }])).toBe(0);
    expect(word([{ ...known!, subject: { kind: 'hop', caller: 'reviews', callee: 'ratings' } }])).toBe(1);
  });
});

describe('--fail-on warning', () => {
  function warned(): JudgedRun {
    const report = JUDGED_SAMPLES.pass!();
    const finding = dropped()
      .promises.flatMap(({ findings }) => findings)
      .find(({ code }) => code === 'HC501')!;
    const promises = report.promises.map((promise) =>
      promise.id === 'load-balancing'
        ? { ...promise, findings: [{ ...finding, code: 'HC203' as const, severity: 'warning' as const }] }
        : promise,
    );
    return { ...report, promises };
  }

  it('fails the promise with the warning, and gives the reason', () => {
    expect(apply(warned(), { failOn: ['warning'] })).toMatchObject({
      verdict: 'fail',
      exitCode: 1,
      sentence: expect.stringMatching(/^a warning counts as a failure \(--fail-on warning\): HC203/),
    });
  });

  it('does not fail on a tolerated warning', () => {
    const tolerate = [{ code: 'HC203' as const, reason: 'canary' }];
    expect(apply(warned(), { failOn: ['warning'], tolerate })).toMatchObject({ verdict: 'pass', exitCode: 0 });
  });
});
