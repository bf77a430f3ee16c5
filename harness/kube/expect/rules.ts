import { FORMAT_HEADERS } from '../../formats/formats.ts';
import { isExportedTo, isService } from '../objects/hosts.ts';
import type { DestinationRule, HttpRoute, VirtualService } from '../objects/mesh-objects.ts';
import type { Service } from '../objects/objects.ts';
import type { ClusterObjects } from '../objects/resources.ts';
import { type KnownRequest, routeOf } from '../objects/route-match.ts';

/** A Service as the sidecars of its namespace see it, because its callers are there. */
export interface CalledService {
  readonly name: string;
  readonly namespace: string;
  readonly rootNamespace: string;
  /** Labels of the calling workload; absent: not known. */
  readonly callerLabels?: Readonly<Record<string, string>>;
}

/** Probes and the calls they cause carry these, with values that no rule can foresee. */
const UNKNOWN_HEADERS = ['user-agent', 'x-request-id', 'x-client-trace-id', ...FORMAT_HEADERS];

/** The VirtualServices that route sidecars' calls to it. Istio uses one; which of several is not known here. */
export function rulesFor(
  { virtualServices }: Pick<ClusterObjects, 'virtualServices'>,
  called: CalledService,
): readonly VirtualService[] {
  return virtualServices.filter(
    ({ metadata, spec }) =>
      spec.gateways.includes('mesh') &&
      isExportedTo(spec.exportTo, metadata.namespace, called.namespace) &&
      spec.hosts.some((host) => isService(host, metadata.namespace, called.name, called.namespace)),
  );
}

/** What is known of a call inside the application: nothing of its path. */
export function innerRequest(called: CalledService, rule: VirtualService, service: Service | undefined): KnownRequest {
  const [port, ...otherPorts] = service?.spec.ports ?? [];
  return {
    unknownHeaders: UNKNOWN_HEADERS,
    gateway: 'mesh',
    ruleNamespace: rule.metadata.namespace,
    sourceNamespace: called.namespace,
    ...(called.callerLabels !== undefined && { sourceLabels: called.callerLabels }),
    ...(port !== undefined && otherPorts.length === 0 && { port: port.port }),
  };
}

/** The route that calls to it take. */
export function innerRoute(
  called: CalledService,
  rule: VirtualService,
  service: Service | undefined,
): HttpRoute | 'unknown' | undefined {
  return routeOf(rule.spec.http, innerRequest(called, rule, service));
}

/** The DestinationRule in force: the caller's namespace goes before the root namespace (Istio, "DestinationRule lookup"). */
export function destinationRuleFor(
  { destinationRules }: Pick<ClusterObjects, 'destinationRules'>,
  called: CalledService,
): DestinationRule | undefined {
  const seen = destinationRules.filter(
    ({ metadata, spec }) =>
      isExportedTo(spec.exportTo, metadata.namespace, called.namespace) &&
      (isService(spec.host, metadata.namespace, called.name, called.namespace) || isWildcardOf(spec.host, called)),
  );
  const rank = ({ metadata, spec }: DestinationRule) =>
    (metadata.namespace === called.namespace ? 0 : metadata.namespace === called.rootNamespace ? 2 : 1) +
    (spec.host.startsWith('*') ? 10 : 0);
  return seen.toSorted((a, b) => rank(a) - rank(b))[0];
}

/** `*.local`, `*.default.svc.cluster.local`; the cluster's domain is the usual one. */
function isWildcardOf(host: string, { name, namespace }: CalledService): boolean {
  return host.startsWith('*') && `${name}.${namespace}.svc.cluster.local`.endsWith(host.slice(1));
}
