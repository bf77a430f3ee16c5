import { common } from '../objects/hosts.ts';
import type { ApiGateway, ApiHttpRoute } from '../objects/mesh-objects.ts';
import type { ClusterObjects } from '../objects/resources.ts';
import { backingOf } from './backing.ts';
import type { IngressRequest, IngressRoute } from './ingress-route.ts';

const GATEWAY_LABEL = 'gateway.networking.k8s.io/gateway-name';

/** Ways in by Gateway API: HTTPRoute, its parent Gateway, and the Service that was made for that. */
export function apiGatewayRoutes(objects: ClusterObjects, request: IngressRequest): IngressRoute[] {
  return objects.httpRoutes
    .filter((route) => leadsToEntry(route, request))
    .flatMap((route) =>
      route.spec.parentRefs
        .filter(({ kind }) => kind === 'Gateway')
        .flatMap((parent) => {
          const namespace = parent.namespace ?? route.metadata.namespace;
          const gateway = objects.apiGateways.find(
            ({ metadata }) => metadata.name === parent.name && metadata.namespace === namespace,
          );
          return gateway === undefined ? [] : through(gateway, route, parent.sectionName, objects, request);
        }),
    );
}

/** Rules are tried by the longest path, not in order (Gateway API, HTTPRouteRule.matches). */
function leadsToEntry({ metadata, spec }: ApiHttpRoute, request: IngressRequest): boolean {
  const taking = spec.rules
    .map((rule) => ({ rule, length: pathLength(rule, request) }))
    .filter(({ length }) => length >= 0)
    .toSorted((a, b) => b.length - a.length)[0];
  return (taking?.rule.backendRefs ?? []).some(
    ({ kind, name, namespace = metadata.namespace }) =>
      kind === 'Service' && isEntry(name, request.entry) && namespace === request.namespace,
  );
}

/**
 * Also a Service of one version of it, `front-v1`, as Gateway API needs them to split by version
 * (docs/facts/istio.md#ingress).
 */
function isEntry(name: string, entry: string): boolean {
  return name === entry || (name.startsWith(`${entry}-v`) && /^\d+$/.test(name.slice(entry.length + 2)));
}

/** How much of the path the rule's longest taking match covers; -1: it does not take the request. */
export function pathLength(
  { matches }: ApiHttpRoute['spec']['rules'][number],
  { method: asked, path }: Pick<IngressRequest, 'method' | 'path'>,
): number {
  if (matches.length === 0) return 0;
  const lengths = matches
    .filter(
      ({ method, headers = [], queryParams = [] }) =>
        (method ?? asked) === asked && headers.length + queryParams.length === 0,
    )
    .map(({ path: condition = { type: 'PathPrefix', value: '/' } }) => {
      const { type, value } = condition;
      // An exact match goes before any prefix.
      if (type === 'Exact') return value === path ? value.length + 1000 : -1;
      if (type !== 'PathPrefix') return -1;
      const prefix = value.replace(/\/+$/, '');
      return path === prefix || path.startsWith(`${prefix}/`) ? prefix.length : -1;
    });
  return Math.max(-1, ...lengths);
}

function through(
  gateway: ApiGateway,
  route: ApiHttpRoute,
  section: string | undefined,
  { services, pods }: ClusterObjects,
  request: IngressRequest,
): IngressRoute[] {
  const { name, namespace } = gateway.metadata;
  const made = services.filter(
    ({ metadata }) =>
      metadata.namespace === namespace &&
      (metadata.labels[GATEWAY_LABEL] === name || metadata.name === `${name}-${gateway.spec.gatewayClassName}`),
  );
  return gateway.spec.listeners
    .filter((listener) => section === undefined || listener.name === section)
    .flatMap((listener) => {
      const scheme = listener.protocol === 'HTTP' ? 'http' : listener.protocol === 'HTTPS' ? 'https' : undefined;
      const hosts = common([listener.hostname ?? '*'], route.spec.hostnames.length > 0 ? route.spec.hostnames : ['*']);
      const host = hosts.includes('*') ? '*' : hosts.find((pattern) => !pattern.startsWith('*'));
      const wished = request.host?.replace(/:\d+$/, '');
      if (scheme === undefined || host === undefined) return [];
      if (wished !== undefined && common(hosts, [wished]).length === 0) return [];
      return made.flatMap((service) => {
        const port = service.spec.ports.find((candidate) => candidate.port === listener.port);
        if (port === undefined) return [];
        return [
          {
            backing: backingOf(service, port, pods),
            scheme,
            ...(wished !== undefined ? { host: request.host ?? wished } : host !== '*' && { host }),
            route: `HTTPRoute ${route.metadata.namespace}/${route.metadata.name}`,
            gateway: `Gateway ${namespace}/${name}`,
            addresses: gateway.status.addresses.map(({ value }) => value),
          } as const,
        ];
      });
    });
}
