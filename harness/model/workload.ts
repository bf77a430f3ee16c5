import { shortServiceName } from './service-name.ts';
import { isProxySpan, nameIn, type Span, tag } from './span.ts';

/** Who made a span. */
export interface Workload {
  /** Short name, as in the application definition: `orders`. */
  readonly service: string;
  /** `istio.canonical_revision`, where the proxy says it and it is a version (`latest` is Istio's word for none); else the pod's `-v1`. */
  readonly version?: string;
  /** Pod name out of `node_id`. */
  readonly pod?: string;
  readonly namespace?: string;
}

/** node_id = `sidecar~<ip>~<pod>.<namespace>~<namespace>.svc.cluster.local`, as Istio writes it. */
const NODE_ID = /^(?:sidecar|router|waypoint)~[^~]*~([^~]+)\.([^.~]+)~/;
/** `<deployment>-<replica set>-<suffix>`; a workload's name without the two hashes. */
const POD_HASHES = /-[a-z0-9]{6,10}-[a-z0-9]{4,6}$/;

/** How the names in spans are read. */
export interface Naming {
  /** The configuration's word: the name as reported, full or short → the short name in the application. It wins. */
  readonly services: Readonly<Record<string, string>>;
  /**
   * Who makes the spans of a process, by its service name, as learnt from those of its spans that say so
   * ({@link learnProcesses}); undefined: several workloads share the name.
   */
  readonly processes?: ReadonlyMap<string, string | undefined>;
  /**
   * The namespaces of the application's services that are seen in several (`homeNamespaces()`): one of the same name in
   * another namespace is another service, `orders.staging`.
   */
  readonly homes?: ReadonlyMap<string, string>;
}

const NO_NAMES: Naming = { services: {} };

/**
 * Says who made a span, in the order of docs/architecture.md#service-identity: `istio.canonical_service` + `istio.namespace`, else `node_id`, else
 * what other spans of its process say, else the service name with or without namespace. A configured name wins.
 * undefined: cannot be identified, which is HC7xx and never "service missing".
 */
export function identify(span: Span, naming: Naming = NO_NAMES): Workload | undefined {
  const place = placeOf(span, tag(span, 'node_id') ?? '', naming);
  const canonical = tag(span, 'istio.canonical_service');
  const revision = tag(span, 'istio.canonical_revision');
  const namespace = tag(span, 'istio.namespace');
  const isProxy = isProxySpan(span);
  for (const one of place) {
    if (one.canonical !== canonical || one.revision !== revision) continue;
    if (one.namespace === namespace && one.isProxy === isProxy) return one.workload;
  }
  const workload = workloadOf(span, naming);
  if (place.length < MOST_OF_ONE) place.push({ canonical, revision, namespace, isProxy, workload });
  return workload;
}

/** All that {@link workloadOf} looks at beside the names of process and node, and what it found. */
interface Identified {
  readonly canonical: string | undefined;
  readonly revision: string | undefined;
  readonly namespace: string | undefined;
  readonly isProxy: boolean;
  readonly workload: Workload | undefined;
}

/** By the name of the process and of its node. */
type IdentifiedBy = Map<string, Map<string, Identified[]>>;

/** So many are kept of one process on one node, and so many nodes; a mesh has fewer, a hostile dump may have more. */
const MOST_OF_ONE = 20;
const MOST_NODES = 5000;

/** A run asks some dozen times who made each of its spans, and a mesh has few workloads: all spans of one share it. */
const identified = new WeakMap<Naming, IdentifiedBy>();
let last: { readonly naming: Naming; readonly by: IdentifiedBy; nodes: number } | undefined;

function placeOf(span: Span, node: string, naming: Naming): Identified[] {
  if (last?.naming !== naming) {
    const by: IdentifiedBy = identified.get(naming) ?? new Map();
    identified.set(naming, by);
    last = { naming, by, nodes: [...by.values()].reduce((sum, { size }) => sum + size, 0) };
  }
  if (last.nodes > MOST_NODES) {
    last.by.clear();
    last.nodes = 0;
  }
  let nodes = last.by.get(span.service);
  if (nodes === undefined) {
    nodes = new Map();
    last.by.set(span.service, nodes);
  }
  let place = nodes.get(node);
  if (place === undefined) {
    place = [];
    nodes.set(node, place);
    last.nodes += 1;
  }
  return place;
}

function workloadOf(span: Span, { services, processes, homes }: Naming): Workload | undefined {
  const node = NODE_ID.exec(tag(span, 'node_id') ?? '');
  const tagged = tag(span, 'istio.canonical_revision');
  const revision = tagged === 'latest' ? undefined : tagged;
  const namespace = tag(span, 'istio.namespace') ?? node?.[2];
  const pod = node?.[1];
  const service = makerOf(span, node, { services, ...(processes !== undefined && { processes }) });
  if (service === undefined || service === '') return undefined;
  const version = revision ?? versionOfPod(pod);
  return {
    service: nameIn(service, namespace, homes),
    ...(version !== undefined && { version }),
    ...(pod !== undefined && { pod }),
    ...(namespace !== undefined && { namespace }),
  };
}

/** A configured name is final; it is not looked up again. */
function makerOf(span: Span, node: RegExpExecArray | null, { services, processes }: Naming): string | undefined {
  const mapped = Object.hasOwn(services, span.service) ? services[span.service] : undefined;
  if (mapped !== undefined) return mapped;
  const own = tag(span, 'istio.canonical_service') ?? serviceOfPod(node?.[1], node?.[2], span.service);
  const isLearnt = own === undefined && processes?.has(span.service) === true && isProxySpan(span);
  if (own === undefined && !isLearnt) return shortServiceName(span.service, services);
  const name = own ?? processes?.get(span.service);
  return name === undefined ? undefined : shortNameIn(name, services);
}

/** The configuration's word for a name, else the name. */
export function shortNameIn(name: string, services: Naming['services']): string {
  return Object.hasOwn(services, name) ? (services[name] ?? name) : name;
}

/** A span that itself says who made it; others are known by their process or its name only. */
export function namesItsMaker(span: Span): boolean {
  return tag(span, 'istio.canonical_service') !== undefined || NODE_ID.test(tag(span, 'node_id') ?? '');
}

/** The span of a gateway's proxy: Istio's node ids begin with the type of the proxy. */
export function isRouterSpan(span: Span): boolean {
  return tag(span, 'node_id')?.startsWith('router~') === true;
}

/** The span of a waypoint, which stands between workloads in ambient mode. */
export function isOfWaypoint(span: Span): boolean {
  return (
    tag(span, 'node_id')?.startsWith('waypoint~') === true ||
    tag(span, 'upstream_cluster')?.startsWith('inbound-vip|') === true
  );
}

/** Old proxies have no tags of Istio's; their deployments are named `<service>-<version>`. */
function versionOfPod(pod: string | undefined): string | undefined {
  return /-(v\d+)$/.exec(pod?.replace(POD_HASHES, '') ?? '')?.[1];
}

/**
 * The workload's name is the pod's without its hashes: two behind a Deployment's, one suffix behind that of a DaemonSet
 * or StatefulSet. Where the process is called after the service and the pod's namespace, and the pod after the service,
 * the process says how much of it is the service: `front.shop` of `front-canary-5c6d7f8b9-abcde`.
 */
function serviceOfPod(pod: string | undefined, namespace: string | undefined, process: string): string | undefined {
  if (pod === undefined) return undefined;
  const short = shortServiceName(process, {});
  const isNamed =
    short !== undefined &&
    pod.startsWith(`${short}-`) &&
    (process === `${short}.${namespace}` || !POD_HASHES.test(pod));
  return (isNamed ? short : pod.replace(POD_HASHES, '')).replace(/-v\d+$/, '');
}
