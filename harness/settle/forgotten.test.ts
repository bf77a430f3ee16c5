import { describe, expect, it } from 'vitest';
import type { TraceBackend } from '../backend/backend.ts';
import type { Preflight } from '../model/capture.ts';
import type { Exchange } from '../model/exchange.ts';
import type { SpanId, TraceId } from '../model/ids.ts';
import type { Span } from '../model/span.ts';
import { type Entry, newEntry, observe } from './entry.ts';
import { findForgotten } from './forgotten.ts';

const traceId = (number: number) => String(number).padStart(32, '0') as TraceId;
const span = (trace: number, index: number): Span => ({
  traceId: traceId(trace),
  id: `${trace}${index}`.padStart(16, '0') as SpanId,
  kind: 'server',
  service: 's',
  operation: 'o',
  startMicros: index,
  durationMicros: 1,
  tags: {},
});
const exchange = (trace: number): Exchange => ({
  probe: { id: `p${trace}`, purpose: 'forced-on', format: 'b3', marker: 'm', headers: [], traceId: traceId(trace) },
  sentAtMs: 0,
  answeredAtMs: 0,
});
const entry = (trace: number, complete: boolean): Entry => ({ ...newEntry(exchange(trace)), complete });

/** Preflight's trace is number 9, of which it saw three spans. */
const preflight: Preflight = { markerSearch: 'supported', requests: [exchange(9)], spansSeen: { p9: 3 } };
function backendWith(left: number) {
  const backend = {
    api: 'jaeger-legacy' as const,
    baseUrl: new URL('http://j'),
    markerSearch: { supported: true as const },
    batchSize: 10,
    calls: 0,
    traces: async () => {
      backend.calls += 1;
      const spans = Array.from({ length: left }, (_, index) => span(9, index));
      return new Map(left === 0 ? [] : [[traceId(9), { id: traceId(9), spans }]]);
    },
    search: async () => [],
    services: async () => [],
    version: async () => undefined,
  };
  return backend satisfies TraceBackend;
}
const { signal } = new AbortController();
const find = (entries: readonly Entry[], backend: TraceBackend) => findForgotten(entries, preflight, backend, signal);

describe('findForgotten', () => {
  it('reads nothing where every trace is whole', async () => {
    const backend = backendWith(0);
    expect(await find([entry(1, true)], backend)).toBeUndefined();
    expect(backend.calls).toBe(0);
  });

  it.each([0, 2])('finds a forgotten trace by that of preflight, of which %i spans are left', async (left) => {
    const backend = backendWith(left);
    const trouble = await find([entry(1, true), entry(2, false)], backend);
    expect(trouble).toMatchObject({ code: 'HC718', message: expect.stringContaining(`${left} of the 3 spans`) });
    expect(backend.calls).toBe(1);
  });

  it('does not accuse a backend that still has the trace, grown since or not', async () => {
    expect(await find([entry(2, false)], backendWith(3))).toBeUndefined();
    expect(await find([entry(2, false)], backendWith(5))).toBeUndefined();
  });

  it('finds a forgotten trace by a span that one read returned and a later one did not, and keeps that span', async () => {
    const seen = entry(2, false);
    observe(seen, [span(2, 1), span(2, 2)], 1, 0);
    observe(seen, [span(2, 2), span(2, 3)], 2, 0);
    expect(seen.spans.map(({ startMicros }) => startMicros).toSorted()).toEqual([1, 2, 3]);
    const backend = backendWith(3);
    expect(await find([seen], backend)).toMatchObject({ code: 'HC718' });
    expect(backend.calls).toBe(0);
  });
});
