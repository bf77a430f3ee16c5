import { type JudgedFinding, subjectKey } from '../model/finding.ts';
import type { Outcome } from '../model/outcome.ts';
import type { JudgedPromise } from '../model/report.ts';
import { byWeight } from './by-weight.ts';

/**
 * Makes every `explainedBy` name a finding that is there, with that finding's own subject, so that a script can follow
 * it. An explanation that is not there explains nothing: the finding then stands for itself again.
 */
export function linkExplanations(outcomes: readonly Outcome[]): readonly Outcome[] {
  const byKey = new Map<string, JudgedFinding>();
  for (const { promise, findings } of outcomes)
    for (const finding of findings) byKey.set(`${promise} ${finding.code} ${subjectKey(finding.subject)}`, finding);
  return outcomes.map((outcome) => ({
    ...outcome,
    findings: outcome.findings.map((finding) => relinked(finding, byKey)).toSorted(byWeight),
  }));
}

/** The same for promises some of which were taken out, or whose findings do not count: those explain nothing. */
export function relink(promises: readonly JudgedPromise[]): readonly JudgedPromise[] {
  const byKey = new Map<string, JudgedFinding>();
  for (const { id, findings } of promises)
    for (const finding of findings)
      if (finding.waived === undefined) byKey.set(`${id} ${finding.code} ${subjectKey(finding.subject)}`, finding);
  return promises.map((promise) => ({
    ...promise,
    findings: promise.findings
      .map((finding) => (finding.waived === undefined ? relinked(finding, byKey) : finding))
      .toSorted(byWeight),
  }));
}

function relinked(finding: JudgedFinding, byKey: ReadonlyMap<string, JudgedFinding>): JudgedFinding {
  const { explainedBy, ...rest } = finding;
  if (explainedBy === undefined) return finding;
  const found = byKey.get(`${explainedBy.promise} ${explainedBy.code} ${subjectKey(explainedBy.subject)}`);
  if (found === undefined) return { ...rest, severity: 'error' };
  return { ...rest, explainedBy: { ...explainedBy, subject: found.subject } };
}
