import { parseSpanId, parseTraceId, type SpanId, type TraceId } from '../model/ids.ts';
import { SPAN_KINDS, type Span, type SpanKind } from '../model/span.ts';
import { TagRecords } from '../model/tag-records.ts';
import type { Trace } from '../model/trace.ts';
import { asInteger, asJson, asList, asObject, asText, type Json, misfit } from './misfit.ts';

/** Of every dump and answer: spans of one mesh have the same tags. */
const RECORDS = new TagRecords();
const KINDS: ReadonlySet<string> = new Set(SPAN_KINDS.filter((kind) => kind !== 'unspecified'));

/**
 * Reads the traces of a legacy answer (`{data: [trace]}`), of a saved file (a bare trace, a list, `data` as one trace)
 * or of a dump with embedded processes (docs/facts/jaeger.md#legacy-fields, #dumps). A trace without spans does not
 * count: SLS answers so for an unknown id. Guards, not a schema: a schema alone costs three times `JSON.parse`
 * (docs/architecture.md#figures-to-reach).
 * @throws BackendError HC704 that names the place of the first thing that does not fit; nothing is dropped silently.
 */
export function parseLegacyTraces(json: unknown): Trace[] {
  const root = typeof json === 'object' && json !== null && 'data' in json ? json.data : json;
  const single = typeof root === 'object' && root !== null && !Array.isArray(root);
  const place = root === json ? '' : 'data';
  const traces = single ? [root] : asList(root, place === '' ? 'answer' : place);
  return traces.flatMap((trace, index) => readTrace(trace, single ? place || 'trace' : `${place}[${index}]`));
}

function readTrace(json: unknown, place: string): Trace[] {
  const trace = asObject(json, place);
  const spans = asList(trace.spans, `${place}.spans`);
  if (spans.length === 0) return [];
  const processes =
    trace.processes === undefined || trace.processes === null ? {} : asObject(trace.processes, `${place}.processes`);
  const first = asObject(spans[0], `${place}.spans[0]`);
  const id = readTraceId(
    trace.traceID === undefined || trace.traceID === '' ? first.traceID : trace.traceID,
    `${place}.traceID`,
  );
  return [{ id, spans: spans.map((span, index) => readSpan(span, id, processes, `${place}.spans[${index}]`)) }];
}

function readSpan(json: unknown, traceId: TraceId, processes: Json, place: string): Span {
  const span = asObject(json, place);
  // Spans of one trace share their id; a span of another trace in it would be a wrong answer.
  if (span.traceID !== undefined && readTraceId(span.traceID, `${place}.traceID`) !== traceId) {
    throw misfit(`${place}.traceID`, `the trace's id ${traceId}`, span.traceID);
  }
  const tags = readTags(span.tags, `${place}.tags`);
  const kind = (Object.hasOwn(tags, 'span.kind') ? tags['span.kind'] : undefined)?.toLowerCase();
  const parentId = readParent(span, traceId, place);
  return {
    traceId,
    id: readSpanId(span.spanID, `${place}.spanID`),
    ...(parentId !== undefined && { parentId }),
    kind: kind !== undefined && KINDS.has(kind) ? (kind as SpanKind) : 'unspecified',
    service: RECORDS.text(readService(span, processes, place)),
    operation: RECORDS.text(asText(span.operationName, `${place}.operationName`)),
    startMicros: asInteger(span.startTime, `${place}.startTime`),
    durationMicros: asInteger(span.duration, `${place}.duration`),
    tags,
  };
}

/**
 * First CHILD_OF in the same trace, else first FOLLOWS_FROM in the same trace, else `parentSpanID` of dumps
 * (docs/facts/jaeger.md#legacy-fields).
 */
function readParent(span: Json, traceId: TraceId, place: string): SpanId | undefined {
  let follows: SpanId | undefined;
  for (const [index, json] of asList(span.references, `${place}.references`).entries()) {
    const at = `${place}.references[${index}]`;
    const reference = asObject(json, at);
    if (reference.traceID !== undefined && !isTrace(reference.traceID, traceId)) continue;
    const type = asText(reference.refType, `${at}.refType`);
    if (type === 'CHILD_OF') return readSpanId(reference.spanID, `${at}.spanID`);
    if (type === 'FOLLOWS_FROM') follows ??= readSpanId(reference.spanID, `${at}.spanID`);
  }
  if (follows !== undefined) return follows;
  const { parentSpanID } = span;
  return parentSpanID === undefined || parentSpanID === ''
    ? undefined
    : readSpanId(parentSpanID, `${place}.parentSpanID`);
}

function isTrace(value: unknown, traceId: TraceId): boolean {
  if (value === traceId) return true;
  const parsed = typeof value === 'string' ? parseTraceId(value) : undefined;
  return parsed?.ok === true && parsed.id === traceId;
}

function readService(span: Json, processes: Json, place: string): string {
  const { processID } = span;
  if (processID === undefined && span.process !== undefined) {
    return asText(asObject(span.process, `${place}.process`).serviceName, `${place}.process.serviceName`);
  }
  const key = asText(processID, `${place}.processID`);
  if (!Object.hasOwn(processes, key)) throw misfit(`${place}.processID`, 'a key of processes', key);
  return asText(asObject(processes[key], `processes.${key}`).serviceName, `processes.${key}.serviceName`);
}

function readTags(json: unknown, place: string): Record<string, string> {
  const list = asList(json, place);
  RECORDS.start();
  for (let index = 0; index < list.length; index += 1) {
    const item = list[index] as Json | null | undefined;
    if (typeof item !== 'object' || item === null || typeof item.key !== 'string') {
      throw misfit(`${place}[${index}]`, 'a tag with a key', item);
    }
    const { key, value } = item;
    RECORDS.add(key, typeof value === 'object' ? asJson(value, `${place}[${index}].value`) : String(value));
  }
  return RECORDS.finish();
}

export function readTraceId(value: unknown, place: string): TraceId {
  const parsed = parseTraceId(asText(value, place));
  if (!parsed.ok) throw misfit(place, 'a trace id of 1 to 32 hex digits', `${value} (${parsed.reason})`);
  return parsed.id;
}

export function readSpanId(value: unknown, place: string): SpanId {
  const parsed = parseSpanId(asText(value, place));
  if (!parsed.ok) throw misfit(place, 'a span id of 1 to 16 hex digits', `${value} (${parsed.reason})`);
  return parsed.id;
}
