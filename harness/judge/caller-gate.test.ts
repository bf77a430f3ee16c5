import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { surveyLab } from '../../fixtures/testing/survey-lab.ts';
import { renderJson } from '../../reports/json.ts';
import { renderReport } from '../../reports/text/render-report.ts';
import { readBaseline } from '../config/read-baseline.ts';
import { parseFault } from '../lab/faults.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';
import type { JudgedFinding } from '../model/finding.ts';
import { type Baseline, EVERYTHING_COUNTS, type Policy, subjectName } from '../model/policy.ts';
import type { JudgedRun } from '../model/report.ts';
import { risePValue } from '../stats/fisher-rise.ts';
import { judge } from './judge.ts';
import { applyPolicy } from './policy.ts';

/** A run on the stand-in with this fault, judged. */
async function run(fault: string): Promise<JudgedRun> {
  const faults = [parseFault(fault, ['productpage', 'details', 'reviews', 'ratings'])];
  const simulated = { clock: new SimulatedClock(), network: 'memory' } as const;
  await using lab = await startStandin(labOptions({ faults, sampling: 100, ...simulated }));
  return judge(await surveyLab(lab, {}));
}

/** As a later run reads it from a file. */
function baselineOf(judged: JudgedRun): Baseline {
  const baseline = readBaseline('before.json', () => renderJson(renderReport(judged)));
  if (typeof baseline === 'string') throw new Error(baseline);
  return baseline;
}

/** The baseline of a run that saw HC501 at each callee so often. */
function rarer(judged: JudgedRun, affected: Readonly<Record<string, number>>): Baseline {
  const change = (finding: JudgedFinding): JudgedFinding => {
    const callees = finding.callees?.map(({ callee, share }) => {
      return { callee, share: { of: share.of, affected: affected[callee] ?? share.affected } };
    });
    if (callees === undefined) return finding;
    const sum = (key: 'affected' | 'of') => callees.reduce((total, { share }) => total + share[key], 0);
    return { ...finding, callees, share: { affected: sum('affected'), of: sum('of') } };
  };
  const promises = judged.promises.map((promise) => ({ ...promise, findings: promise.findings.map(change) }));
  return baselineOf({ ...judged, promises });
}

const apply = (judged: JudgedRun, policy: Partial<Policy>) => applyPolicy(judged, { ...EVERYTHING_COUNTS, ...policy });
const gate = (judged: JudgedRun, baseline: Baseline) => apply(judged, { failOn: ['new'], baseline });
const standing = ({ promises }: JudgedRun) =>
  promises.flatMap(({ findings }) => findings).filter(({ code, explainedBy }) => code === 'HC501' && !explainedBy);
const states = (judged: JudgedRun) => standing(judged).map(({ subject, baseline }) => [subjectName(subject), baseline]);

const all = await run('drop-all:productpage');
const one = await run('drop-all:productpage->details');

describe('a finding about all callees of a caller, against a baseline', () => {
  it('is known to the report of the same run, and is compared callee by callee', () => {
    const after = gate(all, baselineOf(all));
    expect(after).toMatchObject({ verdict: 'pass', policy: { baseline: { new: 0, known: 1, worse: 0, gone: [] } } });
    expect(standing(after)[0]).toMatchObject({ comparison: { before: standing(all)[0]?.share, pValue: 1 } });
  });

  it('is worse where it rose at one callee alone, with the level shared by the callees', () => {
    const [details, reviews] = standing(all)[0]?.callees ?? [];
    const after = gate(all, rarer(all, { details: 1 }));
    expect(after).toMatchObject({ verdict: 'fail', policy: { baseline: { new: 0, known: 0, worse: 1 } } });
    const calls = (details?.share.of ?? 0) + (reviews?.share.of ?? 0);
    expect(standing(after)[0]?.comparison?.before).toEqual({ affected: 1 + (reviews?.share.affected ?? 0), of: calls });
    expect(standing(after)[0]?.comparison?.pValue).toBeLessThan(1e-6);
  });

  it('is known where it rose a little at each, because calls of one request often fail together', () => {
    const of = standing(all)[0]?.callees?.[0]?.share.of ?? 0;
    const after = gate(all, rarer(all, { details: of - 4, reviews: of - 4 }));
    expect(states(after)).toEqual([['productpage', 'known']]);
    const { share, comparison } = standing(after)[0]!;
    expect(comparison?.pValue).toBeGreaterThan(0.01);
    expect(risePValue(comparison!.before, share), 'of all calls together').toBeLessThan(0.01);
  });

  it('has its callee known where only one of them is left, and nothing is gone', () => {
    const after = gate(one, baselineOf(all));
    expect(states(after)).toEqual([['productpage->details', 'known']]);
    expect(after.policy?.baseline).toMatchObject({ new: 0, known: 1, gone: [], notSeen: [] });
    expect(states(gate(one, rarer(all, { details: 1 })))).toEqual([['productpage->details', 'worse']]);
  });

  it('is split where the baseline knows one callee: the other is new, and stands first', () => {
    const after = gate(all, baselineOf(one));
    expect(after.verdict).toBe('fail');
    expect(states(after)).toEqual([
      ['productpage->reviews', 'new'],
      ['productpage->details', 'known'],
    ]);
  });

  it('is compared with the findings that an older report has of each callee', () => {
    const [whole] = standing(all);
    const older = { ...all, promises: all.promises.map((promise) => ({ ...promise, findings: partsOf(promise) })) };
    const after = gate(all, baselineOf(older));
    expect(states(after)).toEqual([['productpage', 'known']]);
    expect(standing(after)[0]?.comparison?.before).toEqual(whole?.share);
    expect(after.policy?.baseline).toMatchObject({ gone: [], notSeen: [] });
  });

  it('was not seen this time where no trace was expected to have the calls', () => {
    const baseline = baselineOf(all);
    const clean = {
      ...all,
      promises: all.promises.map((promise) => ({ ...promise, status: 'pass', findings: [] }) as const),
    };
    const hops = clean.hops.map((hop) => (hop.caller === 'productpage' ? { ...hop, seen: 0, expected: 0 } : hop));
    expect(gate(clean, baseline).policy?.baseline?.gone.map(({ code }) => code)).toEqual(['HC501']);
    expect(gate({ ...clean, hops }, baseline).policy?.baseline).toMatchObject({
      gone: [],
      notSeen: [{ code: 'HC501', why: { kind: 'hop-not-crossed' } }],
    });
  });
});

function partsOf({ findings }: JudgedRun['promises'][number]): readonly JudgedFinding[] {
  return findings.flatMap((finding) => finding.parts ?? [finding]);
}

describe('a finding about all callees of a caller', () => {
  it('has a limit held by each callee', () => {
    const after = apply(all, { max: [{ code: 'HC501', share: 0.01 }] });
    expect(after.verdict).toBe('fail');
    expect(standing(after).map(({ subject, limit }) => [subjectName(subject), limit?.decision])).toEqual([
      ['productpage->details', 'above'],
      ['productpage->reviews', 'above'],
    ]);
  });

  it('stays whole where a toleration is about the caller, whatever the baseline knows', () => {
    const tolerate = [{ code: 'HC501', subject: 'productpage', reason: 'known' } as const];
    const after = apply(all, { failOn: ['new'], tolerate, baseline: baselineOf(one) });
    expect(after.verdict).toBe('pass');
    expect(standing(after).map(({ subject, waived }) => [subjectName(subject), waived?.by])).toEqual([
      ['productpage', 'tolerate'],
    ]);
  });

  it('gives way to its parts for a toleration that is over, and that one is not stale', () => {
    const tolerate = [
      { code: 'HC501', subject: 'productpage->details', reason: 'known', until: '2001-01-01' } as const,
    ];
    const after = apply(all, { tolerate });
    expect(after).toMatchObject({ verdict: 'fail', policy: { tolerated: [{ state: 'over', findings: 0 }] } });
  });
});

describe('a change of the mesh', () => {
  it('leaves a promise open whose other findings do not count', () => {
    const change = { promise: 'environment', code: 'HC725', subject: { kind: 'mesh' } } as const;
    const [dropped] = standing(one);
    const promises = one.promises.map((promise) => {
      if (promise.id !== 'propagation' || dropped === undefined) return promise;
      const followed = { ...dropped, code: 'HC502', severity: 'info', explainedBy: change } as const;
      return { ...promise, findings: [dropped, followed] };
    });
    const statusOf = (policy: Partial<Policy>) =>
      apply({ ...one, promises }, policy).promises.find(({ id }) => id === 'propagation');
    const open = { status: 'inconclusive', facts: { reason: { kind: 'mesh-changed' } } };
    expect(statusOf({ tolerate: [{ code: 'HC501', reason: 'known' }] })).toMatchObject(open);
    expect(statusOf({ max: [{ code: 'HC501', share: 0.999 }] })).toMatchObject(open);
    expect(statusOf({ max: [{ code: 'HC501', share: 0.5 }] })?.status).toBe('fail');
  });
});
