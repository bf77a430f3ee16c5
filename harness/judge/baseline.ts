import type { Finding } from '../model/finding.ts';
import type { Policy } from '../model/policy.ts';
import type { FindingIdentity, ReportedBaseline, ReportedPromise } from '../model/report.ts';
import { subjectKey } from './finding-collector.ts';

/**
 * Compares findings with those of an earlier report: new, known, gone. The same one is the same code, subject and causes.
 * Only what stands for itself is compared, errors and warnings. With `--fail-on new` what is known does not count.
 */
export function compareBaseline(
  promises: readonly ReportedPromise[],
  { baseline, failOn }: Policy,
): { readonly promises: readonly ReportedPromise[]; readonly baseline?: ReportedBaseline } {
  if (baseline === undefined) return { promises };
  const before = new Set(baseline.findings.map(identityKey));
  const found = new Set<string>();
  const counts = { new: 0, known: 0 };
  const compared = promises.map((promise) => ({
    ...promise,
    findings: promise.findings.map((finding): Finding => {
      if (!isCompared(finding)) return finding;
      const key = identityKey({ ...finding, promise: promise.id });
      found.add(key);
      const word = before.has(key) ? 'known' : 'new';
      counts[word] += 1;
      const forgiven = word === 'known' && failOn.includes('new') && finding.waived === undefined;
      const undecidable = promise.status === 'inconclusive' && finding.severity === 'error';
      const reason = `known since run ${baseline.run} (${baseline.from})`;
      return {
        ...finding,
        baseline: word,
        ...(forgiven && !undecidable && { waived: { by: 'baseline' as const, reason } }),
      };
    }),
  }));
  const { from, run, startedAt } = baseline;
  const isGone = (finding: FindingIdentity) =>
    !found.has(identityKey(finding)) && wasJudged(compared.find(({ id }) => id === finding.promise));
  return {
    promises: compared,
    baseline: { from, run, startedAt, ...counts, gone: baseline.findings.filter(isGone) },
  };
}

/** Only what stands for itself; information may come and go. */
export function isCompared({ severity, explainedBy }: Pick<Finding, 'severity' | 'explainedBy'>): boolean {
  return severity !== 'info' && explainedBy === undefined;
}

/** What was not looked at is not gone. */
function wasJudged(promise: ReportedPromise | undefined): boolean {
  return promise?.status === 'pass' || promise?.status === 'fail';
}

function identityKey({ promise, code, subject, causes }: FindingIdentity): string {
  return [promise, code, subjectKey(subject), ...causes.toSorted()].join(' ');
}
