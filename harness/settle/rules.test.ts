import { describe, expect, it } from 'vitest';
import type { Exchange } from '../model/exchange.ts';
import type { SpanId, TraceId } from '../model/ids.ts';
import type { Span } from '../model/span.ts';
import { type Entry, newEntry, observe } from './entry.ts';
import { type Situation, settleReason } from './rules.ts';

const exchange = { probe: { id: 'p001' }, sentAtMs: 900, answeredAtMs: 1000 } as unknown as Exchange;
const span = (endMs: number, status = '200'): Span => ({
  traceId: '1'.padStart(32, '0') as TraceId,
  id: '1'.padStart(16, '0') as SpanId,
  kind: 'server',
  service: 's',
  operation: 'o',
  startMicros: 0,
  durationMicros: endMs * 1000,
  tags: { 'http.status_code': status },
});
const situation = (different: Partial<Situation> = {}): Situation => ({
  lastAnswerAtMs: 1000,
  graceMs: 6000,
  meshAheadMs: 0,
  longestUpstreamTimeoutMs: 10_000,
  ...different,
});
type Read = readonly [ms: number, spans: readonly Span[]];
function completeAt(...reads: readonly Read[]): Entry {
  return Object.assign(readAt(...reads), { complete: true });
}
function readAt(...reads: readonly Read[]): Entry {
  const entry = newEntry(exchange);
  for (const [ms, spans] of reads) observe(entry, spans, ms, 0);
  return entry;
}

describe('settleReason', () => {
  it('gives no reason before the last answer, or within a grace time after it', () => {
    const { lastAnswerAtMs: _, ...sending } = situation();
    expect(settleReason(completeAt([9000, [span(1)]]), sending)).toBeUndefined();
    expect(settleReason(completeAt([6999, [span(1)]]), situation())).toBeUndefined();
  });

  it('is expected-set when every span is there in a read one grace time after the last answer', () => {
    expect(settleReason(completeAt([7000, [span(1)]]), situation())).toBe('expected-set');
  });

  it('is quiet one grace time after the last change', () => {
    expect(settleReason(readAt([3000, [span(1)]], [8999, [span(1)]]), situation())).toBeUndefined();
    expect(settleReason(readAt([3000, [span(1)]], [9000, [span(1)]]), situation())).toBe('quiet');
  });

  it('waits for the work that a call without an answer may still do', () => {
    const unanswered = [span(2000, '0')];
    expect(settleReason(readAt([3000, unanswered], [17_999, unanswered]), situation())).toBeUndefined();
    expect(settleReason(readAt([3000, unanswered], [18_000, unanswered]), situation())).toBe('quiet');
  });

  it('is absent only when a forced-on probe sent later has arrived', () => {
    expect(settleReason(readAt([7000, []]), situation())).toBeUndefined();
    expect(settleReason(readAt([7000, []]), situation({ lastArrivedControlSentAtMs: 899 }))).toBeUndefined();
    expect(settleReason(readAt([7000, []]), situation({ lastArrivedControlSentAtMs: 950 }))).toBe('absent');
  });
});

describe('observe', () => {
  it('counts as lag only the time up to the read before, which the mesh is to blame for', () => {
    const entry = newEntry(exchange);
    expect(observe(entry, [], 5000, 0)).toBeUndefined();
    expect(observe(entry, [span(1000)], 9000, 0)).toBe(4000);
    expect(observe(entry, [span(1000)], 9500, 0)).toBeUndefined();
    expect(entry).toMatchObject({ polls: 3, firstSeenAtMs: 9000, lastChangeAtMs: 9000, lastReadAtMs: 9500 });
  });
});
