import type { Application } from '../../model/application.ts';
import type { ClusterFacts, ConfigurationIssue } from '../../model/cluster.ts';
import { contradictions } from '../contradict/contradictions.ts';
import type { Choice } from '../discover/choice.ts';
import { findIngress } from '../discover/ingress.ts';
import type { IngressRoute } from '../discover/ingress-route.ts';
import { findTracing, type TracingService } from '../discover/tracing.ts';
import { type ClusterExpectations, expectationsOf } from '../expect/expect.ts';
import { gatewayExpected } from '../expect/gateway.ts';
import { type Mesh, meshOf } from '../objects/mesh.ts';
import { sidecarOf } from '../objects/pods.ts';
import { type Situation, servicesOf } from '../objects/situation.ts';
import { type ClusterRead, type Picks, revisionLabel } from './read-cluster.ts';

/** All that follows from what was read, without another call. */
export interface ClusterPlan {
  readonly mesh: Mesh;
  readonly dataPlane: ClusterFacts['dataPlane'];
  readonly app: Choice<string>;
  readonly tracing: Choice<TracingService>;
  /** These need the application's namespace; absent: it is not known. */
  readonly placed?: PlacedPlan;
}

export interface PlacedPlan {
  readonly situation: Situation;
  readonly ingress: Choice<IngressRoute>;
  readonly expectations: ClusterExpectations;
  readonly issues: readonly ConfigurationIssue[];
}

/** Pure. */
export function planCluster(
  { objects, app, telemetryVersion }: ClusterRead,
  application: Application,
  picks: Picks,
): ClusterPlan {
  const tracing = findTracing(objects, picks.tracing);
  const [entry] = objects.namespaces;
  const mesh = meshOf(objects, revisionLabel(entry), telemetryVersion);
  if (app.found !== 'one') return { mesh, dataPlane: 'unknown', app, tracing };
  const namespace = app.value;
  const ingress = findIngress(objects, application, namespace, {
    ...(picks.ingress !== undefined && { service: picks.ingress }),
    ...(picks.host !== undefined && { host: picks.host }),
  });
  const gatewayPods = ingress.found === 'one' ? ingress.value.backing.pods : [];
  const labelled = entry?.metadata.labels['istio.io/dataplane-mode'] === 'ambient';
  const base = { objects, application, namespace, mesh, gatewayPods, ambient: false };
  const injected = servicesOf(base).some(({ pods }) => pods.some((pod) => sidecarOf(pod) !== 'none'));
  // A pod with a sidecar keeps it in an ambient namespace, and is then observed as ever.
  const ambient = labelled && !injected;
  const situation = { ...base, ambient };
  const gateway = ingress.found === 'one' ? gatewayExpected(ingress.value) : undefined;
  const expectations = { ...expectationsOf(situation), ...(gateway !== undefined && { gateway }) };
  return {
    mesh,
    dataPlane: ambient ? 'ambient' : injected ? 'sidecar' : 'none',
    app,
    tracing,
    placed: { situation, ingress, expectations, issues: contradictions(situation) },
  };
}
