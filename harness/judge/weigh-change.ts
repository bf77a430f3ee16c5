import type { FindingCode } from '../model/codes.ts';
import type { JudgedFinding } from '../model/finding.ts';
import type { Outcome } from '../model/outcome.ts';
import { byWeight } from './by-weight.ts';

/** The code of a change of the mesh during the run. */
export const MESH_CHANGED = 'HC725' satisfies FindingCode;

/**
 * A change of the mesh from which nothing follows is worth knowing and no more. One that explains a finding is the reason
 * why the run could not decide: it becomes an error of the environment.
 */
export function weighMeshChange(outcomes: readonly Outcome[]): readonly Outcome[] {
  const explains = outcomes.some(({ findings }) =>
    findings.some(({ explainedBy }) => explainedBy?.code === MESH_CHANGED),
  );
  return explains ? outcomes.map(weighed) : outcomes;
}

function weighed(outcome: Outcome): Outcome {
  const change = outcome.findings.find(({ code }) => code === MESH_CHANGED);
  if (change === undefined) return outcome;
  const findings = outcome.findings
    .map((finding): JudgedFinding => (finding === change ? { ...finding, severity: 'error' } : finding))
    .toSorted(byWeight);
  const reason = outcome.facts.reason ?? change.facts.received;
  return { ...outcome, status: 'inconclusive', facts: { ...outcome.facts, reason }, findings };
}
