import { BACKEND_ROWS } from '../backend/backends.ts';
import { zipkinRow } from '../backend/zipkin.ts';
import type { Span } from '../model/span.ts';
import { parsed } from './read-dump.ts';
import { NONE, type Reading } from './span-buckets.ts';

const QUOTE = 0x22;
const OPEN_OBJECT = 0x7b;
const COLON = 0x3a;
const TRACE_ID = Buffer.from('"traceId"');
const ID = Buffer.from('"id"');
const PARENT_ID = Buffer.from('"parentId"');

/** An item in the envelope of its list, as a document that has nothing else. */
export function within(list: string, item: unknown): unknown {
  return list === '' ? [item] : list.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), [item]);
}

/** Where a span lies that was cut out of a document. */
export interface CutPlace {
  /** From 1 on. */
  readonly document: number;
  readonly list: string;
  readonly item: number;
  readonly scope: number;
  readonly nth: number;
}

/**
 * A span that was cut out, as the reader of whole documents reads it.
 * @param service of its group @throws ImportError that names its place in the file
 */
export function readCut(span: unknown, { file, row }: Reading, place: CutPlace, service = ''): Span {
  const { document, list, item, scope, nth } = place;
  const reader = BACKEND_ROWS[row] as (typeof BACKEND_ROWS)[number];
  const isZipkin = reader === zipkinRow;
  const [whole, numbers] = isZipkin
    ? scope === NONE
      ? [[span], [nth]]
      : [[[span]], [item, nth]]
    : [within(list, groupOf(span, service)), [item, scope, nth]];
  const [trace] = parsed(() => reader.dump.read([whole]), file, `document ${document}`, numbers);
  return trace?.spans[0] as Span;
}

function groupOf(span: unknown, service: string): object {
  const attributes = [{ key: 'service.name', value: { stringValue: service } }];
  return { resource: { attributes }, scopeSpans: [{ spans: [span] }] };
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

/** Not all of them 0: that is no id. */
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
