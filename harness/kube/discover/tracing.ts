import { orList } from '../../model/or-list.ts';
import { BACKEND_DISCOVERIES, type BackendDiscovery } from '../../model/trace-backends.ts';
import type { Pod, Service, ServicePort } from '../objects/objects.ts';
import type { ClusterObjects } from '../objects/resources.ts';
import { type Backing, backingOf, byReach, onePerPlace } from './backing.ts';
import { type Choice, choose } from './choice.ts';

const NAMES = BACKEND_DISCOVERIES.flatMap(({ names }) => names);

const APP_LABELS = ['app', 'app.kubernetes.io/name'] as const;

export interface TracingService {
  readonly backing: Backing;
  /** Others that lead to the same place. */
  readonly others: readonly Service[];
}

/** The trace backend's query Service, by name or label and by port; collectors and agents are not it. */
export function findTracing(objects: Pick<ClusterObjects, 'services' | 'pods'>, pick?: string): Choice<TracingService> {
  const found = objects.services.flatMap((service) => {
    // Name or label and port are those of one product.
    const found = BACKEND_DISCOVERIES.map((row) => ({ why: reasonFor(service, row), port: queryPort(service, row) }));
    const whole = found.find(({ why, port }) => why !== undefined && port !== undefined);
    const why = whole?.why;
    const port = (whole ?? found.find((one) => one.port !== undefined))?.port;
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
    .filter((service) => isLikely(service) || idOf(service) === pick)
    .filter(({ spec }) => Object.keys(spec.selector).length > 0)
    .map(({ metadata, spec }) => ({ namespace: metadata.namespace, labels: spec.selector }));
}

function isLikely(service: Service): boolean {
  return BACKEND_DISCOVERIES.some((row) => reasonFor(service, row) !== undefined);
}

function reasonFor(
  { metadata: { name, labels }, spec: { selector } }: Service,
  row: BackendDiscovery,
): string | undefined {
  if (/-(collector|agent|ingester|headless)$/.test(name)) return undefined;
  const isOfAnother =
    row.selects !== undefined && APP_LABELS.some((key) => ![undefined, row.selects].includes(selector[key]));
  if (isOfAnother) return undefined;
  const component = labels['app.kubernetes.io/component'] ?? '';
  if (row.names.includes(name)) return `named ${name}`;
  if (/^(service-)?(collector|agent|ingester|storage)/.test(component)) return undefined;
  if (row.component !== undefined && component !== '' && !row.component.test(component)) return undefined;
  const label = APP_LABELS.find((key) => labels[key] === row.label);
  return label === undefined ? undefined : `labelled ${label}=${labels[label]}`;
}

function queryPort({ spec: { ports } }: Service, row: BackendDiscovery): ServicePort | undefined {
  return (
    ports.find(({ port, targetPort }) => port === row.port || targetPort === row.port) ??
    ports.find(({ name }) => row.portNames.test(name))
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
