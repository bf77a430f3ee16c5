import { describe, expect, it } from 'vitest';
import { JUDGED_SAMPLES } from '../../fixtures/testing/sample-reports.ts';
import { renderReport } from '../../reports/text/render-report.ts';
import { countedShare } from '../model/counted-share.ts';
import type { JudgedFinding } from '../model/finding.ts';
import { type Baseline, EVERYTHING_COUNTS } from '../model/policy.ts';
import type { JudgedRun } from '../model/report.ts';
import { applyPolicy } from './policy.ts';
import { isCompared } from './same-finding.ts';

/** A run whose one finding is HC501 of reviews → ratings, seen so often. */
function runWith(affected: number, of: number, more: Partial<JudgedFinding> = {}): JudgedRun {
  const dropped = JUDGED_SAMPLES['fail-dropped']!();
  const found = dropped.promises.flatMap(({ findings }) => findings).find(({ code }) => code === 'HC501')!;
  const finding = { ...found, share: { affected, of }, ...more };
  return withFindings(dropped, { propagation: [finding], 'trace-shape': [] });
}

function withFindings(run: JudgedRun, found: Readonly<Record<string, readonly JudgedFinding[]>>): JudgedRun {
  const promises = run.promises.map((promise) => {
    const findings = found[promise.id];
    if (findings === undefined) return promise;
    const status = findings.some(({ severity }) => severity === 'error') ? 'fail' : 'pass';
    return { ...promise, status, findings } as const;
  });
  return { ...run, promises };
}

function baselineOf(run: JudgedRun): Baseline {
  return {
    from: 'before.json',
    run: run.run.id,
    startedAt: run.run.startedAt,
    probes: run.run.probes,
    findings: run.promises.flatMap(({ id, findings }) =>
      findings.filter(isCompared).map((finding) => {
        const { code, subject, causes } = finding;
        const counted = countedShare(finding);
        return { promise: id, code, subject, causes, ...(counted !== undefined && { counted }) };
      }),
    ),
  };
}

const gate = (run: JudgedRun, before: JudgedRun) =>
  applyPolicy(run, { ...EVERYTHING_COUNTS, failOn: ['new'], baseline: baselineOf(before) });
const found = ({ promises }: JudgedRun) => promises.flatMap(({ findings }) => findings)[0];

describe('a known finding', () => {
  it('that was 1 of 50 and is 50 of 50 is worse, and fails the run', () => {
    const after = gate(runWith(50, 50), runWith(1, 50));
    expect(after).toMatchObject({ verdict: 'fail', exitCode: 1 });
    expect(after.policy?.baseline).toMatchObject({ new: 0, known: 0, worse: 1 });
    expect(found(after)).toMatchObject({
      baseline: 'worse',
      comparison: { before: { affected: 1, of: 50 }, alpha: 0.01 },
    });
    expect(found(after)?.comparison?.pValue).toBeLessThan(1e-20);
    expect(found(after)?.waived).toBeUndefined();
  });

  it('that is as frequent as it was does not fail it', () => {
    const after = gate(runWith(3, 50), runWith(1, 50));
    expect(after).toMatchObject({ verdict: 'pass', exitCode: 0 });
    expect(found(after)).toMatchObject({ baseline: 'known', waived: { by: 'baseline' } });
  });

  it('is worse where another version is affected, by the counts of each version', () => {
    const versionTest = { method: 'fisher-exact', pValue: 1e-6, alpha: 0.01 };
    const hop = { kind: 'hop', caller: 'reviews', callee: 'ratings' } as const;
    const of = (versions: readonly string[], counts: Readonly<Record<string, readonly [number, number]>>) =>
      runWith(20, 60, {
        subject: { ...hop, callerVersions: versions },
        shareByVersion: Object.fromEntries(
          Object.entries(counts).map(([v, [affected, all]]) => [v, { affected, of: all }]),
        ),
        versionTest,
      } as Partial<JudgedFinding>);
    const before = of(['v2'], { v1: [0, 20], v2: [20, 20], v3: [0, 20] });
    const after = gate(of(['v2', 'v3'], { v1: [0, 40], v2: [10, 10], v3: [10, 10] }), before);
    expect(found(after)).toMatchObject({ baseline: 'worse', comparison: { addedVersions: ['v3'] } });
    expect(found(gate(before, before))?.baseline).toBe('known');
  });

  it('of a baseline without counts is known', () => {
    const before = baselineOf(runWith(1, 50));
    const findings = before.findings.map(({ counted: _, ...identity }) => identity);
    const policy = { ...EVERYTHING_COUNTS, baseline: { ...before, findings } };
    expect(found(applyPolicy(runWith(50, 50), policy))).toMatchObject({ baseline: 'known' });
    expect(found(applyPolicy(runWith(50, 50), policy))).not.toHaveProperty('comparison');
  });

  it('whose subject is a service stays known whatever versions are named', () => {
    const service = (versions: readonly string[]) =>
      runWith(5, 50, { code: 'HC501', subject: { kind: 'service', service: 'reviews', versions } });
    expect(found(gate(service(['v2', 'v3']), service(['v2'])))?.baseline).toBe('known');
  });
});

it('what is new stands first, in its promise and in every text', () => {
  const before = runWith(1, 50);
  const old = found(before)!;
  const fresh = { ...old, subject: { kind: 'hop', caller: 'productpage', callee: 'details' } } as const;
  const after = gate(withFindings(before, { propagation: [old, fresh] }), before);
  const [first, second] = after.promises.flatMap(({ findings }) => findings);
  expect([first?.baseline, second?.baseline]).toEqual(['new', 'known']);
  expect(renderReport(after).sentence).toMatch(/^productpage .*details/);
});

describe('a finding of the baseline that is not found any more', () => {
  const clean = (run: JudgedRun) => withFindings(run, { propagation: [] });
  const because = (after: JudgedRun) => after.policy?.baseline?.notSeen?.map(({ why }) => why);

  it('is gone where the run would have seen it', () => {
    const before = runWith(50, 50);
    const after = gate(clean(before), before);
    expect(after.policy?.baseline?.gone.map(({ code }) => code)).toEqual(['HC501']);
    expect(because(after)).toEqual([]);
  });

  it.each([
    {
      what: 'no trace was expected to have the call',
      change: (run: JudgedRun): JudgedRun => ({
        ...run,
        hops: run.hops.map((hop) => ({ ...hop, seen: 0, expected: 0 })),
      }),
      why: { kind: 'hop-not-crossed' },
    },
    {
      what: 'its promise was not judged',
      change: (run: JudgedRun): JudgedRun => ({
        ...run,
        promises: run.promises.map((promise) =>
          promise.id === 'propagation' ? { ...promise, status: 'inconclusive' as const } : promise,
        ),
      }),
      why: { kind: 'promise-not-judged' },
    },
    {
      what: 'none of its versions was served',
      change: (run: JudgedRun): JudgedRun => ({
        ...run,
        versions: { ...run.versions!, counts: { v1: 50, v2: 0, v3: 0 } },
      }),
      why: { kind: 'version-not-served', versions: ['v2', 'v3'] },
    },
  ])('was not seen this time where $what', ({ change, why }) => {
    const hop = { kind: 'hop', caller: 'reviews', callee: 'ratings', callerVersions: ['v2', 'v3'] } as const;
    const before = runWith(50, 50, { subject: hop });
    const after = gate(change(clean(before)), before);
    expect(after.policy?.baseline?.gone).toEqual([]);
    expect(because(after)).toEqual([why]);
  });

  it('was not seen this time where it was so rare that chance may have hidden it', () => {
    const before = runWith(1, 50);
    const [why] = because(gate(clean(before), before)) ?? [];
    expect(why).toMatchObject({ kind: 'by-chance' });
  });

  it('was not seen this time where another finding accounts for it now', () => {
    const before = runWith(50, 50);
    const mesh = { kind: 'mesh' } as const;
    const explainedBy = { promise: 'ingress', code: 'HC103', subject: mesh } as const;
    const now = withFindings(before, { propagation: [{ ...found(before)!, severity: 'info', explainedBy }] });
    expect(because(gate(now, before))).toEqual([{ kind: 'explained', code: 'HC103' }]);
  });
});
