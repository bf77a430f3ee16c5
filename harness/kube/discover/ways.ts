import type { Pod, Service } from '../objects/objects.ts';
import { containerPort, isReady } from '../objects/pods.ts';
import type { Backing } from './backing.ts';

/** How a place in the cluster can be reached. */
export type Way =
  | { readonly how: 'service' | 'load-balancer' | 'node-port'; readonly host: string; readonly port: number }
  | {
      readonly how: 'port-forward';
      readonly service: Service;
      /** The containers' port. */
      readonly port: number;
      readonly servicePort: number;
    };

export interface FromWhere {
  /** In a pod of the cluster: Services are dialled directly, and nothing else is needed. */
  readonly inside: boolean;
  readonly nodePorts: boolean;
  /** What a Gateway's status states as its addresses; one that is only known inside the cluster does not help. */
  readonly addresses?: readonly string[];
}

/** The ways, best first. Outside, the port-forward comes last and always works where it is permitted and a pod is ready. */
export function waysTo(
  { service, port, pods }: Backing,
  { inside, nodePorts, addresses = [] }: FromWhere,
): readonly Way[] {
  const { name, namespace } = service.metadata;
  if (inside) return [{ how: 'service', host: `${name}.${namespace}.svc`, port: port.port }];
  const ready = pods.filter(isReady);
  const stated = addresses.filter((address) => address !== service.spec.clusterIP && !/\.svc(\.|$)/.test(address));
  const balanced = service.status.loadBalancer.ingress.flatMap(({ ip, hostname }) => ip ?? hostname ?? []);
  const balancers = [...new Set([...stated, ...balanced])];
  const nodes = nodePorts && port.nodePort !== undefined ? hostAddresses(ready) : [];
  return [
    ...balancers.map((host) => ({ how: 'load-balancer' as const, host, port: port.port })),
    ...nodes.map((host) => ({ how: 'node-port' as const, host, port: port.nodePort ?? 0 })),
    ...forwardable(ready, service, port),
  ];
}

/** Each that is out of reach costs a wait. */
const NODES_TRIED = 2;

/** Nodes that run a pod of it: any node would do, but with `externalTrafficPolicy: Local` only these. */
function hostAddresses(pods: readonly Pod[]): string[] {
  return [...new Set(pods.flatMap(({ status }) => status.hostIP ?? []))].slice(0, NODES_TRIED);
}

function forwardable(ready: readonly Pod[], service: Service, port: Backing['port']): Way[] {
  const [pod] = ready;
  const target = pod === undefined ? undefined : containerPort(port, pod);
  return target === undefined ? [] : [{ how: 'port-forward', service, port: target, servicePort: port.port }];
}

/** `[2001:db8::1]:80`, `10.0.0.7:80` */
export function hostPort(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
