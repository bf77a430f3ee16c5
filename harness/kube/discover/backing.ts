import type { Pod, Service, ServicePort } from '../objects/objects.ts';
import { containerPort, isFinished, isReady, podsOf } from '../objects/pods.ts';

/** A port of a Service and the pods behind it. */
export interface Backing {
  readonly service: Service;
  readonly port: ServicePort;
  /** Ready ones first; finished ones left out. */
  readonly pods: readonly Pod[];
}

export function backingOf(service: Service, port: ServicePort, pods: readonly Pod[]): Backing {
  const behind = podsOf(service, pods).filter((pod) => !isFinished(pod));
  return { service, port, pods: behind.toSorted((a, b) => Number(isReady(b)) - Number(isReady(a))) };
}

/**
 * Services that select the same pods and port lead to the same place and are one: of each such group the best is kept,
 * and `others` says which it stands for.
 * @param better negative when the first is the better one.
 */
export function onePerPlace<T extends { readonly backing: Backing }>(
  found: readonly T[],
  better: (a: T, b: T) => number,
): (T & { readonly others: readonly Service[] })[] {
  const places = Map.groupBy(found, ({ backing }) => `${podsKey(backing)} ${targetOf(backing)}`);
  return [...places.values()].flatMap((some) => {
    const [best, ...others] = some.toSorted(better);
    return best === undefined ? [] : [{ ...best, others: others.map(({ backing }) => backing.service) }];
  });
}

/** The same for Services that select the same pods; where there are no pods to compare, the selector says what is meant. */
export function podsKey({ service, pods }: Backing): string {
  const names = pods.map(({ metadata }) => metadata.name).toSorted();
  const selector = Object.entries(service.spec.selector).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([service.metadata.namespace, names.length === 0 ? selector : names]);
}

function targetOf({ port, pods: [first] }: Backing): string {
  return String(first === undefined ? (port.targetPort ?? port.port) : containerPort(port, first));
}

/** Easier to reach first: load balancer with an address, then a node port, then inside only; then by name. */
export function byReach(a: Backing, b: Backing): number {
  return reach(a) - reach(b) || (a.service.metadata.name < b.service.metadata.name ? -1 : 1);
}

function reach({ service, port }: Backing): number {
  if (service.status.loadBalancer.ingress.length > 0) return 0;
  return port.nodePort === undefined ? 2 : 1;
}
