import type { ContextHeaders, TraceContext } from './context.ts';

/** B3 multi headers (openzipkin/b3-propagation, "Multiple Headers"). No parent span id: the probe is the trace's first caller. */
export function b3Headers({ traceId, spanId, sampled }: TraceContext): ContextHeaders {
  return [
    ['x-b3-traceid', traceId],
    ['x-b3-spanid', spanId],
    ['x-b3-sampled', sampled ? '1' : '0'],
  ];
}
