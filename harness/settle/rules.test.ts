import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Exchange } from '../model/exchange.ts';
import type { SpanId, TraceId } from '../model/ids.ts';
import type { Span } from '../model/span.ts';
import { type Entry, newEntry, observe } from './entry.ts';
import { EARLIER_MS, lackedEarlier, quietAtMs, type Situation, STILL_MS, settleEnded, settleReason } from './rules.ts';

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

describe('settleEnded', () => {
  const probed = (answeredAtMs: number, ...reads: Read[]): Entry => {
    const probe = { id: `p${answeredAtMs}`, purpose: 'forced-on' };
    const entry = newEntry({ probe, sentAtMs: answeredAtMs - 100, answeredAtMs } as unknown as Exchange);
    for (const [ms, spans] of reads) observe(entry, spans, ms, 0);
    return entry;
  };
  const { lastAnswerAtMs: _, ...sending } = situation();
  const reasons = (entries: readonly Entry[]) => {
    settleEnded(entries, () => sending);
    return entries.map(({ reason }) => reason);
  };

  it('settles a trace one grace time after its own answer, and none that was answered later', () => {
    const first = probed(1000, [2000, [span(1)]], [8000, [span(1)]]);
    const second = probed(2500, [3000, [span(1)]], [8000, [span(1)]]);
    expect(reasons([first, second])).toEqual(['quiet', undefined]);
  });

  it('ends before the first trace that may still change, so that whole ones do not outnumber broken ones', () => {
    const broken = probed(1000, [2000, []], [7900, [span(1)]]);
    const whole = Object.assign(probed(1100, [2000, [span(1)]]), { complete: true });
    expect(reasons([whole, broken])).toEqual([undefined, undefined]);
  });

  it('counts a whole trace, which is not read again, by the last read of any', () => {
    const whole = Object.assign(probed(1000, [2000, [span(1)]]), { complete: true });
    const growing = probed(6000, [7000, [span(1)]]);
    expect(reasons([whole, growing])).toEqual(['expected-set', undefined]);
  });

  it('gives no reason to a probe that was not forced on', () => {
    const undecided = probed(1000, [2000, [span(1)]], [9000, [span(1)]]);
    const probe = { ...undecided.probe, purpose: 'undecided' } as Entry['probe'];
    expect(reasons([{ ...undecided, probe }])).toEqual([undefined]);
  });
});

describe('settleReason', () => {
  describe("where the flush is shorter than Envoy's own and unproven", () => {
    const unproven = situation({ graceMs: 2000, lackGraceMs: 6000, lastArrivedControlSentAtMs: 2000 });

    it('lets what is whole wait for the flush alone', () => {
      expect(settleReason(completeAt([3000, [span(1)]]), unproven)).toBe('expected-set');
    });

    it('lets what lacks spans wait as long as Envoy holds them', () => {
      expect({
        still: settleReason(readAt([1500, [span(1)]], [6999, [span(1)]]), unproven),
        quiet: settleReason(readAt([1500, [span(1)]], [7000, [span(1)]]), unproven),
      }).toEqual({ still: undefined, quiet: 'quiet' });
    });
  });

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

  it('is quiet soon after a change where an earlier trace lacks the same, and never before the grace time is over', () => {
    const early = situation({ lackedEarlier: new Set(['reviews  ratings client']) });
    const lacking = (...reads: Read[]) => Object.assign(readAt(...reads), { lacks: ['reviews  ratings client'] });
    const changed = 5800;
    expect(settleReason(lacking([changed, [span(1)]], [changed + STILL_MS - 1, [span(1)]]), early)).toBeUndefined();
    expect(settleReason(lacking([changed, [span(1)]], [changed + STILL_MS, [span(1)]]), early)).toBe('quiet');
    expect(settleReason(lacking([1000, [span(1)]], [6999, [span(1)]]), early)).toBeUndefined();
  });

  it('waits a grace time after a change where one thing is lacked that no earlier trace lacks', () => {
    const early = situation({ lackedEarlier: new Set(['a']) });
    const entry = Object.assign(readAt([5800, [span(1)]], [9000, [span(1)]]), { lacks: ['a', 'b'] });
    expect(settleReason(entry, early)).toBeUndefined();
    expect(quietAtMs(entry, early)).toBe(5800 + 6000);
  });

  it('waits a grace time after a change where a span ended long after the answer', () => {
    const early = situation({ lackedEarlier: new Set(['a']) });
    const entry = Object.assign(readAt([5800, [span(3000)]]), { lacks: ['a'] });
    expect(quietAtMs(entry, early)).toBe(5800 + 6000);
  });

  it('never rests on a read within a grace time of the last answer, whatever was read and lacked', () => {
    const reads = fc.array(
      fc.record({ ms: fc.integer({ min: 0, max: 20_000 }), ends: fc.integer({ min: 1, max: 4000 }) }),
    );
    const lacks = fc.subarray(['a', 'b']);
    const anySituation = fc.record({ lackedEarlier: fc.subarray(['a', 'b']), control: fc.boolean() });
    fc.assert(
      fc.property(
        reads,
        lacks,
        fc.boolean(),
        anySituation,
        (some, lacked, complete, { lackedEarlier: known, control }) => {
          const sorted = some.toSorted((a, b) => a.ms - b.ms).map(({ ms, ends }): Read => [ms, [span(ends)]]);
          const entry = Object.assign(readAt(...sorted), { lacks: lacked, complete });
          const now = situation({
            lackedEarlier: new Set(known),
            ...(control && { lastArrivedControlSentAtMs: 2000 }),
          });
          if (settleReason(entry, now) !== undefined) expect(entry.lastReadAtMs).toBeGreaterThanOrEqual(1000 + 6000);
        },
      ),
    );
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

describe('lackedEarlier', () => {
  const answered = (answeredAtMs: number, readAtMs: number, lacks: readonly string[]): Entry =>
    Object.assign(newEntry({ ...exchange, answeredAtMs }), { lacks, spans: [span(1)], lastReadAtMs: readAtMs });
  const lastAnswerAtMs = 10_000;
  const early = lastAnswerAtMs - EARLIER_MS;

  it('is what a trace lacks that was answered early, by a read one grace time after the last answer', () => {
    const entries = [
      answered(early, 16_000, ['a']),
      answered(early + 1, 16_000, ['too young']),
      answered(early, 15_999, ['read too soon']),
      Object.assign(answered(early, 16_000, ['nothing came']), { spans: [] }),
    ];
    expect([...lackedEarlier(entries, situation({ lastAnswerAtMs }), false)]).toEqual(['a']);
  });

  it('is nothing where spans came later than the flush, or probes are still being sent', () => {
    const entries = [answered(early, 16_000, ['a'])];
    const { lastAnswerAtMs: _, ...sending } = situation();
    expect(lackedEarlier(entries, situation({ lastAnswerAtMs }), true).size).toBe(0);
    expect(lackedEarlier(entries, sending, false).size).toBe(0);
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
