import { describe, expect, it } from 'vitest';
import type { Exchange } from '../model/exchange.ts';
import type { SpanId, TraceId } from '../model/ids.ts';
import type { Span } from '../model/span.ts';
import { type Entry, newEntry } from './entry.ts';
import { readFromNowOn, type Schedule, waitForNextReadMs } from './schedule.ts';

const exchange = { probe: { id: 'p001' }, sentAtMs: 0, answeredAtMs: 0 } as unknown as Exchange;
const SPAN: Span = {
  traceId: '1'.padStart(32, '0') as TraceId,
  id: '1'.padStart(16, '0') as SpanId,
  kind: 'server',
  service: 's',
  operation: 'o',
  startMicros: 0,
  durationMicros: 0,
  tags: {},
};
const entry = (known: Partial<Entry>): Entry => Object.assign(newEntry(exchange), { spans: [SPAN], ...known });
const situation = { lastAnswerAtMs: 0, graceMs: 6000, meshAheadMs: 0, longestUpstreamTimeoutMs: 0 };

describe('readFromNowOn', () => {
  const whole = entry({ complete: true, lastReadAtMs: 6000 });
  const unread = entry({ lastReadAtMs: 5000, lastChangeAtMs: 5000 });
  const still = entry({ lastReadAtMs: 6000, lastChangeAtMs: 2000 });
  const moving = entry({ lastReadAtMs: 6000, lastChangeAtMs: 5000 });
  const open = [whole, unread, still, moving];

  it('is all open traces where they are read in batches', () => {
    expect(readFromNowOn({ open, situation, batchSize: 50, nowMs: 8000 })).toEqual(open);
  });

  it('is those that a single read can settle', () => {
    expect(readFromNowOn({ open, situation, batchSize: 1, nowMs: 8000 })).toEqual([whole, unread, still]);
    expect(readFromNowOn({ open, situation, batchSize: 1, nowMs: 11_000 })).toEqual(open);
  });
});

describe('waitForNextReadMs', () => {
  const moving = entry({ lastReadAtMs: 6000, lastChangeAtMs: 5000 });
  const schedule = (different: Partial<Schedule>): Schedule => ({
    nowMs: 6000,
    leftMs: 54_000,
    round: 20,
    open: Array.from({ length: 64 }, () => moving),
    situation,
    batchSize: 1,
    callsLeft: 180,
    ...different,
  });

  it('is until the moment at which a single read can settle something, however few calls are left', () => {
    expect(waitForNextReadMs(schedule({}))).toBe(5000);
    expect(waitForNextReadMs(schedule({ callsLeft: 64 }))).toBe(5000);
  });

  it('is shorter with batches, which are looked at in between', () => {
    expect(waitForNextReadMs(schedule({ batchSize: 50 }))).toBe(1000);
  });

  it('is not shortened by batches that the calls left would not pay for', () => {
    expect(waitForNextReadMs(schedule({ batchSize: 50, callsLeft: 8 }))).toBe(5000);
  });

  it('spreads the calls over the time that is left where no moment is known, and ends with that time', () => {
    const unread = entry({ lastReadAtMs: 5000, lastChangeAtMs: 0 });
    const open = Array.from({ length: 60 }, () => unread);
    expect(waitForNextReadMs(schedule({ open }))).toBe(18_000);
    expect(waitForNextReadMs(schedule({ open, callsLeft: 0 }))).toBe(54_000);
    expect(waitForNextReadMs(schedule({ leftMs: 3000 }))).toBe(3000);
  });
});
