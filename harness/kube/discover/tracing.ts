import { orList } from '../../model/or-list.ts';
import { BACKEND_DISCOVERIES } from '../../model/trace-backends.ts';
import type { Pod, Service, ServicePort } from '../objects/objects.ts';
import type { ClusterObjects } from '../objects/resources.ts';
import { type Backing, backingOf, byReach, onePerPlace } from './backing.ts';
import { type Choice, choose } from './choice.ts';

const NAMES = BACKEND_DISCOVERIES.flatMap(({ names }) => names);
const LABELS = BACKEND_DISCOVERIES.map(({ label }) => label);

export interface TracingService {
  readonly backing: Backing;
  /** Others that lead to the same place. */
  readonly others: readonly Service[];
}

/** The trace backend's query Service, by name or label and by port; collectors and agents are not it. */
export function findTracing(objects: Pick<ClusterObjects, 'services' | 'pods'>, pick?: string): Choice<TracingService> {
  const found = objects.services.flatMap((service) => {
    const why = reasonFor(service);
    const port = queryPort(service);
    // What a person picks need not look like Jaeger, as long as it has one port to ask.
    const picked = pick === idOf(service);
    const only = picked && service.spec.ports.length === 1 ? service.spec.ports[0] : undefined;
    const chosen = port ?? only;
    if (chosen === undefined || (why === undefined && !picked)) return [];
    return [{ backing: backingOf(service, chosen, objects.pods), why: why ?? 'picked' }];
  });
  const places = onePerPlace(found, better);
  const ids = (place: (typeof places)[number]) => [place.backing.service, ...place.others].map(idOf);
  // Picking any Service of a place picks the place.
  const picked = places.find((place) => pick !== undefined && ids(place).includes(pick));
  const candidates = places.map(({ why, ...value }) => ({
    id: idOf(value.backing.service),
    flag: '--kube-tracing',
    value,
    why,
  }));
  const looked = `no Service named or labelled ${NAMES.join(', ')} with a port named query or http, or number ${orList(BACKEND_DISCOVERIES.map(({ port }) => String(port)))}`;
  return choose(candidates, looked, picked === undefined ? pick : idOf(picked.backing.service));
}

/** The labels by which the pods behind every such Service can be listed. */
export function tracingSelectors(
  services: readonly Service[],
  pick?: string,
): { namespace: string; labels: Readonly<Record<string, string>> }[] {
  return services
    .filter((service) => reasonFor(service) !== undefined || idOf(service) === pick)
    .filter(({ spec }) => Object.keys(spec.selector).length > 0)
    .map(({ metadata, spec }) => ({ namespace: metadata.namespace, labels: spec.selector }));
}

function reasonFor({ metadata: { name, labels } }: Service): string | undefined {
  if (/-(collector|agent|ingester|headless)$/.test(name)) return undefined;
  const component = labels['app.kubernetes.io/component'] ?? '';
  if (NAMES.includes(name)) return `named ${name}`;
  if (/^(service-)?(collector|agent|ingester|storage)/.test(component)) return undefined;
  const label = ['app', 'app.kubernetes.io/name'].find((key) => LABELS.includes(labels[key] ?? ''));
  return label === undefined ? undefined : `labelled ${label}=${labels[label]}`;
}

function queryPort({ spec: { ports } }: Service): ServicePort | undefined {
  const isNumber = (number: number | string | undefined) => BACKEND_DISCOVERIES.some(({ port }) => port === number);
  return (
    ports.find(({ port, targetPort }) => isNumber(port) || isNumber(targetPort)) ??
    ports.find(({ name }) => BACKEND_DISCOVERIES.some(({ portNames }) => portNames.test(name)))
  );
}

function better(a: { readonly backing: Backing }, b: { readonly backing: Backing }): number {
  const rank = ({ backing }: { readonly backing: Backing }) => {
    const at = NAMES.indexOf(backing.service.metadata.name);
    return at === -1 ? NAMES.length : at;
  };
  const balanced = ({ backing }: { readonly backing: Backing }) =>
    backing.service.status.loadBalancer.ingress.length > 0;
  return Number(balanced(b)) - Number(balanced(a)) || rank(a) - rank(b) || byReach(a.backing, b.backing);
}

export function idOf({ metadata }: Service | Pod): string {
  return `${metadata.namespace}/${metadata.name}`;
}
