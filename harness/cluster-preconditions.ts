import type { ClusterFacts, ConfigurationIssue, Step, StepStatus } from './model/cluster.ts';
import { CODES } from './model/codes.ts';
import type { Precondition, PreconditionStatus } from './model/doctor.ts';
import type { Subject } from './model/finding.ts';

const STATUSES: Readonly<Record<StepStatus, PreconditionStatus>> = {
  ok: 'ok',
  warning: 'warning',
  failed: 'failed',
  'not-checked': 'unknown',
};

/**
 * The walk-through as far as the API can check it, a line a step, and what in the configuration contradicts itself. A
 * contradiction keeps no run from deciding: it is what the run would say first. Where a step failed that is the one thing to
 * do, and contradictions that may come of it are not told. Pure.
 */
export function clusterPreconditions({ steps, issues }: ClusterFacts): readonly Precondition[] {
  const failed = steps.some(({ status }) => status === 'failed');
  return [...steps.map(fromStep), ...(failed ? [] : issues.map(fromIssue))];
}

function fromStep({ id, title, status, detail, fix }: Step): Precondition {
  return {
    id: `kube-${id}`,
    statement: title,
    status: STATUSES[status],
    observed: detail,
    ...(fix !== undefined && { fix }),
  };
}

function fromIssue({ code, severity, subject, expected, received, remedy }: ConfigurationIssue): Precondition {
  return {
    id: `kube-configuration-${code}`,
    statement: `${code} ${nameOf(subject)}${CODES[code].title}`,
    status: severity === 'info' ? 'ok' : 'warning',
    observed: `${received}; expected ${expected}`,
    fix: remedy,
  };
}

function nameOf(subject: Subject): string {
  if (subject.kind !== 'service') return '';
  return `${[subject.service, ...(subject.versions ?? [])].join(' ')}: `;
}
