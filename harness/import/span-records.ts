// A span in a bucket is a record: a header, and the bytes of the span, which begin with its trace id.

const QUOTE = 0x22;
const OPEN_OBJECT = 0x7b;
const COLON = 0x3a;
const TRACE_ID = Buffer.from('"traceId"');
const ID = Buffer.from('"id"');
const PARENT_ID = Buffer.from('"parentId"');

/** Memory behind the bytes of a bucket, so that its last span can be read as any other. */
export const BEHIND = 64;

/** Before the bytes of each span, as 32-bit numbers. */
export const HEADER = { length: 0, group: 4, scope: 8, nth: 12, context: 16, bytes: 20 } as const;
/** In place of a scope or a context: there is none. */
export const NONE = 2 ** 32 - 1;

/** What groups of spans have in common, be it a group of OTLP or the spans of a Zipkin document. */
export interface GroupContext {
  readonly reading: number;
  /** The path of the list that they lie in. */
  readonly list: string;
  readonly service: string;
}

/** Spans that lie in no list that has a name. */
export function isZipkin({ list }: GroupContext): boolean {
  return list === '';
}

/** Of a trace id, whatever zeros it begins with. @param from,to its hex digits in lower case */
export function hashOfId(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0;
  for (let at = from; at < to; at += 1) {
    const digit = bytes[at] as number;
    hash = (Math.imul(hash, 31) + (digit < 0x3a ? digit - 0x30 : digit - 0x57)) | 0;
  }
  return hash;
}

/** Where the digits of a trace id lie. */
export interface IdPlace {
  from: number;
  to: number;
}

/**
 * Finds the trace id of a span of OTLP or Zipkin that begins with it, as they are written.
 * @param place where it is put
 * @returns false: it does not begin so, or its id is not of 1 to 32 hex digits in lower case
 */
export function findTraceId(bytes: Uint8Array, start: number, place: IdPlace): boolean {
  if (bytes[start] !== OPEN_OBJECT) return false;
  return textAfter(bytes, afterSpace(bytes, start + 1), TRACE_ID, place) && isHex(bytes, place);
}

/** Whether it begins as Zipkin writes a span: with its trace id, its parent's id, if there is one, and its id. */
export function isZipkinStart(bytes: Uint8Array, start: number, place: IdPlace): boolean {
  if (!findTraceId(bytes, start, place)) return false;
  const other = { from: 0, to: 0 };
  let at = afterComma(bytes, place.to + 1);
  if (textAfter(bytes, at, PARENT_ID, other)) at = afterComma(bytes, other.to + 1);
  return textAfter(bytes, at, ID, other);
}

function textAfter(bytes: Uint8Array, start: number, key: Uint8Array, place: IdPlace): boolean {
  for (let index = 0; index < key.length; index += 1) if (bytes[start + index] !== key[index]) return false;
  let at = afterSpace(bytes, start + key.length);
  if (bytes[at] !== COLON) return false;
  at = afterSpace(bytes, at + 1);
  if (bytes[at] !== QUOTE) return false;
  place.from = at + 1;
  for (at += 1; bytes[at] !== QUOTE; at += 1) if (at >= bytes.length || at - place.from > 100) return false;
  place.to = at;
  return true;
}

function afterSpace(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at += 1;
  return at;
}

function afterComma(bytes: Uint8Array, start: number): number {
  const at = afterSpace(bytes, start);
  return bytes[at] === 0x2c ? afterSpace(bytes, at + 1) : start;
}

/** Not all of them 0: that would not be an id. */
function isHex(bytes: Uint8Array, { from, to }: IdPlace): boolean {
  if (to === from || to - from > 32) return false;
  let some = 0;
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] as number;
    if (!((byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66))) return false;
    some |= byte ^ 0x30;
  }
  return some !== 0;
}
