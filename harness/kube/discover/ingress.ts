import type { Application } from '../../model/application.ts';
import type { ClusterObjects } from '../objects/resources.ts';
import { askedRequests } from './asked-requests.ts';
import { byReach, podsKey } from './backing.ts';
import { type Candidate, type Choice, choose } from './choice.ts';
import { apiGatewayRoutes } from './ingress-gateway-api.ts';
import { istioRoutes } from './ingress-istio.ts';
import type { IngressRoute } from './ingress-route.ts';
import { idOf } from './tracing.ts';

export interface IngressPick {
  /** `--kube-ingress`: the Service. */
  readonly service?: string;
  /** `--host`. */
  readonly host?: string;
}

/**
 * Follows the routes backwards: which rule takes each request of the application and leads it to its entry service, which
 * gateway it is bound to, and which Service leads to that gateway's pods. A way counts that all requests share. One gateway
 * is one candidate, whatever its ports and Services; only hosts that different rules route apart are for a person to choose
 * from.
 */
export function findIngress(
  objects: ClusterObjects,
  application: Application,
  namespace: string,
  pick: IngressPick = {},
): Choice<IngressRoute> {
  const asked = askedRequests(application);
  const waysFor = (host: string | undefined) =>
    asked.map((one) => {
      const request = { ...one, namespace, ...(host !== undefined && { host }) };
      return [...istioRoutes(objects, request), ...apiGatewayRoutes(objects, request)];
    });
  const each = waysFor(pick.host);
  const routes = pick.host === undefined ? sharedByHost(each, waysFor) : shared(each);
  const gateways = [...Map.groupBy(routes, ({ backing }) => podsKey(backing)).values()];
  const picked = gateways.filter((some) => some.some(({ backing }) => idOf(backing.service) === pick.service));
  const candidates = (pick.service === undefined ? gateways : picked).flatMap(candidatesOf);
  const unrouted = asked.find((_, at) => each[at]?.length === 0) ?? (asked.length === 1 ? asked[0] : undefined);
  const looked =
    unrouted === undefined
      ? `no gateway and host lead all of ${asked.map(({ path }) => path).join(', ')} to their Services in namespace ${namespace}`
      : `no VirtualService or HTTPRoute leads ${unrouted.path} from a gateway to Service ${namespace}/${unrouted.entry}`;
  return choose(candidates, pick.service === undefined ? looked : `${looked} through Service ${pick.service}`);
}

type Ways = readonly IngressRoute[];

/** Those of the first request that lead every other one as well. */
function shared([first = [], ...others]: readonly Ways[]): Ways {
  return first.filter((way) => others.every((some) => some.some((other) => wayOf(other) === wayOf(way))));
}

/** Rules with several hosts may share another one than the first that each has. */
function sharedByHost(each: readonly Ways[], waysFor: (host: string) => readonly Ways[]): Ways {
  const found = shared(each);
  if (found.length > 0 || each.some((ways) => ways.length === 0)) return found;
  const hosts = new Set(each.flat().flatMap(({ host }) => host ?? []));
  return [...hosts].map((host) => shared(waysFor(host))).find((ways) => ways.length > 0) ?? [];
}

function wayOf({ backing, scheme, host = '*' }: IngressRoute): string {
  return `${idOf(backing.service)}:${backing.port.port} ${scheme} ${host}`;
}

function candidatesOf(routes: readonly IngressRoute[]): Candidate<IngressRoute>[] {
  const sorted = routes.toSorted((a, b) => preference(a) - preference(b) || byReach(a.backing, b.backing));
  const [best] = sorted;
  if (best === undefined) return [];
  const apart = new Map(
    sorted.filter(({ scheme }) => scheme === best.scheme).map((route) => [`${route.route} ${route.host}`, route]),
  );
  if (best.host === undefined || apart.size === 1)
    return [candidate(best, '--kube-ingress', idOf(best.backing.service))];
  return [...apart.values()].map((route) => candidate(route, '--host', route.host ?? ''));
}

function candidate(value: IngressRoute, flag: string, id: string): Candidate<IngressRoute> {
  const { route, gateway, backing, host } = value;
  const forHost = host === undefined ? '' : ` for ${host}`;
  return {
    id,
    flag,
    value,
    why: `${route} on ${gateway}${forHost} leads to it: Service ${idOf(backing.service)} port ${backing.port.port}`,
  };
}

/** Plain HTTP needs no certificate, and any host no header. */
function preference({ scheme, host }: IngressRoute): number {
  return (scheme === 'http' ? 0 : 2) + (host === undefined ? 0 : 1);
}
