import type { Random } from '../random.ts';
import type { Headers } from '../wire.ts';

/** The context of one span, and what it came out of. */
export interface SpanContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId?: string;
  readonly sampled: boolean;
  /** In which form it goes on. */
  readonly form: 'b3' | 'b3-single' | 'w3c';
  /** W3C only. */
  readonly traceState?: string;
}

/** One of Envoy's tracers: how a context is read from a request, and written to the next. */
export interface Tracer {
  /**
   * The span that this proxy makes for the request. undefined: Envoy's null span, which is never reported and injects
   * nothing, so that headers pass as they are.
   * @param shared a SERVER span takes over the span id it was called with.
   */
  start(headers: Headers, traced: boolean, shared: boolean, random: Random): SpanContext | undefined;
  /** Replaces the context in the headers; also that of an unsampled span. */
  inject(headers: Headers, context: SpanContext): Headers;
  child(context: SpanContext, random: Random): SpanContext;
}

/** Tracing off: no span, and the headers pass as they are. */
export const noTracer: Tracer = {
  start: () => undefined,
  inject: (headers) => headers,
  child: (context) => context,
};

export function replaceHeaders(headers: Headers, values: Headers): Headers {
  const names = new Set(values.map(([name]) => name));
  return [...headers.filter(([name]) => !names.has(name)), ...values];
}
