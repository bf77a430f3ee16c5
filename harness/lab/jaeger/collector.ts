import type { Handler } from '../wire.ts';
import type { SpanStore, StoredSpan } from './store.ts';

interface ZipkinSpan {
  traceId: string;
  id: string;
  parentId?: string;
  kind?: string;
  name: string;
  timestamp: number;
  duration: number;
  localEndpoint: { serviceName: string; ipv4?: string };
  tags: Record<string, string>;
  annotations?: { timestamp: number; value: string }[];
}

interface OtlpAttribute {
  key: string;
  value: { stringValue: string };
}

interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: OtlpAttribute[];
  status: { code?: number };
}

interface OtlpReport {
  resourceSpans: {
    resource: { attributes: OtlpAttribute[] };
    scopeSpans: { scope: { name: string; version: string }; spans: OtlpSpan[] }[];
  }[];
}

const KINDS: Readonly<Record<string, number>> = { INTERNAL: 1, SERVER: 2, CLIENT: 3, PRODUCER: 4, CONSUMER: 5 };

/** Takes Zipkin v2 JSON at /api/v2/spans (202) and OTLP JSON at /v1/traces (200). */
export function collector(store: Pick<SpanStore, 'add'>): Handler {
  return async ({ path, body }) => {
    if (path === '/api/v2/spans') {
      store.add((JSON.parse(body) as ZipkinSpan[]).map(fromZipkin));
      return { status: 202, headers: [], body: '' };
    }
    if (path === '/v1/traces') {
      store.add(fromOtlp(JSON.parse(body) as OtlpReport));
      return { status: 200, headers: [['content-type', 'application/json']], body: '{"partialSuccess":{}}' };
    }
    return { status: 404, headers: [], body: '' };
  };
}

/**
 * A tag error=true becomes a status, and comes back as a bool; `shared` and `debug` are dropped
 * (docs/facts/jaeger.md#ingest).
 */
function fromZipkin(span: ZipkinSpan): StoredSpan {
  const tags = Object.entries(span.tags).filter(([key, value]) => !(key === 'error' && value === 'true'));
  if (span.localEndpoint.ipv4 !== undefined) tags.push(['net.host.ip', span.localEndpoint.ipv4]);
  return {
    traceId: span.traceId.padStart(32, '0'),
    id: span.id,
    ...(span.parentId !== undefined && span.parentId !== span.id && { parentId: span.parentId }),
    kind: KINDS[span.kind ?? ''] ?? 0,
    name: span.name,
    service: span.localEndpoint.serviceName,
    resource: [],
    startMicros: span.timestamp,
    durationMicros: span.duration,
    tags,
    isError: span.tags.error === 'true',
    logs: (span.annotations ?? []).map(({ timestamp, value }) => ({ timestamp, value })),
  };
}

function fromOtlp(report: OtlpReport): StoredSpan[] {
  return report.resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const attributes = resource.attributes.map(({ key, value }) => [key, value.stringValue] as const);
    const service = attributes.find(([key]) => key === 'service.name')?.[1] ?? 'OTLPResourceNoServiceName';
    return scopeSpans.flatMap(({ scope, spans }) =>
      spans.map((span): StoredSpan => {
        const startMicros = Number(span.startTimeUnixNano.slice(0, -3));
        return {
          traceId: span.traceId,
          id: span.spanId,
          ...(span.parentSpanId !== undefined && { parentId: span.parentSpanId }),
          kind: span.kind,
          name: span.name,
          service,
          resource: attributes.filter(([key]) => key !== 'service.name'),
          scope,
          startMicros,
          durationMicros: Number(span.endTimeUnixNano.slice(0, -3)) - startMicros,
          tags: span.attributes.map(({ key, value }) => [key, value.stringValue] as const),
          isError: span.status.code === 2,
          logs: [],
        };
      }),
    );
  });
}
