import type { UnseenReason } from '../model/comparison.ts';
import { countedShare } from '../model/counted-share.ts';
import type { JudgedFinding } from '../model/finding.ts';
import type { BaselineFinding, Policy } from '../model/policy.ts';
import type { FindingIdentity, JudgedPromise, ReportedBaseline } from '../model/report.ts';
import { riseOf } from '../stats/worse.ts';
import { type Before, isAboutSame, isCompared, matchBaseline } from './same-finding.ts';
import { type Seeing, whyUnseen } from './unseen.ts';

interface Compared {
  readonly promises: readonly JudgedPromise[];
  readonly baseline?: ReportedBaseline;
}

/**
 * Compares findings with those of an earlier report: new, known, worse, and what is gone or was not seen this time. The
 * same one is the same code, subject and causes ({@link matchBaseline}). Only what stands for itself is compared, errors and warnings. With
 * `--fail-on new` what is known does not count; what is worse counts as new. New ones stand first.
 */
export function compareBaseline(run: Seeing, { baseline, failOn }: Policy): Compared {
  const { promises } = run;
  if (baseline === undefined) return { promises };
  const same = matchBaseline(promises, baseline);
  const comparisons = [...same].filter(([finding, before]) => comparable(finding, before)).length;
  const counts = { new: 0, known: 0, worse: 0 };
  const compared = promises.map((promise) => ({
    ...promise,
    findings: promise.findings
      .map((finding): JudgedFinding => {
        if (!isCompared(finding)) return finding;
        const state = compareFinding(finding, same.get(finding), comparisons);
        counts[state.baseline] += 1;
        const forgiven = state.baseline === 'known' && failOn.includes('new') && finding.waived === undefined;
        const undecidable = promise.status === 'inconclusive' && finding.severity === 'error';
        const waived = { by: 'baseline', run: baseline.run, from: baseline.from } as const;
        return { ...finding, ...state, ...(forgiven && !undecidable && { waived }) };
      })
      .toSorted((one, other) => Number(isNews(other)) - Number(isNews(one))),
  }));
  const { from, run: id, startedAt } = baseline;
  const seen = new Set([...same.values()].flatMap(({ findings }) => findings));
  const absent = baseline.findings.filter((finding) => !seen.has(finding));
  const why = (finding: BaselineFinding) => whyExplained(finding, promises) ?? whyUnseen(finding, run, baseline.probes);
  return {
    promises: compared,
    baseline: {
      from,
      run: id,
      startedAt,
      ...counts,
      gone: absent.filter((finding) => why(finding) === undefined).map(identityOf),
      notSeen: absent.flatMap((finding) => {
        const reason = why(finding);
        return reason === undefined ? [] : [{ ...identityOf(finding), why: reason }];
      }),
    },
  };
}

function isNews({ baseline }: JudgedFinding): boolean {
  return baseline === 'new' || baseline === 'worse';
}

function compareFinding(finding: JudgedFinding, before: Before | undefined, comparisons: number) {
  if (before === undefined) return { baseline: 'new' } as const;
  const was = before.counted;
  const is = countedShare(finding);
  if (was === undefined || is === undefined) return { baseline: 'known' } as const;
  const { isWorse, pValue, alpha, added } = riseOf(was, is, comparisons);
  const comparison = { before: was.share, pValue, alpha, ...(added.length > 0 && { addedVersions: added }) };
  return { baseline: isWorse ? 'worse' : 'known', comparison } as const;
}

function comparable(finding: JudgedFinding, { counted }: Before): boolean {
  return counted !== undefined && countedShare(finding) !== undefined;
}

/** It is there, and another finding accounts for it now. */
export function whyExplained(finding: BaselineFinding, promises: readonly JudgedPromise[]): UnseenReason | undefined {
  const { findings = [] } = promises.find(({ id }) => id === finding.promise) ?? {};
  const now = findings.find((one) => one.explainedBy !== undefined && isAboutSame(one, finding));
  return now?.explainedBy === undefined ? undefined : { kind: 'explained', code: now.explainedBy.code };
}

function identityOf({ promise, code, subject, causes }: BaselineFinding): FindingIdentity {
  return { promise, code, subject, causes };
}
