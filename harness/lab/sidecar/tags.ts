import { SECOND_NAMES } from '../../model/tag-names.ts';
import { type Headers, header, type WireRequest, type WireResponse } from '../wire.ts';

/** Who a proxy is, in its spans. */
export interface ProxyIdentity {
  /** `reviews.default`, `istio-ingressgateway.istio-system` */
  readonly service: string;
  readonly canonicalService: string;
  /** `latest` where there is none. */
  readonly revision: string;
  readonly namespace: string;
  readonly nodeId: string;
}

/** Who tags, and how. */
interface Tagger {
  readonly identity: ProxyIdentity;
  readonly istioTags: boolean;
}

/** What became of a request. */
interface Facts {
  readonly upstream: { readonly cluster: string };
  readonly request: WireRequest;
  /** As sent on. */
  readonly headers: Headers;
  readonly response?: WireResponse;
  readonly status: number;
  readonly flags: string;
}

export function bySecondName([key, value]: readonly [string, string]): readonly [string, string] {
  return [(SECOND_NAMES as Readonly<Record<string, string>>)[key] ?? key, value];
}

function commonTags({ identity, istioTags }: Tagger, { upstream, status, flags }: Facts): [string, string][] {
  return [
    ['component', 'proxy'],
    ['upstream_cluster', upstream.cluster],
    ['upstream_cluster.name', `${upstream.cluster};`],
    ['http.status_code', String(status)],
    ['response_flags', flags],
    ...(status === 0 || status >= 500 ? [['error', 'true'] as [string, string]] : []),
    ...(istioTags ? istioTagsOf(identity) : []),
  ];
}

function istioTagsOf(identity: ProxyIdentity): [string, string][] {
  return [
    ['istio.canonical_revision', identity.revision],
    ['istio.canonical_service', identity.canonicalService],
    ['istio.mesh_id', 'cluster.local'],
    ['istio.namespace', identity.namespace],
    ['istio.cluster_id', 'Kubernetes'],
  ];
}

/**
 * The 22 tags of a normal span; 23 with `zone`, which only OTLP carries when empty
 * (docs/facts/envoy.md#healthy-traces).
 */
export function downstreamTags(options: Tagger, facts: Facts): [string, string][] {
  const { headers, request, response } = facts;
  const clientTraceId = header(headers, 'x-client-trace-id');
  return [
    ['node_id', options.identity.nodeId],
    ['zone', ''],
    ['guid:x-request-id', header(headers, 'x-request-id') ?? ''],
    ...(clientTraceId === undefined ? [] : [['guid:x-client-trace-id', clientTraceId] as [string, string]]),
    ['http.url', `http://${header(headers, 'host') ?? '-'}${request.path}`],
    ['http.method', request.method],
    ['downstream_cluster', '-'],
    ['user_agent', header(headers, 'user-agent') ?? '-'],
    ['http.protocol', 'HTTP/1.1'],
    ['peer.address', '127.0.0.1'],
    ['request_size', String(request.body.length)],
    ['response_size', String(response?.body.length ?? 0)],
    ...commonTags(options, facts),
  ];
}

/**
 * The gateway's span of a try upstream knows neither node, request id, URL nor user agent
 * (docs/facts/envoy.md#healthy-traces).
 */
export function upstreamTags(options: Tagger, facts: Facts): [string, string][] {
  return [
    ['http.protocol', 'HTTP/1.1'],
    ['upstream_address', '127.0.0.1:15006'],
    ['peer.address', '127.0.0.1:15006'],
    ...commonTags(options, facts),
  ];
}
