import type { Application } from '../../model/application.ts';
import type { Excuse } from '../../model/cluster.ts';
import { type AskedRequest, askedRequests } from '../discover/asked-requests.ts';
import { isService, qualified } from '../objects/hosts.ts';
import type { Mesh } from '../objects/mesh.ts';
import type { HttpRoute, TrafficPolicy, VirtualService } from '../objects/mesh-objects.ts';
import type { ClusterObjects } from '../objects/resources.ts';
import { routeTakes } from '../objects/route-match.ts';
import { type CalledService, destinationRuleFor, innerRequest, rulesFor } from './rules.ts';

/** Effects of the configuration itself on the answers, so that no service is blamed for them. */
export function excusesOf(
  objects: ClusterObjects,
  application: Application,
  place: { readonly namespace: string; readonly rootNamespace: string },
  mesh: Mesh,
): Excuse[] {
  return application.services.flatMap(({ name }) => {
    const called = { name, ...place };
    const requests = askedRequests(application).filter(({ entry }) => entry === name);
    const atGateway = requests.length === 0 ? [] : faultsAtGateway(objects, requests, called);
    return [...atGateway, ...faultsOf(objects, called), ...skewOf(objects, called, mesh)];
  });
}

/** On the probes' own way in: a route of a gateway's VirtualService that takes one of their requests. */
function faultsAtGateway(objects: ClusterObjects, requests: readonly AskedRequest[], called: CalledService): Excuse[] {
  return objects.virtualServices.flatMap((rule) =>
    rule.spec.gateways
      .filter((name) => name !== 'mesh')
      .slice(0, 1)
      .flatMap((gateway) => {
        const place = {
          gateway: qualified(gateway, rule.metadata.namespace),
          ruleNamespace: rule.metadata.namespace,
        };
        const takes = (route: HttpRoute) =>
          requests.some(({ method, path }) => routeTakes(route, { method, path, ...place }) !== 'no');
        return rule.spec.http
          .filter(({ route }) =>
            route.some(({ destination: { host } }) =>
              isService(host, rule.metadata.namespace, called.name, called.namespace),
            ),
          )
          .filter((route) => route.fault !== undefined && takes(route))
          .map((route) => faultIn(rule, route, called.name));
      }),
  );
}

/** Faults that a probe may meet: those only for requests with a header that no probe sends do not count. */
function faultsOf(objects: ClusterObjects, called: CalledService): Excuse[] {
  return rulesFor(objects, called).flatMap((rule) =>
    rule.spec.http
      .filter((route) => route.fault !== undefined && routeTakes(route, innerRequest(called, rule, undefined)) !== 'no')
      .map((route) => faultIn(rule, route, called.name)),
  );
}

function faultIn(rule: VirtualService, route: HttpRoute, service: string): Excuse {
  const { abort, delay } = route.fault ?? {};
  return {
    kind: 'errors',
    service,
    from: faultInWords(rule, route),
    ...(abort?.httpStatus !== undefined && { aborts: abort.httpStatus }),
    ...(delay !== undefined && { delays: true }),
  };
}

function faultInWords({ metadata }: VirtualService, { fault }: HttpRoute): string {
  const share = (one: { readonly percentage?: { value: number } | undefined; readonly percent?: number | undefined }) =>
    `${one.percentage?.value ?? one.percent ?? 100} %`;
  const parts = [
    ...(fault?.abort === undefined
      ? []
      : [`abort ${fault.abort.httpStatus ?? 'with an error'} for ${share(fault.abort)}`]),
    ...(fault?.delay === undefined ? [] : [`delay ${fault.delay.fixedDelay ?? ''} for ${share(fault.delay)}`]),
  ];
  return `VirtualService ${metadata.namespace}/${metadata.name}: ${parts.join(', ')}`;
}

/** Settings that send more to some pods than to others. */
function skewOf(objects: ClusterObjects, called: CalledService, { config, configFrom }: Mesh): Excuse[] {
  const rule = destinationRuleFor(objects, called);
  const from = rule === undefined ? '' : `DestinationRule ${rule.metadata.namespace}/${rule.metadata.name}`;
  const policies = [rule?.spec.trafficPolicy, ...(rule?.spec.subsets ?? []).map(({ trafficPolicy }) => trafficPolicy)];
  const reasons = policies.flatMap((policy) => [policy, ...(policy?.portLevelSettings ?? [])]).flatMap(reasonsIn);
  const service = objects.services.find(
    ({ metadata }) => metadata.name === called.name && metadata.namespace === called.namespace,
  );
  const distribution =
    service?.spec.trafficDistribution ?? service?.metadata.annotations['networking.istio.io/traffic-distribution'];
  const skew = (why: string): Excuse => ({ kind: 'skew', service: called.name, from: why });
  // Failover to nearer ones takes outlier detection, which is found above; a distribution takes nothing else.
  const locality = config?.localityLbSetting;
  const meshWide = (locality?.distribute ?? []).length > 0 && locality?.enabled !== false;
  return [
    ...[...new Set(reasons)].map((reason) => skew(`${from}: ${reason}`)),
    ...(distribution === undefined || distribution === 'Any'
      ? []
      : [skew(`Service ${called.namespace}/${called.name}: traffic distribution ${distribution}`)]),
    ...(meshWide && service !== undefined ? [skew(`${configFrom}: localityLbSetting.distribute`)] : []),
  ];
}

function reasonsIn(policy: TrafficPolicy | undefined): string[] {
  if (policy === undefined) return [];
  const { loadBalancer, outlierDetection } = policy;
  const locality = loadBalancer?.localityLbSetting;
  return [
    ...(outlierDetection === undefined ? [] : ['outlierDetection']),
    ...(loadBalancer?.consistentHash === undefined ? [] : ['consistentHash']),
    ...(locality === undefined || locality.enabled === false ? [] : ['localityLbSetting']),
    ...(loadBalancer?.warmup === undefined && loadBalancer?.warmupDurationSecs === undefined ? [] : ['warmup']),
  ];
}
