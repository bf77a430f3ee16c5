import type { Application } from '../../model/application.ts';
import type { Mesh } from './mesh.ts';
import type { Pod, Service } from './objects.ts';
import { isFinished, podsOf } from './pods.ts';
import type { ClusterObjects } from './resources.ts';

/** Everything that the checks of a configuration look at. */
export interface Situation {
  readonly objects: ClusterObjects;
  readonly application: Application;
  /** The application's namespace. */
  readonly namespace: string;
  readonly mesh: Mesh;
  /** The ingress gateway's pods, where it was found. */
  readonly gatewayPods: readonly Pod[];
  /** Ambient: workloads have no sidecars, and need none. */
  readonly ambient: boolean;
}

export interface ApplicationService {
  readonly name: string;
  /** undefined: there is no such Service. */
  readonly service?: Service;
  /** Not finished. */
  readonly pods: readonly Pod[];
}

/** The application's services in its namespace. */
export function servicesOf({ objects, application, namespace }: Situation): readonly ApplicationService[] {
  return application.services.map(({ name }) => {
    const service = objects.services.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
    if (service === undefined) return { name, pods: [] };
    return { name, service, pods: podsOf(service, objects.pods).filter((pod) => !isFinished(pod)) };
  });
}

/** `Deployment default/orders-v1` */
export function named(
  kind: string,
  { metadata }: { readonly metadata: { readonly namespace: string; readonly name: string } },
): string {
  return `${kind} ${metadata.namespace}/${metadata.name}`;
}
