import { parseSpanId, parseTraceId, type SpanId, type TraceId } from './ids.ts';

/** Where ids come from: the operating system, or a seeded source in tests. @returns so many lower-case hex digits. */
export type RandomHex = (digits: number) => string;

export function newTraceId(random: RandomHex): TraceId {
  const parsed = parseTraceId(random(32));
  return parsed.ok ? parsed.id : newTraceId(random);
}

/** A trace id of 64 bits, as all ids are kept: padded with zeros. */
export function newShortTraceId(random: RandomHex): TraceId {
  const parsed = parseTraceId(random(16));
  return parsed.ok ? parsed.id : newShortTraceId(random);
}

export function newSpanId(random: RandomHex): SpanId {
  const parsed = parseSpanId(random(16));
  return parsed.ok ? parsed.id : newSpanId(random);
}

/** A version 4 UUID (RFC 9562 §5.4). */
export function newUuid(random: RandomHex): string {
  const hex = random(32);
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) % 4];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
