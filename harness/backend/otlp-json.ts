import type { TraceId } from '../model/ids.ts';
import type { Span, SpanKind } from '../model/span.ts';
import { TagRecords } from '../model/tag-records.ts';
import type { Trace } from '../model/trace.ts';
import { readSpanId, readTraceId } from './legacy-json.ts';
import { asInteger, asJson, asList, asObject, asText, type Json, misfit } from './misfit.ts';

/** Of every dump and answer: spans of one mesh have the same tags. */
const RECORDS = new TagRecords();
/** By number (proto enum) and by name (older gateways), docs/facts/jaeger.md#v3-versions. */
export const OTLP_KINDS: Readonly<Record<string, SpanKind>> = {
  1: 'internal',
  2: 'server',
  3: 'client',
  4: 'producer',
  5: 'consumer',
  SPAN_KIND_INTERNAL: 'internal',
  SPAN_KIND_SERVER: 'server',
  SPAN_KIND_CLIENT: 'client',
  SPAN_KIND_PRODUCER: 'producer',
  SPAN_KIND_CONSUMER: 'consumer',
};

/**
 * Reads the traces of a Jaeger v3 answer (`{result: {resourceSpans}}`) or of a bare OTLP document. A search answers with
 * all traces merged into one list, so spans are grouped by trace id again (docs/facts/jaeger.md#v3-replies).
 * @param documents one parsed document, or several where the server streamed them.
 * @throws BackendError HC704 that names the place.
 */
export function parseOtlpTraces(documents: readonly unknown[]): Trace[] {
  const traces = new Map<TraceId, Span[]>();
  for (const document of documents) {
    const root = asObject(document, 'answer');
    const result =
      'result' in root ? asObject(root.result, 'result') : 'trace' in root ? asObject(root.trace, 'trace') : root;
    const prefix = 'result' in root ? 'result.' : '';
    const key = 'batches' in result ? 'batches' : 'resourceSpans';
    for (const [index, resource] of asList(result[key], `${prefix}${key}`).entries()) {
      readResource(resource, `${prefix}${key}[${index}]`, (span) => {
        const spans = traces.get(span.traceId);
        if (spans) spans.push(span);
        else traces.set(span.traceId, [span]);
      });
    }
  }
  return [...traces].map(([id, spans]) => ({ id, spans }));
}

function readResource(json: unknown, place: string, add: (span: Span) => void): void {
  const group = asObject(json, place);
  const resource =
    group.resource === undefined || group.resource === null ? {} : asObject(group.resource, `${place}.resource`);
  const service = readService(resource, place);
  const key = 'scopeSpans' in group ? 'scopeSpans' : 'instrumentationLibrarySpans';
  for (const [index, scope] of asList(group[key], `${place}.${key}`).entries()) {
    const at = `${place}.${key}[${index}]`;
    for (const [number, span] of asList(asObject(scope, at).spans, `${at}.spans`).entries()) {
      add(readSpan(span, service, `${at}.spans[${number}]`));
    }
  }
}

function readService(resource: Json, place: string): string {
  const attributes = readAttributes(resource.attributes, `${place}.resource.attributes`);
  return Object.hasOwn(attributes, 'service.name') ? (attributes['service.name'] ?? '') : '';
}

/** The service of a group of spans that {@link parseOtlpTraces} has read. */
export function otlpService(group: unknown): string {
  const { resource } = asObject(group, 'group');
  return resource === undefined || resource === null ? '' : readService(asObject(resource, 'resource'), '');
}

function readSpan(json: unknown, service: string, place: string): Span {
  const span = asObject(json, place);
  const startMicros = readMicros(span.startTimeUnixNano, `${place}.startTimeUnixNano`);
  const { parentSpanId } = span;
  const parent = parentSpanId === undefined || parentSpanId === null || parentSpanId === '' ? undefined : parentSpanId;
  return {
    traceId: readTraceId(toHex(span.traceId, 32), `${place}.traceId`),
    id: readSpanId(toHex(span.spanId, 16), `${place}.spanId`),
    ...(parent !== undefined && { parentId: readSpanId(toHex(parent, 16), `${place}.parentSpanId`) }),
    kind: readKind(span.kind),
    service,
    operation: span.name === undefined ? '' : RECORDS.text(asText(span.name, `${place}.name`)),
    startMicros,
    durationMicros: Math.max(
      0,
      readMicros(span.endTimeUnixNano ?? span.startTimeUnixNano, `${place}.endTimeUnixNano`) - startMicros,
    ),
    tags: readAttributes(span.attributes, `${place}.attributes`),
  };
}

function readKind(value: unknown): SpanKind {
  const known = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  return Object.hasOwn(OTLP_KINDS, known) ? (OTLP_KINDS[known] ?? 'unspecified') : 'unspecified';
}

/** Older gateways write ids as base64: 24 characters for 16 bytes, 12 for 8. Hex has 32 and 16. */
function toHex(value: unknown, digits: number): unknown {
  const length = digits === 32 ? 24 : 12;
  if (typeof value !== 'string' || value.length !== length || !/^[A-Za-z0-9+/_-]+=*$/.test(value)) return value;
  const hex = Buffer.from(value, 'base64').toString('hex');
  return hex.length === digits ? hex : value;
}

/** Nanoseconds as text (a 64-bit integer in proto JSON) or as a number; micros, rounded down as Jaeger's legacy API does. */
function readMicros(value: unknown, place: string): number {
  if (typeof value === 'number') return Math.floor(asInteger(value, place) / 1000);
  if (typeof value !== 'string' || !/^\d{1,20}$/.test(value)) throw misfit(place, 'nanoseconds as digits', value);
  return Number(value.slice(0, -3) || '0');
}

function readAttributes(json: unknown, place: string): Record<string, string> {
  RECORDS.start();
  for (const [index, item] of asList(json, place).entries()) {
    const attribute = asObject(item, `${place}[${index}]`);
    const key = asText(attribute.key, `${place}[${index}].key`);
    RECORDS.add(key, attributeText(attribute.value, `${place}[${index}].value`));
  }
  return RECORDS.finish();
}

/** AnyValue: exactly one of its fields is set; an absent value is an empty text. */
export function attributeText(json: unknown, place: string): string {
  if (json === undefined || json === null) return '';
  const value: Json = asObject(json, place);
  for (const field of ['stringValue', 'boolValue', 'intValue', 'doubleValue', 'bytesValue']) {
    const given = value[field];
    // An object may have a toString that is not a function.
    if (given !== undefined) return typeof given === 'object' ? asJson(given, place) : String(given);
  }
  const nested = value.arrayValue ?? value.kvlistValue;
  return nested === undefined ? '' : asJson(nested, place);
}
