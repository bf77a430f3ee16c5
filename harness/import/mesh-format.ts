import type { Sourced } from '../model/capture.ts';
import type { ContextFormat } from '../model/exchange.ts';
import { isProxySpan, type Span, tag } from '../model/span.ts';
import type { Trace } from '../model/trace.ts';
import type { Claim } from './dump-index.ts';

/**
 * What only Envoy's OpenTelemetry tracer writes, and what only its Zipkin tracer does
 * (docs/facts/envoy.md#healthy-traces).
 */
const OPENTELEMETRY_TAGS = ['zone', 'otel.scope.name', 'w3c.tracestate'];
const ZIPKIN_TAG = 'net.host.ip';

/** Where a request brought several, the one that more meshes speak. */
const ORDER = ['b3', 'w3c', 'b3-single'] as const;

/**
 * The mesh's own context format: one that a request carried and its trace came under, else the one that goes with the
 * tracer which made the spans. undefined: nothing tells.
 */
export function meshFormat(claims: readonly Claim[], traces: readonly Trace[]): Sourced<ContextFormat> | undefined {
  const read = new Set(
    claims.flatMap(({ exchange: { probe }, own }) =>
      probe.format !== 'none' && own !== undefined && own.id === probe.traceId ? [probe.format] : [],
    ),
  );
  const carried = ORDER.find((format) => read.has(format));
  if (carried !== undefined) return { value: carried, source: 'discovered', from: 'requests whose ids came back' };
  for (const { spans } of traces) {
    for (const span of spans) {
      const format = tracerOf(span);
      if (format !== undefined) return { value: format, source: 'discovered', from: "the tracer's own tags" };
    }
  }
  return undefined;
}

function tracerOf(span: Span): ContextFormat | undefined {
  if (!isProxySpan(span)) return undefined;
  if (OPENTELEMETRY_TAGS.some((name) => tag(span, name) !== undefined)) return 'w3c';
  return tag(span, ZIPKIN_TAG) === undefined ? undefined : 'b3';
}
