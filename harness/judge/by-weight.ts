import { type JudgedFinding, type Severity, subjectKey } from '../model/finding.ts';

export const WEIGHT: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** Errors first, explained ones after those that stand for themselves; then by code and subject. */
export function byWeight(a: JudgedFinding, b: JudgedFinding): number {
  const weight = ({ severity, explainedBy }: JudgedFinding) => WEIGHT[severity] + (explainedBy === undefined ? 0 : 0.5);
  const key = (finding: JudgedFinding) => `${finding.code} ${subjectKey(finding.subject)}`;
  return weight(a) - weight(b) || (key(a) < key(b) ? -1 : 1);
}
