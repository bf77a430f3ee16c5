import { whyExplained } from '../judge/baseline.ts';
import { isCompared, matchBaseline } from '../judge/same-finding.ts';
import { whyUnseen } from '../judge/unseen.ts';
import { countedShare } from '../model/counted-share.ts';
import type { Finding, JudgedFinding } from '../model/finding.ts';
import type { Baseline, BaselineFinding } from '../model/policy.ts';
import type { JudgedPromise, RunReport } from '../model/report.ts';
import type { FindingChange, FindingState } from '../model/run-comparison.ts';
import { riseOf } from '../stats/worse.ts';

const ORDER: readonly FindingState[] = ['new', 'worse', 'gone', 'better', 'not-seen', 'known'];

/** A report as the judge takes it: its findings without what only texts and policies are about. */
interface Stripped {
  readonly promises: readonly JudgedPromise[];
  readonly original: ReadonlyMap<JudgedFinding, Finding>;
}

/**
 * What became of each finding, what is new first. The same rules as against a baseline (harness/judge/baseline.ts), both
 * ways: a share that fell is better by the test that calls one worse that rose.
 */
export function compareFindings(before: RunReport, after: RunReport): readonly FindingChange[] {
  const [was, is] = [strip(before), strip(after)];
  const earlier = baselineOf(before, was);
  const same = matchBaseline(is.promises, earlier);
  const found = [...is.original].filter(([finding]) => isCompared(finding));
  const matched = new Set([...same.values()].flatMap(({ findings }) => findings));
  const counted = [...same].filter(
    ([now, { counted: share }]) => share !== undefined && countedShare(now) !== undefined,
  );
  const seeing = { ...before, promises: was.promises } as unknown as Parameters<typeof whyUnseen>[1];
  const seeingNow = { ...after, promises: is.promises } as unknown as Parameters<typeof whyUnseen>[1];
  const promiseOf = (finding: JudgedFinding) => is.promises.find(({ findings }) => findings.includes(finding))?.id;
  const changes = found.map(([now, finding]): FindingChange => {
    const match = same.get(now);
    const promise = promiseOf(now);
    if (match === undefined) {
      const why = promise && whyUnseen(asBaseline(promise, now), seeing, after.run.probes);
      return { state: 'new', finding, ...(why !== undefined && { why }) };
    }
    return { finding, ...sharesOf(match.counted, countedShare(now), 2 * counted.length) };
  });
  const absent = earlier.findings.filter((finding) => !matched.has(finding));
  const left = absent.flatMap((finding): FindingChange[] => {
    const original = originalOf(finding, was);
    if (original === undefined) return [];
    const why = whyExplained(finding, is.promises) ?? whyUnseen(finding, seeingNow, before.run.probes);
    return [why === undefined ? { state: 'gone', finding: original } : { state: 'not-seen', finding: original, why }];
  });
  return [...changes, ...left].toSorted((one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state));
}

type Counted = ReturnType<typeof countedShare>;

function sharesOf(was: Counted, is: Counted, comparisons: number): Omit<FindingChange, 'finding'> {
  if (was === undefined || is === undefined) return { state: 'known' };
  const rise = riseOf(was, is, comparisons);
  const fall = riseOf(is, was, comparisons);
  const { pValue } = fall.isWorse && !rise.isWorse ? fall : rise;
  return {
    state: rise.isWorse ? 'worse' : fall.isWorse ? 'better' : 'known',
    shares: { before: was.share, after: is.share, pValue, alpha: rise.alpha },
    ...(rise.added.length > 0 && { addedVersions: rise.added }),
  };
}

function strip({ promises }: RunReport): Stripped {
  const original = new Map<JudgedFinding, Finding>();
  return {
    original,
    promises: promises.map(({ id, status, facts, findings }) => ({
      id,
      status,
      facts,
      findings: findings.map((finding) => {
        const { waived: _, ...judged } = finding;
        original.set(judged, finding);
        return judged;
      }),
    })),
  };
}

function baselineOf({ run }: RunReport, { promises }: Stripped): Baseline {
  const findings = promises.flatMap(({ id, findings: own }) =>
    own.filter(isCompared).map((finding) => asBaseline(id, finding)),
  );
  return { from: 'the earlier report', run: run.id, startedAt: run.startedAt, probes: run.probes, findings };
}

function asBaseline(promise: JudgedPromise['id'], finding: JudgedFinding): BaselineFinding {
  const counted = countedShare(finding);
  const { code, subject, causes } = finding;
  return { promise, code, subject, causes, ...(counted !== undefined && { counted }) };
}

function originalOf({ code, subject, causes }: BaselineFinding, { original }: Stripped): Finding | undefined {
  return [...original.values()].find((one) => one.code === code && one.subject === subject && one.causes === causes);
}
