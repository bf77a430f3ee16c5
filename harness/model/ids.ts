import { hexId } from './schema.ts';

/** 32 lower-case hex digits, left-padded with zeros; made only by {@link parseTraceId}. */
export type TraceId = string & { readonly __brand: 'TraceId' };
/** 16 lower-case hex digits, left-padded with zeros; made only by {@link parseSpanId}. */
export type SpanId = string & { readonly __brand: 'SpanId' };

export type Parsed<T> = { readonly ok: true; readonly id: T } | { readonly ok: false; readonly reason: string };

export const TRACE_ID = /^[0-9a-f]{32}$/;
export const SPAN_ID = /^[0-9a-f]{16}$/;
export const traceIdSchema = hexId<TraceId>(32);
export const spanIdSchema = hexId<SpanId>(16);
const HEX = /^[0-9a-fA-F]+$/;

/**
 * Reads a trace id as the wild writes it: 1–32 hex digits in any case. Old Jaegers strip leading zeros, B3 may carry
 * 64 bit (docs/facts/jaeger.md#trace-ids), so a 64-bit id and its zero-padded 128-bit form are the same id.
 * All zeros is not an id (W3C Trace Context §3.2.2.3).
 */
export function parseTraceId(text: string): Parsed<TraceId> {
  if (TRACE_ID.test(text) && text !== ZERO_TRACE) return { ok: true, id: text as TraceId };
  return parse(text, 32) as Parsed<TraceId>;
}

/** Reads a span id: 1–16 hex digits in any case, not all zeros. */
export function parseSpanId(text: string): Parsed<SpanId> {
  if (SPAN_ID.test(text) && text !== ZERO_SPAN) return { ok: true, id: text as SpanId };
  return parse(text, 16) as Parsed<SpanId>;
}

const ZERO_TRACE = '0'.repeat(32);
const ZERO_SPAN = '0'.repeat(16);

function parse(text: string, digits: number): Parsed<string> {
  if (text.length === 0) return { ok: false, reason: 'empty' };
  if (!HEX.test(text)) return { ok: false, reason: `not hexadecimal: ${JSON.stringify(text.slice(0, 40))}` };
  if (text.length > digits) return { ok: false, reason: `${text.length} digits, at most ${digits}` };
  const id = text.toLowerCase().padStart(digits, '0');
  return /^0+$/.test(id) ? { ok: false, reason: 'all zeros' } : { ok: true, id };
}
