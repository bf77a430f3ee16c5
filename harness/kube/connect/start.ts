import { sharesOf, type Weights } from '../expect/shares.ts';
import { podsOf, revisionOf } from '../objects/pods.ts';
import type { Situation } from '../objects/situation.ts';

/** A cluster as learning begins with it: Services, versions, weights. */
export interface ClusterStart {
  /** Services of its namespace, each with the versions of its pods. */
  readonly services: ReadonlyMap<string, readonly string[]>;
  /** Weights by version, of Services that a rule weighs; with the rule. */
  readonly weights: ReadonlyMap<string, { readonly value: Weights; readonly from: string }>;
}

/** Pure. */
export function startOf({ objects, namespace, mesh }: Situation): ClusterStart {
  const own = objects.services.filter(({ metadata }) => metadata.namespace === namespace);
  const versions = own.map((service) => {
    const names = podsOf(service, objects.pods).flatMap(({ metadata }) => revisionOf(metadata.labels) ?? []);
    return [service.metadata.name, [...new Set(names)].toSorted()] as const;
  });
  const weights = own.flatMap(({ metadata: { name } }) => {
    const shares = sharesOf(objects, { name, namespace, rootNamespace: mesh.rootNamespace });
    return shares === undefined || shares.byPods || Object.keys(shares.value).length < 2
      ? []
      : [[name, { value: shares.value, from: shares.from }] as const];
  });
  return { services: new Map(versions), weights: new Map(weights) };
}
