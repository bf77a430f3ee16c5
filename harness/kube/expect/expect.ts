import type { GatewayProfile, LoadBalancing, RoutedGateway } from '../../model/capture.ts';
import type { Excuse } from '../../model/cluster.ts';
import type { ContextFormat } from '../../model/exchange.ts';
import { isReady, podsOf } from '../objects/pods.ts';
import type { Situation } from '../objects/situation.ts';
import { excusesOf } from './excuses.ts';
import { gatewayProfileExpected } from './gateway-profile.ts';
import { policyOf } from './load-balancing.ts';
import { formatOf, type Provider, providerOf } from './provider.ts';
import type { CalledService } from './rules.ts';
import { samplingOf } from './sampling.ts';
import { sharesOf, type Weights } from './shares.ts';
import { type Said, tracingOf } from './telemetry.ts';

/** What the mesh's own configuration says that a run should see; absent: it does not say. */
export interface ClusterExpectations {
  readonly shares?: Said<Weights>;
  readonly samplingPercent?: Said<number>;
  readonly format?: Said<ContextFormat>;
  readonly gatewayProfile?: Said<GatewayProfile>;
  readonly loadBalancing?: Said<LoadBalancing>;
  readonly gateway?: Said<RoutedGateway>;
  readonly excuses: readonly Excuse[];
}

/** Reads the expectations instead of asking for them; pure. */
export function expectationsOf(situation: Situation): ClusterExpectations {
  const { objects, application, namespace, mesh, gatewayPods } = situation;
  const gateway = gatewayPods.find(isReady) ?? gatewayPods[0];
  const place = { namespace, rootNamespace: mesh.rootNamespace };
  const tracing =
    gateway === undefined
      ? undefined
      : tracingOf(objects.telemetries, {
          namespace: gateway.metadata.namespace,
          labels: gateway.metadata.labels,
          rootNamespace: mesh.rootNamespace,
          mode: 'CLIENT',
        });
  const provider = tracing && providerOf(tracing, mesh);
  const called = application.versioned && calledService(application.versioned.service, situation);
  const shares = called && sharesOf(objects, called);
  const loadBalancing = called && policyOf(objects, called, mesh);
  const sampling = tracing && samplingOf(tracing, gateway, mesh, hasSampler(provider));
  const format = formatOf(provider);
  const gatewayProfile = gatewayProfileExpected(provider, mesh);
  return {
    ...(shares !== undefined && { shares: { value: shares.value, from: shares.from } }),
    ...(sampling !== undefined && { samplingPercent: sampling }),
    ...(format !== undefined && { format: { value: format, from: provider?.from ?? '' } }),
    ...(gatewayProfile !== undefined && { gatewayProfile }),
    ...(loadBalancing !== undefined && { loadBalancing }),
    // Between versions that a rule weighs, nothing that is done to single pods moves a share.
    excuses: excusesOf(objects, application, place, mesh).filter(
      ({ kind, service }) => kind !== 'skew' || service !== called?.name || shares?.byPods !== false,
    ),
  };
}

/** Its caller's labels, for rules that ask where a call comes from. */
function calledService(name: string, { objects, application, namespace, mesh }: Situation): CalledService {
  const caller = application.calls.find(({ callee }) => callee === name)?.caller;
  const service = objects.services.find(({ metadata }) => metadata.name === caller && metadata.namespace === namespace);
  const [pod] = service === undefined ? [] : podsOf(service, objects.pods);
  return {
    name,
    namespace,
    rootNamespace: mesh.rootNamespace,
    ...(pod !== undefined && { callerLabels: pod.metadata.labels }),
  };
}

function hasSampler(provider: Provider | undefined): boolean {
  return provider?.kind === 'extension' && provider.definition.opentelemetry?.dynatraceSampler !== undefined;
}
