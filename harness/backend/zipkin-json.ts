import type { TraceId } from '../model/ids.ts';
import type { Span, SpanKind } from '../model/span.ts';
import { TagRecords } from '../model/tag-records.ts';
import type { Trace } from '../model/trace.ts';
import { readSpanId, readTraceId } from './legacy-json.ts';
import { asInteger, asJson, asList, asObject, asText, type Json, misfit } from './misfit.ts';

/** Of every dump and answer: spans of one mesh have the same tags. */
const RECORDS = new TagRecords();
export const ZIPKIN_KINDS: Readonly<Record<string, SpanKind>> = {
  SERVER: 'server',
  CLIENT: 'client',
  PRODUCER: 'producer',
  CONSUMER: 'consumer',
};

/**
 * Reads Zipkin v2 JSON: one trace as a list of spans, or a list of such lists (docs/facts/zipkin.md#answers). Spans are
 * grouped by trace id, because a file may hold spans of several traces in one list. The halves of a shared span come as
 * two spans of one id, and stay two.
 * @throws BackendError HC704 that names the place of the first thing that does not fit; nothing is dropped silently.
 */
export function parseZipkinTraces(documents: readonly unknown[]): Trace[] {
  const traces = new Map<TraceId, Span[]>();
  const add = (json: unknown, place: string) => {
    const span = readSpan(json, place);
    const known = traces.get(span.traceId);
    if (known === undefined) traces.set(span.traceId, [span]);
    else known.push(span);
  };
  for (const document of documents) {
    for (const [index, item] of asList(document, 'answer').entries()) {
      if (!Array.isArray(item)) add(item, `[${index}]`);
      else for (const [number, span] of item.entries()) add(span, `[${index}][${number}]`);
    }
  }
  return [...traces].map(([id, spans]) => ({ id, spans }));
}

/** Whether the value looks like a span of Zipkin: it has the two ids under Zipkin's names. */
export function isZipkinSpan(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'traceId' in value && 'id' in value;
}

function readSpan(json: unknown, place: string): Span {
  const span = asObject(json, place);
  const { parentId } = span;
  return {
    traceId: readTraceId(span.traceId, `${place}.traceId`),
    id: readSpanId(span.id, `${place}.id`),
    ...(parentId !== undefined &&
      parentId !== null &&
      parentId !== '' && { parentId: readSpanId(parentId, `${place}.parentId`) }),
    kind: readKind(span.kind),
    service: readService(span.localEndpoint, `${place}.localEndpoint`),
    operation: span.name === undefined || span.name === null ? '' : asText(span.name, `${place}.name`),
    startMicros: readStart(span, place),
    durationMicros:
      span.duration === undefined || span.duration === null ? 0 : asInteger(span.duration, `${place}.duration`),
    tags: readTags(span.tags, `${place}.tags`),
  };
}

/** A span without a kind is local work in Zipkin's model. */
function readKind(value: unknown): SpanKind {
  if (value === undefined || value === null) return 'internal';
  return typeof value === 'string' && Object.hasOwn(ZIPKIN_KINDS, value)
    ? (ZIPKIN_KINDS[value] ?? 'unspecified')
    : 'unspecified';
}

function readService(json: unknown, place: string): string {
  if (json === undefined || json === null) return '';
  const { serviceName } = asObject(json, place);
  return serviceName === undefined || serviceName === null ? '' : asText(serviceName, `${place}.serviceName`);
}

/** A span that was only annotated has no start; its first annotation is the earliest time that is known. */
function readStart(span: Json, place: string): number {
  if (span.timestamp !== undefined && span.timestamp !== null) return asInteger(span.timestamp, `${place}.timestamp`);
  const times = asList(span.annotations, `${place}.annotations`).map((annotation, index) =>
    asInteger(
      asObject(annotation, `${place}.annotations[${index}]`).timestamp,
      `${place}.annotations[${index}].timestamp`,
    ),
  );
  if (times.length === 0) throw misfit(`${place}.timestamp`, 'microseconds', span.timestamp);
  return Math.min(...times);
}

function readTags(json: unknown, place: string): Record<string, string> {
  if (json === undefined || json === null) return {};
  RECORDS.start();
  for (const [key, value] of Object.entries(asObject(json, place)))
    RECORDS.add(key, typeof value === 'object' ? asJson(value, `${place}.${key}`) : String(value));
  return RECORDS.finish();
}
