import type { ClusterFacts, ConfigurationIssue, Step, StepStatus } from '../model/cluster.ts';
import { CODES } from '../model/codes.ts';
import type { Precondition, PreconditionStatus } from '../model/doctor.ts';
import type { Subject } from '../model/finding.ts';
import { hasMixer, mixerReason } from '../model/mixer.ts';
import { PROMISES } from '../model/promises.ts';

const STATUSES: Readonly<Record<StepStatus, PreconditionStatus>> = {
  ok: 'ok',
  warning: 'warning',
  failed: 'failed',
  'not-checked': 'unknown',
};

/**
 * The walk-through as far as the API can check it, one line per step, and the contradictions in the configuration. A
 * contradiction keeps no run from deciding: the run would report it first. Where a step failed, that step is the one
 * thing to do, and contradictions that may follow from it are left out. Pure.
 */
export function clusterPreconditions({ steps, issues, istio }: ClusterFacts): readonly Precondition[] {
  const failed = steps.some(({ status }) => status === 'failed');
  return [...steps.map(fromStep), ...(hasMixer(istio) ? [ageOf(istio)] : []), ...(failed ? [] : issues.map(fromIssue))];
}

/** Too old for some promises: each is named, and so are those that hold all the same. */
function ageOf(istio: string | undefined): Precondition {
  const not = PROMISES.filter(({ id }) => mixerReason(id) !== undefined).map(({ id }) => id);
  const judged = PROMISES.filter(({ id }) => mixerReason(id) === undefined).map(({ id }) => id);
  return {
    id: 'kube-mesh',
    statement: "the mesh's traces hold the application's calls alone",
    status: 'warning',
    observed: `Istio ${istio} has Mixer: where its spans are in the traces ${not.join(', ')} are not supported; ${judged.join(', ')} are judged`,
    fix: 'upgrade Istio: Mixer is off since 1.5',
  };
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
