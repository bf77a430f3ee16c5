import type { ContextHeaders, FormatRow, SentHeaders, TraceContext, WrittenContext } from './format.ts';

/** W3C Trace Context §3.2, version 00, which Envoy's OpenTelemetry tracer speaks. */
export const w3c: FormatRow = {
  speaks: 'W3C',
  write,
  read,
  // The standard's own section on tracestate; a plain probe has no tracestate, because hopcheck is not a tracing vendor.
  variants: {
    tracestate: { write: (context, random) => [...write(context), ['tracestate', `hopcheck=${random(8)}`]] },
  },
  columns: [
    { name: 'traceparent', shows: 'span', decides: true },
    { name: 'tracestate', shows: 'nothing' },
  ],
  driver: {
    providers: ['opentelemetry'],
    tags: ['zone', 'otel.scope.name', 'w3c.tracestate'],
    decidesByRequestId: true,
  },
  isAlwaysShown: true,
};

function write({ traceId, spanId, sampled }: TraceContext): ContextHeaders {
  return [['traceparent', `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`]];
}

function read(sent: SentHeaders): WrittenContext | undefined {
  const [, traceId, spanId, flags] =
    /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/.exec(sent.get('traceparent') ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}
