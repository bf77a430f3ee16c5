import { BY_LIKELIHOOD, FORMATS, MESH_FORMATS } from '../formats/formats.ts';
import type { Sourced } from '../model/capture.ts';
import type { ContextFormat } from '../model/exchange.ts';
import { isProxySpan, type Span, tag } from '../model/span.ts';
import type { Trace } from '../model/trace.ts';
import type { Claim } from './dump-index.ts';

/**
 * The mesh's own context format: one that a request carried and its trace came under, else the one that goes with the
 * tracer which made the spans. undefined: nothing shows it.
 */
export function meshFormat(claims: readonly Claim[], traces: readonly Trace[]): Sourced<ContextFormat> | undefined {
  const read = new Set(
    claims.flatMap(({ exchange: { probe }, own }) =>
      probe.format !== 'none' && own !== undefined && own.id === probe.traceId ? [probe.format] : [],
    ),
  );
  // Where requests brought several, the likeliest.
  const carried = BY_LIKELIHOOD.find((format) => read.has(format));
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
  return MESH_FORMATS.find((id) => FORMATS[id].driver?.tags.some((name) => tag(span, name) !== undefined));
}
