import type { ContextHeaders, TraceContext } from './context.ts';

/** W3C Trace Context §3.2, version 00. No tracestate: hopcheck is no tracing vendor. */
export function w3cHeaders({ traceId, spanId, sampled }: TraceContext): ContextHeaders {
  return [['traceparent', `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`]];
}
