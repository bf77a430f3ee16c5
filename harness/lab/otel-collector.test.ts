import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { parseFault } from './faults.ts';
import type { StoredSpan } from './jaeger/store.ts';
import { type CollectorOptions, collectorOf, throughCollector } from './otel-collector.ts';
import { seededRandom } from './random.ts';

const of = (...faults: readonly string[]) => collectorOf(faults.map((text) => parseFault(text, [])));

describe('a collector in front of the backend', () => {
  it('exists where a fault asks for it', () => {
    expect(of('backend-late:3000')).toBeUndefined();
    expect(of('collector-batch:10000')).toEqual({ batchMs: 10_000 });
    expect(of('tail-sampling:10')).toEqual({ batchMs: 200, tailSampling: { percent: 10, probes: false } });
    expect(of('tail-sampling:probes')).toEqual({ batchMs: 200, tailSampling: { percent: 0, probes: true } });
    expect(of('tail-sampling:probes', 'tail-sampling:10', 'collector-batch:5')).toEqual({
      batchMs: 5,
      tailSampling: { percent: 10, probes: true },
    });
  });

  it('takes a percentage or the word for the probes, and refuses anything else', () => {
    expect(() => of('tail-sampling:some')).toThrow('"some" is not a number or probes');
  });

  it('sends a batch on its timer, and none while no span came', async () => {
    const { clock, taken, taker, end } = started({ batchMs: 10_000 });
    taker.add([span('a', 1)]);
    await clock.sleep(10_000);
    expect(taken.map(({ traceId }) => traceId)).toEqual(['a']);
    taker.add([span('b', 1)]);
    await clock.sleep(10_000);
    expect(taken.map(({ traceId }) => traceId)).toEqual(['a', 'b']);
    end();
  });

  it('decides about a whole trace 30 s after its first span, and in the same way about later spans', async () => {
    const { clock, taken, taker, end } = started({ batchMs: 0, tailSampling: { percent: 30, probes: false } });
    const ids = Array.from({ length: 200 }, (_, index) => `${index}`);
    taker.add(ids.map((id) => span(id, 1)));
    await clock.sleep(20_000);
    taker.add(ids.map((id) => span(id, 2)));
    await clock.sleep(9900);
    expect(taken).toEqual([]);
    await clock.sleep(1200);
    taker.add(ids.map((id) => span(id, 3)));
    const spans = Map.groupBy(taken, ({ traceId }) => traceId);
    expect(new Set([...spans.values()].map((each) => each.length))).toEqual(new Set([3]));
    expect(spans.size).toBeGreaterThan(30);
    expect(spans.size).toBeLessThan(90);
    end();
  });

  it('keeps a trace in which one span carries the marker of a probe', async () => {
    const { clock, taken, taker, end } = started({ batchMs: 0, tailSampling: { percent: 0, probes: true } });
    taker.add([span('a', 1), span('a', 2, 'hopcheck-cafe0123-p1'), span('b', 1, 'curl/8 hopcheck-'), span('c', 1)]);
    await clock.sleep(32_000);
    expect(taken.map(({ traceId, id }) => `${traceId}${id}`)).toEqual(['a1', 'a2']);
    end();
  });
});

function started(options: CollectorOptions) {
  const clock = new SimulatedClock();
  const stop = new AbortController();
  const taken: StoredSpan[] = [];
  const store = { add: (spans: readonly StoredSpan[]) => void taken.push(...spans) };
  const taker = throughCollector(store, options, { clock, random: seededRandom(1) }, stop.signal);
  return { clock, taken, taker, end: () => stop.abort() };
}

function span(traceId: string, id: number, userAgent?: string): StoredSpan {
  return {
    traceId,
    id: `${id}`,
    kind: 2,
    name: 'o',
    service: 's',
    resource: [],
    startMicros: 0,
    durationMicros: 1,
    tags: userAgent === undefined ? [] : [['user_agent', userAgent]],
    isError: false,
    logs: [],
  };
}
