import { common, covers, isService, qualified, withoutNamespace } from '../objects/hosts.ts';
import type { Gateway, VirtualService } from '../objects/mesh-objects.ts';
import type { Pod, Service, ServicePort } from '../objects/objects.ts';
import { containerPort, podsOf, selects } from '../objects/pods.ts';
import type { ClusterObjects } from '../objects/resources.ts';
import { routeOf } from '../objects/route-match.ts';
import { backingOf } from './backing.ts';
import type { IngressRequest, IngressRoute } from './ingress-route.ts';

/** Ways in by Istio's Gateway and VirtualService. */
export function istioRoutes(objects: ClusterObjects, request: IngressRequest): IngressRoute[] {
  return objects.virtualServices.flatMap((rule) =>
    rule.spec.gateways
      .filter((name) => name !== 'mesh')
      .flatMap((name) => {
        const id = qualified(name, rule.metadata.namespace);
        const gateway = objects.gateways.find(({ metadata }) => `${metadata.namespace}/${metadata.name}` === id);
        return gateway !== undefined && leadsToEntry(rule, id, request) ? through(gateway, rule, objects, request) : [];
      }),
  );
}

function leadsToEntry({ metadata, spec }: VirtualService, gateway: string, request: IngressRequest): boolean {
  const known = { method: request.method, path: request.path, gateway, ruleNamespace: metadata.namespace };
  const route = routeOf(spec.http, known);
  if (route === undefined || route === 'unknown') return false;
  return route.route.some(({ destination }) =>
    isService(destination.host, metadata.namespace, request.entry, request.namespace),
  );
}

function through(
  gateway: Gateway,
  rule: VirtualService,
  objects: ClusterObjects,
  request: IngressRequest,
): IngressRoute[] {
  const pods = objects.pods.filter(({ metadata }) => selects(gateway.spec.selector, metadata.labels));
  return gateway.spec.servers.flatMap((server) => {
    const scheme = schemeOf(server);
    const host = hostOf(common(server.hosts.map(withoutNamespace), rule.spec.hosts), request.host);
    if (scheme === undefined || host === undefined) return [];
    return objects.services.flatMap((service) => {
      const port = portFor(service, server.port.number, gateway, pods);
      if (port === undefined) return [];
      return [
        {
          backing: backingOf(service, port, pods),
          scheme,
          ...(host !== '*' && { host }),
          route: `VirtualService ${rule.metadata.namespace}/${rule.metadata.name}`,
          gateway: `Gateway ${gateway.metadata.namespace}/${gateway.metadata.name}`,
          addresses: [],
        },
      ];
    });
  });
}

/** undefined: not HTTP that the gateway ends, so that it makes no spans of it; or it only redirects to HTTPS. */
function schemeOf({ port, tls }: Gateway['spec']['servers'][number]): IngressRoute['scheme'] | undefined {
  switch (port.protocol.toUpperCase()) {
    case 'HTTP':
    case 'HTTP2':
    case 'GRPC':
      return tls?.httpsRedirect === true ? undefined : 'http';
    case 'HTTPS':
      return ['PASSTHROUGH', 'AUTO_PASSTHROUGH'].includes(tls?.mode ?? 'SIMPLE') ? undefined : 'https';
    default:
      return undefined;
  }
}

/** The host to ask for: the wished one where it is covered, none where any will do, else the first that is a name. */
function hostOf(hosts: readonly string[], wished: string | undefined): string | undefined {
  if (wished !== undefined) {
    const name = wished.replace(/:\d+$/, '');
    return hosts.some((pattern) => covers(pattern, name)) ? wished : undefined;
  }
  // A wildcard stands for names that are not known here.
  return hosts.includes('*') ? '*' : hosts.find((host) => !host.startsWith('*'));
}

/**
 * The Service's port that leads to the gateway's server: by its own number, or by the pods': both are in use
 * (docs/facts/istio.md#ingress).
 */
function portFor(
  service: Service,
  number: number,
  gateway: Gateway,
  gatewayPods: readonly Pod[],
): ServicePort | undefined {
  const [pod] = podsOf(service, gatewayPods);
  // Without a pod, as where the gateway is down, the selectors tell that they belong together.
  if (pod === undefined && (gatewayPods.length > 0 || !selects(gateway.spec.selector, service.spec.selector)))
    return undefined;
  const { ports } = service.spec;
  const target = (port: ServicePort) => (pod === undefined ? port.targetPort : containerPort(port, pod));
  return ports.find(({ port }) => port === number) ?? ports.find((port) => target(port) === number);
}
