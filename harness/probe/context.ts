import type { ContextFormat } from '../model/exchange.ts';
import type { SpanId, TraceId } from '../model/ids.ts';
import { b3Headers } from './context-b3.ts';
import { b3SingleHeaders } from './context-b3-single.ts';
import { w3cHeaders } from './context-w3c.ts';

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
