import type { ContextFormat } from '../model/exchange.ts';
import type { SpanId, TraceId } from '../model/ids.ts';

/** A trace context with its decision, before it is written in some format. */
export interface TraceContext {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly sampled: boolean;
}

export type ContextHeaders = readonly (readonly [name: string, value: string])[];

export const CONTEXT_HEADERS: Readonly<Record<ContextFormat, (context: TraceContext) => ContextHeaders>> = {
  b3: b3Headers,
  'b3-single': b3SingleHeaders,
  w3c: w3cHeaders,
};

/** B3 multi headers (openzipkin/b3-propagation, "Multiple Headers"). No parent span id: the probe is the trace's first caller. */
function b3Headers({ traceId, spanId, sampled }: TraceContext): ContextHeaders {
  return [
    ['x-b3-traceid', traceId],
    ['x-b3-spanid', spanId],
    ['x-b3-sampled', sampled ? '1' : '0'],
  ];
}

/** The single `b3` header (openzipkin/b3-propagation, "Single Header"): `{trace}-{span}-{state}`. */
function b3SingleHeaders({ traceId, spanId, sampled }: TraceContext): ContextHeaders {
  return [['b3', `${traceId}-${spanId}-${sampled ? '1' : '0'}`]];
}

/** W3C Trace Context §3.2, version 00. No tracestate: hopcheck is no tracing vendor. */
function w3cHeaders({ traceId, spanId, sampled }: TraceContext): ContextHeaders {
  return [['traceparent', `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`]];
}
