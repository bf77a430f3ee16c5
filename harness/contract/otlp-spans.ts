import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import type { ContractCapture } from '../model/contract.ts';

export type ExportedSpan = NonNullable<ContractCapture['spans']>[number];

const spanSchema = z.looseObject({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string().optional(),
});
const requestSchema = z.looseObject({
  resourceSpans: z.array(
    z.looseObject({ scopeSpans: z.array(z.looseObject({ spans: z.array(z.unknown()).optional() })).optional() }),
  ),
});

/** Spans of an export in JSON; of anything else none. */
export function spansInJson(text: string): readonly ExportedSpan[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  const parsed = requestSchema.safeParse(value);
  if (!parsed.success) return [];
  return parsed.data.resourceSpans
    .flatMap(({ scopeSpans = [] }) => scopeSpans.flatMap(({ spans = [] }) => spans))
    .flatMap((span) => {
      const read = spanSchema.safeParse(span);
      if (!read.success) return [];
      const { traceId, spanId, parentSpanId = '', name = '' } = read.data;
      return [spanOf(traceId.toLowerCase(), spanId.toLowerCase(), parentSpanId.toLowerCase(), name)];
    });
}

function spanOf(traceId: string, spanId: string, parentSpanId: string, name: string): ExportedSpan {
  return { traceId, spanId, ...(parentSpanId !== '' && { parentSpanId }), name };
}

/** Numbers of the fields that lead to spans, in opentelemetry/proto/trace/v1/trace.proto. */
const RESOURCE_SPANS = 1;
const SCOPE_SPANS = 2;
const SPANS = 2;

/** Spans of an export in protobuf, perhaps compressed; of anything else none. Only the fields that are needed are read. */
export function spansInProtobuf(body: Uint8Array): readonly ExportedSpan[] {
  const bytes = body[0] === 0x1f && body[1] === 0x8b ? unzipped(body) : body;
  const within = (parts: readonly Uint8Array[], field: number) =>
    parts.flatMap((part) => fieldsOf(part).flatMap(([number, value]) => (number === field ? [value] : [])));
  const spans = within(within(within([bytes], RESOURCE_SPANS), SCOPE_SPANS), SPANS);
  return spans.map((span) => {
    const fields = new Map(fieldsOf(span));
    const hex = (field: number) => Buffer.from(fields.get(field) ?? []).toString('hex');
    return spanOf(hex(1), hex(2), hex(4), Buffer.from(fields.get(5) ?? []).toString('utf8'));
  });
}

function unzipped(body: Uint8Array): Uint8Array {
  try {
    return gunzipSync(body, { maxOutputLength: 64 * 2 ** 20 });
  } catch {
    return new Uint8Array();
  }
}

/** Fields with a length (wire type 2) by number; others are skipped, and what is cut ends the reading. */
function fieldsOf(bytes: Uint8Array): readonly (readonly [number, Uint8Array])[] {
  const fields: (readonly [number, Uint8Array])[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; at < bytes.length; shift += 7) {
      const byte = bytes[at] ?? 0;
      at += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };
  while (at < bytes.length) {
    const tag = varint();
    const wire = tag & 7;
    const length = wire === 2 ? varint() : wire === 1 ? 8 : wire === 5 ? 4 : 0;
    if (wire === 0) varint();
    if (!Number.isSafeInteger(length) || at + length > bytes.length || ![0, 1, 2, 5].includes(wire)) break;
    if (wire === 2) fields.push([Math.floor(tag / 8), bytes.subarray(at, at + length)]);
    at += length;
  }
  return fields;
}
