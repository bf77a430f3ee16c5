import { type JudgedFinding, subjectKey } from '../model/finding.ts';
import type { Baseline, Policy } from '../model/policy.ts';
import type { FindingIdentity, JudgedPromise, ReportedBaseline } from '../model/report.ts';

/**
 * Compares findings with those of an earlier report: new, known, gone. The same one is the same code, subject and causes.
 * Only what stands for itself is compared, errors and warnings. With `--fail-on new` what is known does not count.
 */
export function compareBaseline(
  promises: readonly JudgedPromise[],
  { baseline, failOn }: Policy,
): { readonly promises: readonly JudgedPromise[]; readonly baseline?: ReportedBaseline } {
  if (baseline === undefined) return { promises };
  const isKnown = knownIn(baseline);
  const found = new Set<string>();
  const counts = { new: 0, known: 0 };
  const compared = promises.map((promise) => ({
    ...promise,
    findings: promise.findings.map((finding): JudgedFinding => {
      if (!isCompared(finding)) return finding;
      const identity = { ...finding, promise: promise.id };
      for (const key of keysOf(identity)) found.add(key);
      const word = isKnown(identity) ? 'known' : 'new';
      counts[word] += 1;
      const forgiven = word === 'known' && failOn.includes('new') && finding.waived === undefined;
      const undecidable = promise.status === 'inconclusive' && finding.severity === 'error';
      const waived = { by: 'baseline', run: baseline.run, from: baseline.from } as const;
      return {
        ...finding,
        baseline: word,
        ...(forgiven && !undecidable && { waived }),
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

type Compared = FindingIdentity & Pick<JudgedFinding, 'parts'>;

/**
 * Whether an earlier report has the finding, or those that it is made of: an older hopcheck made one finding per callee
 * where there is one per caller today.
 */
export function knownIn(baseline: Baseline): (finding: Compared) => boolean {
  const before = new Set(baseline.findings.map(identityKey));
  return (finding) => {
    const { promise, parts = [] } = finding;
    if (keysOf({ ...finding, parts: [] }).some((key) => before.has(key))) return true;
    return parts.length > 0 && parts.every((part) => before.has(identityKey({ ...part, promise })));
  };
}

/** Of the finding itself, of its parts, and of the finding about the caller that it would be a part of. */
function keysOf({ parts = [], ...finding }: Compared): readonly string[] {
  const { promise, subject } = finding;
  const ofCaller =
    subject.kind === 'hop' ? [identityKey({ ...finding, subject: { kind: 'service', service: subject.caller } })] : [];
  return [identityKey(finding), ...parts.map((part) => identityKey({ ...part, promise })), ...ofCaller];
}

/** Only what stands for itself; information may come and go. */
export function isCompared({ severity, explainedBy }: Pick<JudgedFinding, 'severity' | 'explainedBy'>): boolean {
  return severity !== 'info' && explainedBy === undefined;
}

/** A finding is gone only where its promise was judged. */
function wasJudged(promise: JudgedPromise | undefined): boolean {
  return promise?.status === 'pass' || promise?.status === 'fail';
}

function identityKey({ promise, code, subject, causes }: FindingIdentity): string {
  return [promise, code, subjectKey(subject), ...causes.toSorted()].join(' ');
}
