import { isService } from '../objects/hosts.ts';
import type { HttpRoute } from '../objects/mesh-objects.ts';
import type { Pod, Service } from '../objects/objects.ts';
import { isReady, podsOf, revisionOf, selects } from '../objects/pods.ts';
import type { ClusterObjects } from '../objects/resources.ts';
import { type CalledService, destinationRuleFor, innerRoute, rulesFor } from './rules.ts';
import type { Said } from './telemetry.ts';

export type Weights = Readonly<Record<string, number>>;

export interface Shares extends Said<Weights> {
  /** Calls are spread over pods of several versions: what makes a caller prefer some pods makes these shares others. */
  readonly byPods: boolean;
}

/**
 * The shares that the versions of a service get: by the weights of its VirtualService or HTTPRoute, else by its ready
 * pods, for a caller spreads its calls over pods and not over versions.
 * @returns undefined where it is not known, e.g. because a rule asks for a path that is not known here.
 */
export function sharesOf(objects: ClusterObjects, called: CalledService): Shares | undefined {
  const service = objects.services.find(
    ({ metadata }) => metadata.name === called.name && metadata.namespace === called.namespace,
  );
  if (service === undefined) return undefined;
  const [rule, ...more] = rulesFor(objects, called);
  // Istio uses the oldest of several rules for one host, and nothing here says which that is.
  if (more.length > 0) return undefined;
  if (rule !== undefined) {
    const route = innerRoute(called, rule, service);
    if (route === 'unknown' || route?.delegate !== undefined) return undefined;
    if (route !== undefined && route.route.length > 0) {
      const from = `VirtualService ${rule.metadata.namespace}/${rule.metadata.name}`;
      return byWeight(partsOf(route, rule.metadata.namespace, service, objects, called), from);
    }
  }
  const split = httpRouteParts(objects, called);
  if (split !== undefined) return byWeight(split.parts, split.from);
  const weights = byPods(podsOf(service, objects.pods).filter(isReady));
  if (weights === undefined) return undefined;
  const from = `ready pods of Service ${called.namespace}/${called.name}: ${inWords(weights)}`;
  return { value: weights, from, byPods: true };
}

/** A weight and the pods it is for; `version` is what the rule itself says of them. */
interface Part {
  readonly weight: number;
  readonly pods: readonly Pod[];
  readonly version?: string;
}

function partsOf(
  { route }: HttpRoute,
  ruleNamespace: string,
  service: Service,
  objects: ClusterObjects,
  called: CalledService,
): Part[] | undefined {
  const subsets = destinationRuleFor(objects, called)?.spec.subsets ?? [];
  const parts = route.map(({ destination, weight }): Part | undefined => {
    const to = objects.services.find(({ metadata }) =>
      isService(destination.host, ruleNamespace, metadata.name, metadata.namespace),
    );
    if (to === undefined) return undefined;
    // One destination takes everything, whatever its weight.
    const share = route.length === 1 ? 100 : (weight ?? 0);
    const pods = podsOf(to, objects.pods).filter(isReady);
    if (destination.subset === undefined || to !== service) return { weight: share, pods };
    const subset = subsets.find(({ name }) => name === destination.subset);
    if (subset === undefined) return { weight: share, pods: [] };
    const version = revisionOf(subset.labels);
    return {
      weight: share,
      pods: pods.filter(({ metadata }) => selects(subset.labels, metadata.labels)),
      ...(version !== undefined && { version }),
    };
  });
  return parts.includes(undefined) ? undefined : parts.filter((part) => part !== undefined);
}

/** Gateway API for calls inside the mesh: an HTTPRoute whose parent is the Service. */
function httpRouteParts(
  { httpRoutes, services, pods }: ClusterObjects,
  { name, namespace }: CalledService,
): { parts: Part[] | undefined; from: string } | undefined {
  const route = httpRoutes.find(
    ({ metadata, spec }) =>
      metadata.namespace === namespace &&
      spec.parentRefs.some((parent) => parent.kind === 'Service' && parent.name === name),
  );
  const [rule, ...more] = route?.spec.rules ?? [];
  if (route === undefined || rule === undefined) return undefined;
  const from = `HTTPRoute ${namespace}/${route.metadata.name}`;
  const conditional = rule.matches.some(
    ({ path, headers = [], method, queryParams = [] }) =>
      (path !== undefined && path.value !== '/') || headers.length + queryParams.length > 0 || method !== undefined,
  );
  if (more.length > 0 || conditional) return { parts: undefined, from };
  const parts = rule.backendRefs.map((backend): Part | undefined => {
    const to = services.find(
      ({ metadata }) => metadata.name === backend.name && metadata.namespace === (backend.namespace ?? namespace),
    );
    if (to === undefined) return undefined;
    const weight = rule.backendRefs.length === 1 ? 100 : backend.weight;
    return { weight, pods: podsOf(to, pods).filter(isReady) };
  });
  return { parts: parts.includes(undefined) ? undefined : parts.filter((part) => part !== undefined), from };
}

function byWeight(parts: readonly Part[] | undefined, rule: string): Shares | undefined {
  if (parts === undefined) return undefined;
  const weights: Record<string, number> = {};
  let mixed = false;
  for (const { weight, pods, version } of parts) {
    if (weight <= 0) continue;
    // Without a ready pod the share is still meant for the version that the subset names; that it is down is a finding.
    const counts = byPods(pods) ?? (version === undefined ? undefined : { [version]: 1 });
    if (counts === undefined) return undefined;
    mixed ||= Object.keys(counts).length > 1;
    const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
    for (const [name, count] of Object.entries(counts)) weights[name] = (weights[name] ?? 0) + (weight * count) / all;
  }
  if (Object.keys(weights).length === 0) return undefined;
  return { value: weights, from: `${rule}: weights ${inWords(weights)}`, byPods: mixed };
}

/** undefined: there are none, or one does not say its version. */
function byPods(pods: readonly Pod[]): Weights | undefined {
  const counts: Record<string, number> = {};
  for (const { metadata } of pods) {
    const version = revisionOf(metadata.labels);
    if (version === undefined) return undefined;
    counts[version] = (counts[version] ?? 0) + 1;
  }
  return pods.length === 0 ? undefined : counts;
}

/** `v1 80, v2 20` */
function inWords(weights: Weights): string {
  return Object.entries(weights)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([version, weight]) => `${version} ${Number(weight.toFixed(2))}`)
    .join(', ');
}
