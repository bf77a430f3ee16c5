import { type Span, tag } from './span.ts';

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

/**
 * Says who made a span, in the order of design §7: `istio.canonical_service` + `istio.namespace`, else `node_id`, else
 * the service name with or without namespace. `mapping` (full or short name → short name) is the configuration's word
 * and wins. undefined: cannot be identified, which is HC7xx and never "service missing".
 */
export function identify(span: Span, mapping: Readonly<Record<string, string>> = {}): Workload | undefined {
  const node = NODE_ID.exec(tag(span, 'node_id') ?? '');
  const tagged = tag(span, 'istio.canonical_revision');
  const revision = tagged === 'latest' ? undefined : tagged;
  const namespace = tag(span, 'istio.namespace') ?? node?.[2];
  const pod = node?.[1];
  const mapped = Object.hasOwn(mapping, span.service) ? mapping[span.service] : undefined;
  const service = mapped ?? tag(span, 'istio.canonical_service') ?? serviceOfPod(pod) ?? shortName(span.service);
  if (service === undefined || service === '') return undefined;
  const version = revision ?? versionOfPod(pod);
  return {
    service: Object.hasOwn(mapping, service) ? (mapping[service] ?? service) : service,
    ...(version !== undefined && { version }),
    ...(pod !== undefined && { pod }),
    ...(namespace !== undefined && { namespace }),
  };
}

/** Old proxies have no tags of Istio's; their deployments are named `<service>-<version>`. */
function versionOfPod(pod: string | undefined): string | undefined {
  return /-(v\d+)$/.exec(pod?.replace(POD_HASHES, '') ?? '')?.[1];
}

function serviceOfPod(pod: string | undefined): string | undefined {
  return pod?.replace(POD_HASHES, '').replace(/-v\d+$/, '');
}

const PLACEHOLDERS = new Set(['', 'missing-service-name', 'empty-service-name', 'OTLPResourceNoServiceName']);

function shortName(service: string): string | undefined {
  return PLACEHOLDERS.has(service) || service.startsWith('unknown_service') ? undefined : service.split('.')[0];
}
