import type { Application } from '../../model/application.ts';
import type { KubeReader, Where } from '../api/reader.ts';
import { findApplication } from '../discover/application.ts';
import type { Choice } from '../discover/choice.ts';
import { tracingSelectors } from '../discover/tracing.ts';
import { meshConfigMapNames } from '../objects/mesh.ts';
import type { ConfigMap, Deployment, Namespace, Pod } from '../objects/objects.ts';
import { selects } from '../objects/pods.ts';
import type { ClusterObjects, ObjectOf, ResourceName } from '../objects/resources.ts';

/** What a person picked among several. */
export interface Picks {
  readonly app?: string;
  readonly ingress?: string;
  readonly tracing?: string;
  readonly host?: string;
}

export interface ReadInput {
  readonly reader: KubeReader;
  readonly application: Application;
  /** Namespaces to look in; absent: all. */
  readonly namespaces?: readonly string[];
  /** Where the control plane's configuration is. */
  readonly meshNamespace: string;
  readonly picks: Picks;
}

export interface ClusterRead {
  readonly objects: ClusterObjects;
  readonly app: Choice<string>;
  /** Of the Telemetry API; absent: not known. */
  readonly telemetryVersion?: string;
}

const GATEWAY_LABEL = 'gateway.networking.k8s.io/gateway-name';

/**
 * Reads what a run needs to know and no more: all Services and routing rules, and the pods behind those that matter. A
 * large cluster has many pods, and most of them do not matter to the run.
 * @throws KubeError
 */
export async function readCluster(input: ReadInput): Promise<ClusterRead> {
  const { reader, application, picks } = input;
  const list = <Name extends ResourceName>(resource: Name, labels?: Where['labels']) =>
    everywhere(input, resource, labels);
  const [services, gateways, virtualServices, destinationRules, telemetries, apiGateways, httpRoutes] =
    await Promise.all([
      list('services'),
      list('gateways'),
      list('virtualServices'),
      list('destinationRules'),
      list('telemetries'),
      list('apiGateways'),
      list('httpRoutes'),
    ]);
  const app = findApplication({ services, virtualServices, httpRoutes }, application, picks.app);
  const namespace = app.found === 'one' ? app.value : undefined;
  const entry = namespace === undefined ? undefined : await reader.get('namespaces', namespace, namespace);
  const gatewaySelectors = selectorsOf({ gateways, apiGateways });
  const [ownPods, deployments, configMaps, istiods, gatewayPods, tracingPods] = await Promise.all([
    namespace === undefined ? [] : reader.list('pods', { namespace }),
    namespace === undefined ? [] : reader.list('deployments', { namespace }),
    meshConfigMaps(input, entry),
    list('pods', { app: 'istiod' }),
    all(gatewaySelectors.map((labels) => list('pods', labels))),
    all(tracingSelectors(services, picks.tracing).map((where) => reader.list('pods', where))),
  ]);
  const namespaces: readonly Namespace[] = entry === undefined ? [] : [entry];
  const telemetryVersion = await reader.version('telemetries');
  return {
    app,
    ...(telemetryVersion !== undefined && { telemetryVersion }),
    objects: {
      namespaces,
      services,
      pods: onceEach([...ownPods, ...istiods, ...gatewayPods, ...tracingPods]),
      deployments: deployments satisfies readonly Deployment[],
      configMaps,
      gateways,
      virtualServices,
      destinationRules,
      telemetries,
      apiGateways,
      httpRoutes,
    },
  };
}

/**
 * Reads again what changes while a mesh is in use: the pods of application and gateway, and how tracing is configured. All
 * else is as it was.
 * @throws KubeError
 */
export async function rereadCluster(input: ReadInput, before: ClusterRead): Promise<ClusterRead> {
  const { app, objects } = before;
  const selectors = selectorsOf(objects);
  const list = <Name extends ResourceName>(resource: Name, labels?: Where['labels']) =>
    everywhere(input, resource, labels);
  const [telemetries, ownPods, gatewayPods] = await Promise.all([
    list('telemetries'),
    app.found === 'one' ? input.reader.list('pods', { namespace: app.value }) : [],
    all(selectors.map((labels) => list('pods', labels))),
  ]);
  const isReadAgain = ({ metadata: { namespace, labels } }: Pod) =>
    (app.found === 'one' && namespace === app.value) || selectors.some((selector) => selects(selector, labels));
  const others = objects.pods.filter((pod) => !isReadAgain(pod));
  return { ...before, objects: { ...objects, telemetries, pods: onceEach([...ownPods, ...gatewayPods, ...others]) } };
}

function selectorsOf({ gateways, apiGateways }: Pick<ClusterObjects, 'gateways' | 'apiGateways'>) {
  return unique([
    ...gateways.map(({ spec }) => spec.selector),
    ...apiGateways.map(({ metadata }) => ({ [GATEWAY_LABEL]: metadata.name })),
  ]);
}

/** The revision that an application namespace is labelled with; `default` does not count as one. */
export function revisionLabel(namespace: Namespace | undefined): string | undefined {
  const revision = namespace?.metadata.labels['istio.io/rev'];
  return revision === 'default' ? undefined : revision;
}

async function everywhere<Name extends ResourceName>(
  { reader, namespaces }: ReadInput,
  resource: Name,
  labels: Where['labels'],
): Promise<readonly ObjectOf<Name>[]> {
  const filter = labels === undefined ? {} : { labels };
  if (namespaces === undefined) return reader.list(resource, filter);
  return all(namespaces.map((namespace) => reader.list(resource, { namespace, ...filter })));
}

async function meshConfigMaps(
  { reader, meshNamespace }: ReadInput,
  entry: Namespace | undefined,
): Promise<readonly ConfigMap[]> {
  const names = meshConfigMapNames(revisionLabel(entry));
  const found = await Promise.all(names.map((name) => reader.get('configMaps', meshNamespace, name)));
  return found.filter((map) => map !== undefined);
}

async function all<T>(lists: readonly Promise<readonly T[]>[]): Promise<readonly T[]> {
  return (await Promise.all(lists)).flat();
}

function onceEach(pods: readonly Pod[]): readonly Pod[] {
  return [...new Map(pods.map((pod) => [`${pod.metadata.namespace}/${pod.metadata.name}`, pod])).values()];
}

function unique(selectors: readonly Readonly<Record<string, string>>[]): Readonly<Record<string, string>>[] {
  const some = selectors.filter((selector) => Object.keys(selector).length > 0);
  return [...new Map(some.map((selector) => [JSON.stringify(Object.entries(selector).toSorted()), selector])).values()];
}
