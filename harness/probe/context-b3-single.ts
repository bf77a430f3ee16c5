import type { ContextHeaders, TraceContext } from './context.ts';

/** The single `b3` header (openzipkin/b3-propagation, "Single Header"): `{trace}-{span}-{state}`. */
export function b3SingleHeaders({ traceId, spanId, sampled }: TraceContext): ContextHeaders {
  return [['b3', `${traceId}-${spanId}-${sampled ? '1' : '0'}`]];
}
