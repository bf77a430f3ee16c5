import { type JudgedFinding, subjectKey } from '../model/finding.ts';
import type { Outcome } from '../model/outcome.ts';
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

function relinked(finding: JudgedFinding, byKey: ReadonlyMap<string, JudgedFinding>): JudgedFinding {
  const { explainedBy, isMild, ...rest } = finding;
  if (explainedBy === undefined) return finding;
  const found = byKey.get(`${explainedBy.promise} ${explainedBy.code} ${subjectKey(explainedBy.subject)}`);
  if (found === undefined) return { ...rest, severity: isMild === true ? 'warning' : 'error' };
  return { ...rest, ...(isMild === true && { isMild }), explainedBy: { ...explainedBy, subject: found.subject } };
}
