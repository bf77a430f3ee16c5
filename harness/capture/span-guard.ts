import { SPAN_ID, TRACE_ID } from '../model/ids.ts';
import { SPAN_KINDS, type Span } from '../model/span.ts';
import { TagRecords } from '../model/tag-records.ts';
import { CaptureError } from './part.ts';

const KINDS: ReadonlySet<string> = new Set(SPAN_KINDS);

/**
 * Spans are many, so they are checked by hand: a schema on every field alone costs three times as much
 * (docs/architecture.md#figures-to-reach).
 */
export function checkSpans(record: object, key: string, where: string): readonly Span[] {
  const holder: unknown = (record as Record<string, unknown>)[key];
  const spans: unknown = (holder as { spans?: unknown }).spans;
  if (!Array.isArray(spans)) throw new CaptureError(`${where}: ${key}.spans: expected a list`);
  for (const [index, span] of spans.entries()) {
    const problem = problemOf(span);
    if (problem !== undefined) throw new CaptureError(`${where}: ${key}.spans[${index}]${problem}`);
    makeSmall(span, spans[0]);
  }
  return spans as Span[];
}

/** Texts that many spans have are kept once: a large capture has millions of them. */
const RECORDS = new TagRecords();

function makeSmall(span: { -readonly [Key in keyof Span]: Span[Key] }, first: Span): void {
  if (span.traceId === first.traceId) span.traceId = first.traceId;
  span.service = RECORDS.text(span.service);
  span.operation = RECORDS.text(span.operation);
  RECORDS.start();
  for (const key of Object.keys(span.tags)) RECORDS.add(key, span.tags[key] ?? '');
  span.tags = RECORDS.finish();
}

function problemOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return ': expected a span';
  const span = value as Record<keyof Span, unknown>;
  if (typeof span.traceId !== 'string' || !TRACE_ID.test(span.traceId))
    return '.traceId: expected 32 lower-case hex digits';
  if (typeof span.id !== 'string' || !SPAN_ID.test(span.id)) return '.id: expected 16 lower-case hex digits';
  if (span.parentId !== undefined && (typeof span.parentId !== 'string' || !SPAN_ID.test(span.parentId)))
    return '.parentId: expected 16 lower-case hex digits';
  if (typeof span.kind !== 'string' || !KINDS.has(span.kind)) return `.kind: expected one of ${[...KINDS].join(', ')}`;
  for (const key of ['service', 'operation'] as const)
    if (typeof span[key] !== 'string') return `.${key}: expected text`;
  for (const key of ['startMicros', 'durationMicros'] as const)
    if (!Number.isFinite(span[key])) return `.${key}: expected a number`;
  if (typeof span.tags !== 'object' || span.tags === null || Array.isArray(span.tags))
    return '.tags: expected an object';
  for (const [key, tag] of Object.entries(span.tags)) if (typeof tag !== 'string') return `.tags.${key}: expected text`;
  return undefined;
}
