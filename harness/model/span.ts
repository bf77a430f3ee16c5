import type { SpanId, TraceId } from './ids.ts';

export type SpanKind = 'client' | 'server' | 'producer' | 'consumer' | 'internal' | 'unspecified';

/** One span as stored: nothing repaired, nothing shifted (docs/architecture.md#rule-4). */
export interface Span {
  readonly traceId: TraceId;
  readonly id: SpanId;
  /**
   * The parent in the same trace: the first CHILD_OF, else the first FOLLOWS_FROM (docs/facts/jaeger.md#legacy-fields).
   */
  readonly parentId?: SpanId;
  readonly kind: SpanKind;
  /** The service name as reported, e.g. `orders.shop`. */
  readonly service: string;
  readonly operation: string;
  readonly startMicros: number;
  readonly durationMicros: number;
  /** All values as text: backends differ in types (docs/facts/envoy.md#healthy-traces). Read with {@link tag}. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A tag's value; safe for keys such as `constructor`. */
export function tag(span: Span, key: string): string | undefined {
  return Object.hasOwn(span.tags, key) ? span.tags[key] : undefined;
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

/** The short service a CLIENT proxy span calls: `outbound|9080|v1|orders.shop.svc.cluster.local` → `orders`. */
export function calledService(span: Span): string | undefined {
  const cluster = tag(span, 'upstream_cluster');
  return cluster === undefined ? undefined : OUTBOUND.exec(cluster)?.[1];
}

/** direction|port|subset|host */
const OUTBOUND = /^outbound\|[^|]*\|[^|]*\|(?=[^|])([^.|]*)/;
