import { describe, expect, it } from 'vitest';
import type { Finding } from '../harness/model/finding.ts';
import type { ReportedPolicy, RunReport } from '../harness/model/report.ts';
import { FORMATS } from './formats.ts';
import { topologyGraph } from './html/topology-graph.ts';
import { renderTerminal } from './terminal.ts';
import { asRead, ctrfTest, flat, junit, sample, verbose } from './testing.ts';
import { policyInWords } from './words.ts';

const POLICY: ReportedPolicy = { failOn: [], only: [], skip: [], tolerated: [] };
const dropped = sample('fail-dropped');
const broken = dropped.promises.flatMap(({ findings }) => findings).find(({ code }) => code === 'HC501')!;

/** Three findings of one promise after the other, of which the last is worse than the baseline and the others are known. */
function compared(): RunReport {
  const known: Finding = { ...broken, code: 'HC304', baseline: 'known' };
  const worse: Finding = {
    ...broken,
    share: { affected: 50, of: 50 },
    baseline: 'worse',
    comparison: { before: { affected: 1, of: 50 }, pValue: 5.1e-28, alpha: 0.005, addedVersions: ['v3'] },
  };
  const promises = dropped.promises.map((promise) => ({
    ...promise,
    findings: promise.id === 'propagation' ? [worse] : promise.id === 'trace-shape' ? [known] : [],
  }));
  return { ...dropped, promises, policy: POLICY };
}

const WORDS = 'worse: 1 of 50 before, 50 of 50 now (p 5.1e-28, level 0.005); v3 as well now';

describe('a finding that is worse than the baseline', () => {
  const report = compared();

  it.each(['terminal', 'markdown', 'github', 'html'] as const)('stands before what is known in %s', (format) => {
    const text = FORMATS[format](report);
    const findings = format === 'html' ? text.slice(text.indexOf('id="culprit"')) : text;
    const first = (code: string) => findings.search(new RegExp(`${code} (error|reviews)|>${code}<`));
    expect(first('HC501')).toBeGreaterThan(-1);
    expect(first('HC501')).toBeLessThan(first('HC304'));
  });

  it('stands first on a terminal with --short', () => {
    const lines = renderTerminal(report, { color: false, view: 'short' }).split('\n');
    expect(lines.find((line) => /^[✗!?] /.test(line))).toMatch(/^✗ HC501 /);
  });

  it('shows both shares, p and its level in every format', () => {
    expect(verbose(report)).toContain(`baseline ${WORDS}`);
    expect(flat(FORMATS.markdown(report)).replaceAll('\\', '')).toContain(WORDS);
    expect(asRead(FORMATS.html(report))).toContain(WORDS);
    expect(FORMATS.github(report)).toContain(WORDS);
    expect(ctrfTest(report, 'propagation')?.trace).toContain(`baseline: ${WORDS}`);
    expect(junit(report).caseOf('propagation')?.failure).toBeDefined();
    expect(FORMATS.junit(report)).toContain(WORDS);
    expect(FORMATS.prometheus(report)).toContain('baseline="worse"');
    expect(JSON.parse(FORMATS.json(report)).promises).toEqual(
      expect.arrayContaining([expect.objectContaining({ findings: [expect.objectContaining({ baseline: 'worse' })] })]),
    );
  });
});

it('says of each finding that was not seen why', () => {
  const { code, subject, causes } = broken;
  const of = { promise: 'propagation', code, subject, causes } as const;
  const reasons = [
    { kind: 'promise-not-judged' },
    { kind: 'hop-not-crossed' },
    { kind: 'version-not-served', versions: ['v2', 'v3'] },
    { kind: 'explained', code: 'HC103' },
    { kind: 'by-chance', probability: 0.36 },
  ] as const;
  const baseline = { from: 'b.json', run: 'r', startedAt: '', new: 0, known: 1, worse: 2, gone: [] };
  const policy = { ...POLICY, baseline: { ...baseline, notSeen: reasons.map((why) => ({ ...of, why })) } };
  const [[, counts] = [], ...rest] = policyInWords(policy);
  expect(counts).toBe('0 new · 2 worse · 1 known · 0 gone · 5 not seen this time since run r (b.json)');
  expect(rest.map(([name, text]) => [name, text.replace(/^.*\): /, '')])).toEqual([
    ['not seen', 'its promise was not judged'],
    ['not seen', 'no trace was expected to have this call'],
    ['not seen', 'v2, v3 was not served'],
    ['not seen', 'it follows from HC103 now'],
    ['not seen', 'as rare as before, a run misses it with 36 %'],
  ]);
});

describe('tolerations', () => {
  const of = { code: 'HC501', reason: 'why', findings: 1 } as const;
  const tolerated = [
    { ...of, subject: 'a->b', until: '2027-01-31', owner: 'shop', state: 'used' },
    { ...of, until: '2027-01-31', state: 'ending' },
    { ...of, findings: 0, until: '2027-01-31', state: 'over' },
    { ...of, findings: 0, state: 'stale' },
    { ...of, findings: 0, state: 'not-seen' },
  ] as const;
  const report = { ...sample('pass'), policy: { ...POLICY, tolerated } };

  it('show their end, their owner and their state', () => {
    expect(policyInWords(report.policy).map(([, text]) => text)).toEqual([
      'HC501 a->b: why, until 2027-01-31, owner shop (1 finding)',
      'HC501: why, until 2027-01-31 (1 finding, ends within seven days)',
      'HC501: why, until 2027-01-31 (over: it counts again)',
      'HC501: why (fits nothing that was found)',
      'HC501: why (the run did not look there)',
    ]);
  });

  it('are warnings on GitHub where a person has to look after them', () => {
    expect(FORMATS.github(report).match(/^::warning title=hopcheck%3A --tolerate::.*$/gm)).toEqual([
      '::warning title=hopcheck%3A --tolerate::the toleration of HC501 ends on 2027-01-31',
      '::warning title=hopcheck%3A --tolerate::the toleration of HC501 ended on 2027-01-31: what it was for counts again',
      '::warning title=hopcheck%3A --tolerate::the toleration of HC501 fits nothing that was found: remove it',
    ]);
  });

  it('that fit nothing are a failing test where they fail the run, and none otherwise', () => {
    const failed: RunReport = { ...report, verdict: 'fail', exitCode: 1 };
    expect(FORMATS.junit(failed)).toMatch(
      /<testsuite [^>]*failures="1"[\s\S]*every toleration fits a finding[\s\S]*<failure/,
    );
    expect(JSON.parse(FORMATS.ctrf(failed)).results).toMatchObject({
      summary: { failed: 1, tests: report.promises.length + 1 },
    });
    for (const format of ['junit', 'ctrf'] as const)
      expect(FORMATS[format](report)).not.toContain('every toleration fits a finding');
  });
});

describe('the map', () => {
  const waived = { by: 'tolerate', reason: 'why' } as const;
  const withFinding = (more: Partial<Finding>): RunReport => ({
    ...dropped,
    promises: dropped.promises.map((promise) => ({
      ...promise,
      findings: promise.id === 'propagation' ? [{ ...broken, ...more }] : [],
    })),
  });
  const hop = (report: RunReport) => topologyGraph(report).hops.find(({ callee }) => callee === 'ratings')?.state;
  const service = (report: RunReport) => topologyGraph(report).services.find(({ name }) => name === 'details')?.state;
  const details = { kind: 'service', service: 'details' } as const;

  it('shows a tolerated hop and service amber, and what counts red', () => {
    expect([hop(withFinding({})), hop(withFinding({ waived }))]).toEqual(['broken', 'tolerated']);
    expect([service(withFinding({ subject: details })), service(withFinding({ subject: details, waived }))]).toEqual([
      'broken',
      'tolerated',
    ]);
  });

  it('stays red where something else about the hop counts', () => {
    const report = withFinding({ waived });
    const promises = report.promises.map((promise) =>
      promise.id === 'trace-shape' ? { ...promise, findings: [broken] } : promise,
    );
    expect(hop({ ...report, promises })).toBe('broken');
  });

  it('says in its legend that a person decided', () => {
    expect(asRead(FORMATS.html(withFinding({ waived })))).toContain('a person decided that it does not count');
  });
});

it('a limit is shown with its interval in every format', () => {
  const limit = { share: 0.01, low: 0.0004, high: 0.09, confidence: 0.95, decision: 'undecided', needed: 900 } as const;
  const finding: Finding = { ...broken, severity: 'warning', share: { affected: 1, of: 60 }, limit };
  const promises = dropped.promises.map((promise) => ({
    ...promise,
    findings: promise.id === 'propagation' ? [finding] : [],
  }));
  const report = { ...dropped, promises };
  const words = '1 of 60 is neither certainly above nor below the limit of 1 % (0.04 % to 9 % with 95 % confidence)';
  expect(verbose(report)).toContain(`limit ${words}`);
  for (const format of ['junit', 'ctrf'] as const) expect(FORMATS[format](report)).toContain(words);
  expect(flat(FORMATS.markdown(report)).replaceAll('\\', '')).toContain(words);
  expect(asRead(FORMATS.html(report))).toContain(words);
});
