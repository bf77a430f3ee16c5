import type { LoadBalancing } from '../../model/capture.ts';
import type { Mesh } from '../objects/mesh.ts';
import type { TrafficPolicy } from '../objects/mesh-objects.ts';
import type { ClusterObjects } from '../objects/resources.ts';
import { type CalledService, destinationRuleFor } from './rules.ts';
import type { Said } from './telemetry.ts';

const SIMPLE: Readonly<Record<string, LoadBalancing>> = {
  ROUND_ROBIN: 'round-robin',
  LEAST_REQUEST: 'least-request',
  LEAST_CONN: 'least-request',
  RANDOM: 'random',
  PASSTHROUGH: 'passthrough',
};

/**
 * How callers choose among the pods. Not configured ⇒ LEAST_REQUEST since Istio 1.14, ROUND_ROBIN before or where
 * istiod is configured so (docs/facts/istio.md#load-balancing): only ROUND_ROBIN makes versions take turns, and then
 * per worker thread.
 * @returns undefined where the subsets differ, or where neither a rule nor the version says it.
 */
export function policyOf(
  objects: ClusterObjects,
  called: CalledService,
  { minor, env, version }: Mesh,
): Said<LoadBalancing> | undefined {
  const rule = destinationRuleFor(objects, called);
  const from = rule === undefined ? '' : `DestinationRule ${rule.metadata.namespace}/${rule.metadata.name}`;
  const wide = policyIn(rule?.spec.trafficPolicy);
  const each = (rule?.spec.subsets ?? []).map(({ trafficPolicy }) => policyIn(trafficPolicy) ?? wide);
  if (each.some((policy) => policy !== each[0])) return undefined;
  const said = each[0] ?? wide;
  if (said !== undefined) return { value: said, from: `${from}: ${said}` };
  if (env?.ENABLE_LEGACY_LB_ALGORITHM_DEFAULT === 'true')
    return { value: 'round-robin', from: 'ENABLE_LEGACY_LB_ALGORITHM_DEFAULT true of istiod' };
  if (minor === undefined) return undefined;
  return minor >= 14
    ? { value: 'least-request', from: `Istio ${version}'s default` }
    : { value: 'round-robin', from: `Istio ${version}'s default` };
}

function policyIn(
  policy: (TrafficPolicy & { readonly portLevelSettings?: readonly TrafficPolicy[] | undefined }) | undefined,
): LoadBalancing | undefined {
  const balancers = [
    policy?.loadBalancer,
    ...(policy?.portLevelSettings ?? []).map(({ loadBalancer }) => loadBalancer),
  ];
  const balancer = balancers.findLast((one) => one !== undefined);
  if (balancer === undefined) return undefined;
  if (balancer.consistentHash !== undefined) return 'consistent-hash';
  return balancer.simple === undefined ? undefined : SIMPLE[balancer.simple];
}
