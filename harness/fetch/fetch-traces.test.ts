import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { BackendError, type MarkerQuery, type TraceBackend } from '../backend/backend.ts';
import { parseTraceId } from '../model/ids.ts';
import type { Trace } from '../model/trace.ts';
import { fetchTraces } from './fetch-traces.ts';

const START_MS = 1_000_000;
const SECOND_MS = 1000;

/** A backend that has one trace at each of these times, of one service, and answers each search after so long. */
function backendWith(timesMs: readonly number[], clock: SimulatedClock, takesMs = 0) {
  const asked: MarkerQuery[] = [];
  const backend = {
    async search(query: MarkerQuery) {
      asked.push(query);
      await clock.sleep(takesMs, new AbortController().signal);
      const found = timesMs.filter((at) => at >= query.fromMs && at < query.toMs);
      return found.slice(0, query.limit).map(traceAt);
    },
  } as unknown as TraceBackend;
  return { backend, asked };
}

function traceAt(atMs: number): Trace {
  const id = parseTraceId((Math.round(atMs) + 1).toString(16).padStart(32, '0'));
  if (!id.ok) throw new Error('no id');
  return { id: id.id, spans: [] };
}

async function fetched(timesMs: readonly number[], most: number, takesMs = 0) {
  const clock = new SimulatedClock(START_MS);
  const { backend, asked } = backendWith(timesMs, clock, takesMs);
  const running = fetchTraces({
    backend,
    services: ['a', 'b'],
    fromMs: 0,
    toMs: 64 * SECOND_MS,
    most,
    clock,
    signal: new AbortController().signal,
  });
  return { ...(await running), asked, tookMs: clock.now() - START_MS };
}

const everySecond = (number: number) => Array.from({ length: number }, (_, index) => index * (64_000 / number));

describe('fetchTraces', () => {
  it('searches each service once where a search returns less than it may', async () => {
    const { traces, asked, cut } = await fetched(everySecond(64), 1000);
    expect({ traces: traces.length, searches: asked.length, cut }).toEqual({ traces: 64, searches: 2, cut: [] });
  });

  it('divides a time whose search is cut, until all traces are there', async () => {
    const { traces, asked, cut } = await fetched(everySecond(640), 1000);
    expect({ traces: traces.length, cut }).toEqual({ traces: 640, cut: [] });
    expect(asked.every(({ limit }) => limit === 100)).toBe(true);
  });

  it('ends at the limit of a service, and reports the time that it left out as one', async () => {
    const { traces, cut } = await fetched(everySecond(6400), 300);
    expect(traces.length).toBeLessThan(500);
    expect(cut.map(({ service, fromMs }) => ({ service, fromMs }))).toEqual([
      { service: 'a', fromMs: 0 },
      { service: 'b', fromMs: 0 },
    ]);
  });

  it('reports a second that has more traces than a search returns', async () => {
    const { cut } = await fetched(
      Array.from({ length: 200 }, (_, index) => index),
      1000,
    );
    expect(cut.map(({ fromMs, toMs }) => ({ fromMs, toMs }))).toEqual([
      { fromMs: 0, toMs: SECOND_MS },
      { fromMs: 0, toMs: SECOND_MS },
    ]);
  });

  it('pauses after each search for as long as it took', async () => {
    expect((await fetched([], 1000, 300)).tookMs).toBe(2 * (300 + 300));
  });

  it('divides a time whose answer is larger than may be read, and passes other errors on', async () => {
    const clock = new SimulatedClock(START_MS);
    const search = async ({ fromMs, toMs }: MarkerQuery) => {
      if (toMs - fromMs > 16 * SECOND_MS) throw new BackendError('HC713', 'too large', { hint: '' });
      return [traceAt(fromMs)];
    };
    const fetching = { services: ['a'], fromMs: 0, toMs: 64 * SECOND_MS, most: 1000, clock };
    const signal = new AbortController().signal;
    const { traces, cut } = await fetchTraces({ ...fetching, signal, backend: { search } as unknown as TraceBackend });
    expect({ traces: traces.length, cut }).toEqual({ traces: 4, cut: [] });
    const failing = { search: () => Promise.reject(new BackendError('HC712', 'no', { hint: '' })) };
    await expect(
      fetchTraces({ ...fetching, signal, backend: failing as unknown as TraceBackend }),
    ).rejects.toMatchObject({ code: 'HC712' });
  });
});
