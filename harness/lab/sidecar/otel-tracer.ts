import { header } from '../wire.ts';
import { replaceHeaders, type Tracer } from './tracer.ts';

const TRACEPARENT = /^[0-9a-fA-F]{2}-([0-9a-fA-F]{32})-([0-9a-fA-F]{16})-([0-9a-fA-F]{2})$/;

/**
 * Envoy 1.40's OpenTelemetry driver, W3C only; since 1.39 the proxy's own decision vetoes
 * (docs/facts/envoy.md#opentelemetry-headers).
 */
export const otelTracer: Tracer = {
  start(headers, traced, _shared, random) {
    const value = header(headers, 'traceparent');
    if (value === undefined) return { traceId: random.hex(32), spanId: random.hex(16), sampled: traced, form: 'w3c' };
    const [, traceId = '', parentId = '', flags = ''] = TRACEPARENT.exec(value) ?? [];
    // A header that does not parse makes no span, and goes on as it is.
    if (traceId === '' || /^0+$/.test(traceId) || /^0+$/.test(parentId)) return undefined;
    const traceState = headers
      .filter(([name]) => name === 'tracestate')
      .map(([, state]) => state)
      .join(',');
    const sampled = (Number.parseInt(flags, 16) & 1) === 1 && traced;
    return {
      traceId: traceId.toLowerCase(),
      spanId: random.hex(16),
      parentId: parentId.toLowerCase(),
      sampled,
      form: 'w3c',
      traceState,
    };
  },
  // tracestate is always written, empty where there is none: a lone one of the client's is blanked.
  inject: (headers, { traceId, spanId, sampled, traceState }) =>
    replaceHeaders(headers, [
      ['traceparent', `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`],
      ['tracestate', traceState ?? ''],
    ]),
  child: (context, random) => ({ ...context, parentId: context.spanId, spanId: random.hex(16) }),
};
