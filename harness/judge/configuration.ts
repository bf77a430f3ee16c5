import type { ClusterFacts, Step } from '../model/cluster.ts';
import { CODES } from '../model/codes.ts';
import type { Fact } from '../model/facts/facts.ts';
import type { Outcome } from '../model/outcome.ts';
import type { PromiseId } from '../model/promises.ts';
import { conclude } from './conclude.ts';
import { FindingCollector } from './finding-collector.ts';
import type { RunView } from './run-view.ts';
import { reportCluster } from './walk-through.ts';

/** Whether the mesh's own configuration allows whole traces, as it was read from the cluster before any traffic. */
export function judgeConfiguration(view: RunView): Outcome {
  const promise = 'configuration';
  const { cluster } = view.capture;
  if (cluster === undefined)
    return {
      promise,
      status: 'skipped',
      facts: { observed: { kind: 'nothing-read' }, reason: { kind: 'no-cluster-read' } },
      findings: [],
    };
  const collector = new FindingCollector(view);
  noteIssues(promise, view, collector);
  const findings = collector.findings();
  const observed = observedOf(cluster, reportCluster(view)?.steps ?? []);
  const unchecked = cluster.steps.find(({ status }) => status === 'failed' || status === 'not-checked');
  const reason = unchecked && ({ kind: 'step-open', title: unchecked.title, detail: unchecked.detail } as const);
  return conclude(promise, { observed, findings, reason });
}

/** Each issue is a finding of the promise that its code belongs to. */
export function noteIssues(promise: PromiseId, { capture: { cluster } }: RunView, collector: FindingCollector): void {
  for (const { code, severity, subject, expected, received, remedy } of cluster?.issues ?? []) {
    if (CODES[code].promise !== promise) continue;
    collector.note({
      code,
      severity,
      subject,
      expected: stated(expected),
      received: stated(received),
      remedy: stated(remedy),
      of: 1,
      affected: 1,
    });
  }
}

function observedOf({ context, istio, dataPlane }: ClusterFacts, steps: readonly Pick<Step, 'status'>[]): Fact {
  const done = steps.filter(({ status }) => status === 'ok' || status === 'warning').length;
  return { kind: 'cluster-read', context, istio, dataPlane, done, steps: steps.length };
}

/** Words that the capture has. */
function stated(text: string): Fact {
  return { kind: 'stated', text };
}
