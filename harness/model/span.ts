import { z } from 'zod';
import { spanIdSchema, traceIdSchema } from './ids.ts';
import { type Data, open } from './schema.ts';
import { readTag } from './tag-names.ts';

/** As OpenTelemetry has them; `unspecified`: the span does not say. */
export const SPAN_KINDS = ['client', 'server', 'producer', 'consumer', 'internal', 'unspecified'] as const;
export type SpanKind = (typeof SPAN_KINDS)[number];

/** Describes {@link Span}. Spans are read by a guard that is written by hand (harness/capture/span-guard.ts). */
export const spanSchema = open({
  traceId: traceIdSchema,
  id: spanIdSchema,
  /**
   * The parent in the same trace: the first CHILD_OF, else the first FOLLOWS_FROM (docs/facts/jaeger.md#legacy-fields).
   */
  parentId: spanIdSchema.exactOptional(),
  kind: z.enum(SPAN_KINDS),
  /** The service name as reported, e.g. `orders.shop`. */
  service: z.string(),
  operation: z.string(),
  startMicros: z.number(),
  durationMicros: z.number(),
  /** All values as text: backends differ in types (docs/facts/envoy.md#healthy-traces). Read with {@link tag}. */
  tags: z.record(z.string(), z.string()),
});

/** One span as stored: nothing repaired, nothing shifted (docs/architecture.md#rule-4). */
export interface Span extends Data<typeof spanSchema> {}

/** A tag's value, by Envoy's name for it ({@link readTag}); safe for keys such as `constructor`. */
export function tag(span: Pick<Span, 'tags'> & SelfReading, key: string): string | undefined {
  const own = span[READ_TAG];
  return own === undefined ? readTag(span.tags, key) : own.call(span, key);
}

/** How {@link tag} reads a span whose tags are not an object; to make one of them takes longer than to read one tag. */
export const READ_TAG: unique symbol = Symbol('tag');

interface SelfReading {
  readonly [READ_TAG]?: (key: string) => string | undefined;
}

/** Made by Envoy, in a sidecar or gateway; all other spans are an application's own SDK's. */
export function isProxySpan(span: Span): boolean {
  return tag(span, 'component') === 'proxy';
}

/**
 * `http.status_code` as a number; 0 means that no answer was seen (docs/facts/envoy.md#tags). undefined: no such tag.
 */
export function httpStatus(span: Span): number | undefined {
  const text = tag(span, 'http.status_code');
  return text !== undefined && /^\d{1,3}$/.test(text) ? Number(text) : undefined;
}

/** Envoy's response flags, e.g. `['UH']`; `-` means none. */
export function responseFlags(span: Span): readonly string[] {
  const text = tag(span, 'response_flags');
  return text === undefined || text === '-' || text === '' ? [] : text.split(',');
}

export function endMicros(span: Span): number {
  return span.startMicros + span.durationMicros;
}

/**
 * The service a CLIENT proxy span calls, by its host: `outbound|9080|v1|orders.shop.svc.cluster.local` → `orders`. A host
 * that is not a Service of the cluster is not shortened: `orders.books.example.com` is not the service `orders`.
 * @param homes the namespaces of services that are seen in several (Naming.homes): in another one it is another
 * service, `orders.staging`.
 */
export function calledService(span: Span, homes?: ReadonlyMap<string, string>): string | undefined {
  const called = calledOf(span);
  if (called === undefined) return undefined;
  const { host, service, namespace } = called;
  return service === undefined ? host : nameIn(service, namespace, homes);
}

/** A host, and what it names where it is a Service of the cluster. */
interface CalledHost {
  readonly host: string;
  /** A route picked it; absent: the cluster is of the whole service. */
  readonly subset?: string;
  readonly service: string | undefined;
  readonly namespace: string | undefined;
}

/** By Envoy's cluster, of which a mesh has few and a run as many spans as it likes. */
const called = new Map<string, CalledHost | undefined>();
const MOST_CLUSTERS = 10_000;

function calledOf(span: Span): CalledHost | undefined {
  const cluster = tag(span, 'upstream_cluster');
  if (cluster === undefined) return undefined;
  const known = called.get(cluster);
  if (known !== undefined || called.has(cluster)) return known;
  const [, subset = '', host] = OUTBOUND.exec(cluster) ?? [];
  const [, service, namespace] = (host === undefined ? undefined : SERVICE_HOST.exec(host)) ?? [];
  const found = host === undefined ? undefined : { host, service, namespace, ...(subset !== '' && { subset }) };
  if (called.size === MOST_CLUSTERS) called.clear();
  called.set(cluster, found);
  return found;
}

/** The name of a service, with its namespace where that is not the one of the application's service of this name. */
export function nameIn(
  service: string,
  namespace: string | undefined,
  homes: ReadonlyMap<string, string> | undefined,
): string {
  const home = homes?.get(service);
  return home === undefined || namespace === undefined || namespace === home ? service : `${service}.${namespace}`;
}

/** `orders` of `orders.shop.svc.cluster.local`; undefined: the host is not a Service of the cluster. */
export function serviceOfHost(host: string): string | undefined {
  return SERVICE_HOST.exec(host)?.[1];
}

/** `shop` of `orders.shop.svc.cluster.local`; undefined: the host is not a Service of the cluster. */
export function namespaceOfHost(host: string): string | undefined {
  return SERVICE_HOST.exec(host)?.[2];
}

/** The host a CLIENT proxy span calls, as its cluster names it: `orders.shop.svc.cluster.local`. */
export function calledHost(span: Span): string | undefined {
  return calledOf(span)?.host;
}

/** The subset of the service that a route picked for the call; undefined: none did. Mostly the name of a version. */
export function calledSubset(span: Span): string | undefined {
  return calledOf(span)?.subset;
}

/**
 * The address that a call went to, with its port; undefined: the span does not show it. Envoy writes it on the span of a
 * try; `peer.address` is the address of the caller, without a port, on all others (docs/facts/envoy.md#healthy-traces).
 */
export function calledAddress(span: Span): string | undefined {
  if (span.kind !== 'client') return undefined;
  const peer = tag(span, 'peer.address');
  return tag(span, 'upstream_address') ?? (peer !== undefined && WITH_PORT.test(peer) ? peer : undefined);
}

/** True for a host outside the cluster: not `<service>.<namespace>.svc…`, and not a bare name. */
export function isExternalHost(host: string): boolean {
  return host.includes('.') && !SERVICE_HOST.test(host);
}

/** `10.0.0.7:9080`, `[fd00::7]:9080` */
const WITH_PORT = /^(?:[\d.]+|\[[0-9a-f:.]+\]):\d+$/i;
/** direction|port|subset|host */
const OUTBOUND = /^outbound\|[^|]*\|([^|]*)\|([^|]+)/;
/** `<service>.<namespace>.svc`, with or without the domain of the cluster (docs/facts/istio.md#service-names). */
const SERVICE_HOST = /^([^.]+)\.([^.]+)\.svc(?:\.|$)/;

/** The span as a plain object, with properties in the order of the capture file, whatever holds its values. */
export function plainSpan(span: Span): Span {
  const { traceId, id, parentId, kind, service, operation, startMicros, durationMicros, tags } = span;
  const parent = parentId === undefined ? {} : { parentId };
  return { traceId, id, ...parent, kind, service, operation, startMicros, durationMicros, tags };
}
