import type { Random } from '../random.ts';
import { type Headers, header } from '../wire.ts';
import { replaceHeaders, type SpanContext, type Tracer } from './tracer.ts';

const HEX = /^[0-9a-fA-F]{1,16}$/;
const TRACE = /^[0-9a-fA-F]{1,32}$/;
const ACCEPTED = new Set(['1', 'true']);

/**
 * Envoy 1.40's Zipkin driver, B3 (docs/facts/envoy.md#zipkin-headers; single `b3` and odd decisions as in
 * docs/facts/envoy.md#headers-seen).
 */
export const zipkinTracer: Tracer = {
  start(headers, traced, shared, random) {
    const single = header(headers, 'b3');
    return single === undefined ? startMulti(headers, traced, shared, random) : startSingle(single, traced, random);
  },
  inject(headers, { traceId, spanId, parentId, sampled, form }) {
    const flag = sampled ? '1' : '0';
    if (form === 'b3-single')
      return replaceHeaders(headers, [
        ['b3', [traceId, spanId, flag, ...(parentId === undefined ? [] : [parentId])].join('-')],
      ]);
    // A root leaves a stale parentspanid where it is.
    const parent: Headers = parentId === undefined ? [] : [['x-b3-parentspanid', parentId]];
    return replaceHeaders(headers, [
      ['x-b3-traceid', traceId],
      ['x-b3-spanid', spanId],
      ...parent,
      ['x-b3-sampled', flag],
    ]);
  },
  child: (context, random) => ({ ...context, parentId: context.spanId, spanId: random.hex(16) }),
};

function startMulti(headers: Headers, traced: boolean, shared: boolean, random: Random): SpanContext | undefined {
  const sampledHeader = header(headers, 'x-b3-sampled');
  const sampled = sampledHeader === undefined ? traced : ACCEPTED.has(sampledHeader);
  const traceId = header(headers, 'x-b3-traceid');
  const spanId = header(headers, 'x-b3-spanid');
  // The loss of either id is a new trace; one without a value cannot be read, and makes no span.
  if (traceId === undefined || spanId === undefined) return newTrace(sampled, 'b3', random);
  const parent = header(headers, 'x-b3-parentspanid');
  if (!TRACE.test(traceId) || !HEX.test(spanId) || (parent && !HEX.test(parent))) return undefined;
  const ids = { traceId: normalTrace(traceId), sampled, form: 'b3' as const };
  if (shared) return { ...ids, spanId: normalSpan(spanId), ...(parent && { parentId: normalSpan(parent) }) };
  return { ...ids, spanId: random.hex(16), parentId: normalSpan(spanId) };
}

/** `{trace}-{span}[-{1|0|d}[-{parent}]]`, or the state alone. */
function startSingle(value: string, traced: boolean, random: Random): SpanContext | undefined {
  if (value === '0') return newTrace(false, 'b3-single', random);
  if (value === '1' || value === 'd') return newTrace(true, 'b3-single', random);
  const [, traceId = '', spanId = '', state] =
    /^([0-9a-fA-F]{16}|[0-9a-fA-F]{32})-([0-9a-fA-F]{16})(?:-([01d])(?:-[0-9a-fA-F]{16})?)?$/.exec(value) ?? [];
  if (traceId === '') return undefined;
  const sampled = state === undefined ? traced : state !== '0';
  return {
    traceId: normalTrace(traceId),
    spanId: random.hex(16),
    parentId: normalSpan(spanId),
    sampled,
    form: 'b3-single',
  };
}

/** Envoy's root: the low half of the trace id is the span id. */
function newTrace(sampled: boolean, form: 'b3' | 'b3-single', random: Random): SpanContext {
  const spanId = random.hex(16);
  return { traceId: random.hex(16) + spanId, spanId, sampled, form };
}

/** 32 digits, or 16 where the upper half is zero. */
function normalTrace(id: string): string {
  const padded = id.toLowerCase().padStart(32, '0');
  return padded.startsWith('0'.repeat(16)) ? padded.slice(16) : padded;
}

function normalSpan(id: string): string {
  return id.toLowerCase().padStart(16, '0');
}
