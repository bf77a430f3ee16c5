import { describe, expect, it } from 'vitest';
import type { Exchange } from '../model/exchange.ts';
import type { SpanId, TraceId } from '../model/ids.ts';
import type { Span } from '../model/span.ts';
import { type Entry, newEntry, observe } from './entry.ts';
import { lateTail } from './late-tail.ts';
import { type Situation, settleReason } from './rules.ts';
import { Ways } from './slow-way.ts';

const GRACE_MS = 6000;
const EVERY_MS = 100;
const span = (endMs: number, service = 'stock'): Span => ({
  traceId: '1'.padStart(32, '0') as TraceId,
  id: '1'.padStart(16, '0') as SpanId,
  kind: 'server',
  service,
  operation: 'o',
  startMicros: endMs * 1000,
  durationMicros: 0,
  tags: {},
});
const exchangeAt = (answeredAtMs: number) =>
  ({ probe: { id: 'p', purpose: 'forced-on' }, sentAtMs: answeredAtMs, answeredAtMs }) as unknown as Exchange;

/** One trace every 100 ms; `x` lacks spans of the stock, `0` has none at all. All are read one grace time after the last. */
function runOf(traces: string): { readonly entries: readonly Entry[]; readonly situation: Situation } {
  const lastAnswerAtMs = traces.length * EVERY_MS;
  const entries = [...traces].map((kind, index) =>
    Object.assign(newEntry(exchangeAt((index + 1) * EVERY_MS)), {
      spans: kind === '0' ? [] : [span(0, 'gateway')],
      complete: kind === '.',
      owing: kind === 'x' ? ['stock'] : [],
      lastReadAtMs: lastAnswerAtMs + GRACE_MS,
    }),
  );
  const waits = { graceMs: GRACE_MS, tailWaitMs: 2 * GRACE_MS, meshAheadMs: 0, longestUpstreamTimeoutMs: 0 };
  return { entries, situation: { lastAnswerAtMs, ...waits } };
}
function tailOf(traces: string): number {
  const { entries, situation } = runOf(traces);
  return lateTail(entries, situation).size;
}

describe('lateTail', () => {
  it.each([
    ['the last traces', '................xxxx', 4],
    ['some of the last, of one worker', '............x.xx..xx', 5],
    ['the last of a short run, before its half', '..xxxxxx', 6],
    ['traces of which nothing came', '................0.00', 3],
    ['all', 'xxxxxxxxxxxxxxxxxxxx', 0],
    ['some of the whole run', '.x...x.....x....x..x', 0],
    ['one with many whole ones after it', '..................x...................', 0],
    ['the last minute of a long run', `${'.'.repeat(100)}${'x'.repeat(600)}`, 0],
  ])('%s: %s', (_what, traces, size) => {
    expect(tailOf(traces)).toBe(size);
  });

  it('makes a trace wait one grace time more, and no longer', () => {
    const { entries, situation } = runOf('................xx0.');
    const tail = { ...situation, lateTail: lateTail(entries, situation), lastArrivedControlSentAtMs: 2000 };
    const [lacking, absent] = [entries[17], entries[18]] as [Entry, Entry];
    const reasonsAt = (lastReadAtMs: number) =>
      [lacking, absent].map((entry) => settleReason(Object.assign(entry, { lastReadAtMs }), tail));
    expect(reasonsAt(2000 + 2 * GRACE_MS - 1)).toEqual([undefined, undefined]);
    expect(reasonsAt(2000 + 2 * GRACE_MS)).toEqual(['quiet', 'absent']);
  });
});

describe('Ways', () => {
  /** Traces answered 200 ms apart, each read at once and then every second until its one span has come. */
  const waysOf = (traces: number, tookMs: (trace: number) => number, firstReadMs = 0) => {
    const ways = new Ways();
    for (let trace = 0; trace < traces; trace += 1) {
      const answeredAtMs = 10_000 + trace * 200;
      const entry = newEntry(exchangeAt(answeredAtMs));
      for (let afterMs = firstReadMs; entry.spans.length === 0; afterMs += 1000) {
        const before = entry.lastReadAtMs;
        observe(entry, afterMs >= tookMs(trace) ? [span(answeredAtMs)] : [], answeredAtMs + afterMs, 0);
        ways.note(entry, [], before, 0);
      }
    }
    return ways.slowest(5000);
  };

  it('is the shortest that any span took at least', () => {
    expect(waysOf(30, (trace) => (trace === 7 ? 2500 : 4500))).toEqual({ service: 'stock', wayMs: 2000 });
  });

  it.each([
    ['one span came at once', waysOf(30, (trace) => (trace === 7 ? 0 : 4500))],
    ['it is no longer than the margin', waysOf(30, () => 1500)],
    ['there are few spans', waysOf(19, () => 4500)],
    ['all requests lie within a flush, and each span may have waited for the same one', waysOf(20, () => 2500)],
    ['traces were first read late', waysOf(30, () => 4500, 2000)],
  ])('is not known where %s', (_why, slowest) => {
    expect(slowest).toBeUndefined();
  });
});
