import type { ConfigurationIssue } from '../../model/cluster.ts';
import type { Situation } from '../objects/situation.ts';
import { collectorIssues } from './collectors.ts';
import { routeIssues } from './routes.ts';
import { tracingIssues } from './tracing.ts';
import { workloadIssues } from './workloads.ts';

/** What in the configuration cannot be right, before any traffic; pure. */
export function contradictions(situation: Situation): readonly ConfigurationIssue[] {
  return [
    ...tracingIssues(situation),
    ...collectorIssues(situation),
    ...routeIssues(situation),
    ...workloadIssues(situation),
  ];
}
