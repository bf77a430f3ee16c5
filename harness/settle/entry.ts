import type { SettledTrace, SettleReason } from '../model/capture.ts';
import type { Exchange, Probe } from '../model/exchange.ts';
import type { TraceId } from '../model/ids.ts';
import { endMicros, httpStatus, type Span } from '../model/span.ts';

/** What is known so far about the trace of one answered probe. */
export interface Entry {
  readonly probe: Probe;
  readonly exchange: Exchange;
  /** The id to read by: carried, or found by marker. */
  traceId?: TraceId;
  spans: readonly Span[];
  /** Everything expected is there; looked at when the spans change. */
  complete: boolean;
  /** The parts of it that are missing, one key for each; looked at together with `complete`. Absent: not known. */
  lacks?: readonly string[];
  /** The services whose spans are missing; looked at together with `lacks`. Absent: not known. */
  owing?: readonly string[];
  polls: number;
  /** The first read, whatever it brought, epoch ms. */
  firstReadAtMs?: number;
  /** The last read, whatever it brought, epoch ms. */
  lastReadAtMs?: number;
  firstSeenAtMs?: number;
  /** The read that brought the last change, epoch ms. */
  lastChangeAtMs?: number;
  /** Spans that one read brought were missing in a later one; they are kept. */
  gone?: true;
  reason?: SettleReason;
}

export function newEntry(exchange: Exchange): Entry {
  const { traceId } = exchange.probe;
  return {
    probe: exchange.probe,
    exchange,
    spans: [],
    complete: false,
    polls: 0,
    ...(traceId !== undefined && { traceId }),
  };
}

/**
 * Takes in one read. Returns a lower bound of the longest time a span that is new in this read needed to become
 * visible, ms: it was not there at the read before, so it took at least until then. undefined without such a bound:
 * the time between two reads is ours and must never be counted as the mesh's. A span that was there once stays, though
 * the backend may have given it up.
 * @param meshAheadMs the mesh's clock minus ours, at least.
 */
export function observe(entry: Entry, spans: readonly Span[], nowMs: number, meshAheadMs: number): number | undefined {
  const before = entry.lastReadAtMs;
  entry.polls += 1;
  entry.firstReadAtMs ??= nowMs;
  entry.lastReadAtMs = nowMs;
  const fresh = freshSpans(entry.spans, spans);
  const read = new Set(spans.map(spanKey));
  const gone = entry.spans.filter((span) => !read.has(spanKey(span)));
  if (gone.length > 0) entry.gone = true;
  if (fresh.length === 0 && gone.length + spans.length === entry.spans.length) return undefined;
  entry.spans = [...gone, ...spans];
  entry.lastChangeAtMs = nowMs;
  if (spans.length > 0) entry.firstSeenAtMs ??= nowMs;
  if (before === undefined || fresh.length === 0) return undefined;
  const earliestEndMs = Math.min(...fresh.map((span) => endMicros(span) / 1000));
  return before - (earliestEndMs - meshAheadMs);
}

/** Those of a read that were not there before. */
export function freshSpans(before: readonly Span[], read: readonly Span[]): readonly Span[] {
  const known = new Set(before.map(spanKey));
  return read.filter((span) => !known.has(spanKey(span)));
}

/**
 * Takes the id that a search found. Reads of another id say nothing about how late the spans of this one came, and spans
 * under another id, which an earlier search found, are not this trace's.
 */
export function adopt(entry: Entry, traceId: TraceId): void {
  if (entry.traceId !== traceId) {
    delete entry.firstReadAtMs;
    delete entry.lastReadAtMs;
    delete entry.firstSeenAtMs;
    delete entry.lastChangeAtMs;
    delete entry.gone;
    delete entry.lacks;
    delete entry.owing;
    entry.spans = [];
    entry.complete = false;
  }
  entry.traceId = traceId;
}

/** The latest end of a span that ended without an answer: what it called may still be at work. Epoch ms by the mesh's clock. */
export function unansweredEndMs(spans: readonly Span[]): number | undefined {
  let latest: number | undefined;
  for (const span of spans) {
    if (httpStatus(span) === 0) latest = Math.max(latest ?? 0, endMicros(span) / 1000);
  }
  return latest;
}

function spanKey(span: Span): string {
  return `${span.id} ${span.kind} ${span.startMicros} ${span.service}`;
}

/** The latest end of its spans, epoch ms by the mesh's clock; undefined without spans. */
export function latestEndMs({ spans }: Entry): number | undefined {
  return spans.length === 0 ? undefined : Math.max(...spans.map((span) => endMicros(span) / 1000));
}

/** The lasting record of an entry. */
export function toSettledTrace(entry: Entry): SettledTrace {
  const { answeredAtMs } = entry.exchange;
  return {
    probe: entry.probe.id,
    ...(entry.traceId !== undefined && { traceId: entry.traceId }),
    reason: entry.reason ?? 'deadline',
    spans: entry.spans,
    polls: entry.polls,
    ...(entry.firstSeenAtMs !== undefined && { arrivalMs: entry.firstSeenAtMs - answeredAtMs }),
    ...(entry.lastChangeAtMs !== undefined && { lastChangeMs: entry.lastChangeAtMs - answeredAtMs }),
  };
}
