import type { ClusterFacts, Step } from '../model/cluster.ts';
import type { Outcome } from '../model/outcome.ts';
import { plural } from './calls.ts';
import { conclude } from './conclude.ts';
import { FindingCollector } from './finding-collector.ts';
import type { RunView } from './run-view.ts';
import { reportCluster } from './walk-through.ts';

/** Whether the mesh's own configuration allows whole traces, as it was read from the cluster before any traffic. */
export function judgeConfiguration(view: RunView): Outcome {
  const promise = 'configuration';
  const { cluster } = view.capture;
  if (cluster === undefined)
    return { promise, status: 'skipped', observed: 'nothing', reason: 'no cluster was read (--kube)', findings: [] };
  const collector = new FindingCollector(view);
  for (const { code, severity, subject, expected, received, remedy } of cluster.issues)
    collector.note({ code, severity, subject, expected, received, remedy, of: 1, affected: 1 });
  const findings = collector.findings();
  const observed = observedText(cluster, reportCluster(view)?.steps ?? []);
  const unchecked = cluster.steps.find(({ status }) => status === 'failed' || status === 'not-checked');
  const reason = unchecked && `${unchecked.title}: ${unchecked.detail}`;
  return conclude(promise, { observed, findings, reason });
}

function observedText({ context, istio, dataPlane }: ClusterFacts, steps: readonly Step[]): string {
  const done = steps.filter(({ status }) => status === 'ok' || status === 'warning').length;
  return [
    context,
    ...(istio === undefined ? [] : [`Istio ${istio}`]),
    ...(dataPlane === 'unknown' ? [] : [dataPlane === 'none' ? 'no sidecars' : dataPlane]),
    `${done} of ${plural(steps.length, 'step')}`,
  ].join(' · ');
}
