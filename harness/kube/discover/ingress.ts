import type { Application } from '../../model/application.ts';
import type { ClusterObjects } from '../objects/resources.ts';
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
 * Follows the routes backwards: which rule takes the application's request and leads it to the entry service, which
 * gateway it is bound to, and which Service leads to that gateway's pods. One gateway is one candidate, whatever its
 * ports and Services; only hosts that different rules route apart are for a person to choose from.
 */
export function findIngress(
  objects: ClusterObjects,
  application: Application,
  namespace: string,
  pick: IngressPick = {},
): Choice<IngressRoute> {
  const request = {
    path: application.request.path,
    entry: application.entry,
    namespace,
    ...(pick.host !== undefined && { host: pick.host }),
  };
  const routes = [...istioRoutes(objects, request), ...apiGatewayRoutes(objects, request)];
  const gateways = [...Map.groupBy(routes, ({ backing }) => podsKey(backing)).values()];
  const picked = gateways.filter((some) => some.some(({ backing }) => idOf(backing.service) === pick.service));
  const candidates = (pick.service === undefined ? gateways : picked).flatMap(candidatesOf);
  const looked = `no VirtualService or HTTPRoute leads ${application.request.path} from a gateway to Service ${namespace}/${application.entry}`;
  return choose(candidates, pick.service === undefined ? looked : `${looked} through Service ${pick.service}`);
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
