import type { Application } from '../../model/application.ts';
import { isService, qualified } from '../objects/hosts.ts';
import { isReady, podsOf } from '../objects/pods.ts';
import type { ClusterObjects } from '../objects/resources.ts';
import { routeOf } from '../objects/route-match.ts';
import { type AskedRequest, withoutQuery } from './asked-requests.ts';
import { pathLength } from './ingress-gateway-api.ts';

type Routes = Pick<ClusterObjects, 'services' | 'virtualServices' | 'httpRoutes'>;

/** A Service that takes the requests of a path from a gateway. */
export interface RoutedEntry {
  readonly name: string;
  readonly namespace: string;
  /** `VirtualService shop/shop` */
  readonly route: string;
}

/** An application of which only requests are known has this entry: what it calls first is to be found. */
export const UNKNOWN_ENTRY = '';

/** The Services that the gateways' routes lead this request to, each once. */
export function routedEntries(
  { services, virtualServices, httpRoutes }: Routes,
  { method, path }: Pick<AskedRequest, 'method' | 'path'>,
): readonly RoutedEntry[] {
  const istio = virtualServices.flatMap(({ metadata, spec }) => {
    const { namespace } = metadata;
    const gateways = spec.gateways.filter((name) => name !== 'mesh').map((name) => qualified(name, namespace));
    const hosts = gateways.flatMap((gateway) => {
      const route = routeOf(spec.http, { method, path, gateway, ruleNamespace: namespace });
      return route === undefined || route === 'unknown' ? [] : route.route.map(({ destination }) => destination.host);
    });
    const route = `VirtualService ${namespace}/${metadata.name}`;
    return services.flatMap((service) => {
      const { name, namespace: own } = service.metadata;
      return hosts.some((host) => isService(host, namespace, name, own)) ? [{ name, namespace: own, route }] : [];
    });
  });
  const api = httpRoutes
    .filter(({ spec }) => spec.parentRefs.some(({ kind }) => kind === 'Gateway'))
    .flatMap(({ metadata, spec }) => {
      const [taking] = spec.rules
        .map((rule) => ({ rule, length: pathLength(rule, { method, path }) }))
        .filter(({ length }) => length >= 0)
        .toSorted((a, b) => b.length - a.length);
      const route = `HTTPRoute ${metadata.namespace}/${metadata.name}`;
      return (taking?.rule.backendRefs ?? []).flatMap(({ kind, name, namespace = metadata.namespace }) =>
        kind === 'Service' ? [{ name: wholeService(name, namespace, services), namespace, route }] : [],
      );
    });
  return [...new Map([...istio, ...api].map((one) => [`${one.namespace}/${one.name}`, one])).values()];
}

/** `front` of `front-v1`, where Gateway API splits by version and there is a Service for all of them. */
function wholeService(name: string, namespace: string, services: Routes['services']): string {
  const whole = name.replace(/-v\d+$/, '');
  const isThere = services.some(({ metadata }) => metadata.name === whole && metadata.namespace === namespace);
  return isThere ? whole : name;
}

/**
 * With the entry that routes lead each request to, where it was not known. The Services beside it that have a ready pod may
 * be the application's; others say nothing about it, such as the API server's own Service in namespace default.
 */
export function withRoutedEntry(
  application: Application,
  routes: Routes & Pick<ClusterObjects, 'pods'>,
  namespace: string | undefined,
): Application {
  if (application.entry !== UNKNOWN_ENTRY || namespace === undefined) return application;
  const entryOf = (request: Pick<AskedRequest, 'method' | 'path'>) =>
    routedEntries(routes, { ...request, path: withoutQuery(request.path) }).find((one) => one.namespace === namespace)
      ?.name;
  const { request, requests } = application;
  const entry = entryOf(request);
  if (entry === undefined) return application;
  const entries = new Set([entry, ...(requests ?? []).map((one) => entryOf(one) ?? entry)]);
  const own = routes.services.filter(
    (service) =>
      service.metadata.namespace === namespace &&
      (entries.has(service.metadata.name) || podsOf(service, routes.pods).some(isReady)),
  );
  return {
    ...application,
    entry,
    ...(requests !== undefined && {
      requests: requests.map((one) => {
        const own = entryOf(one) ?? entry;
        return own === entry ? one : { ...one, entry: own };
      }),
    }),
    services: own.map(({ metadata }) => ({ name: metadata.name })),
  };
}
