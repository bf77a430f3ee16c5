import { randomBytes } from 'node:crypto';
import { parseSpanId, parseTraceId, type SpanId, type TraceId } from '../model/ids.ts';

/** Where ids come from: the operating system, or a seeded source in tests. */
export type RandomHex = (digits: number) => string;

export const cryptoRandom: RandomHex = (digits) =>
  randomBytes(Math.ceil(digits / 2))
    .toString('hex')
    .slice(0, digits);

export function newTraceId(random: RandomHex): TraceId {
  const parsed = parseTraceId(random(32));
  return parsed.ok ? parsed.id : newTraceId(random);
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
