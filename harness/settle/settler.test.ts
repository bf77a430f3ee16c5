import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { BackendError, type TraceBackend } from '../backend/backend.ts';
import type { Exchange } from '../model/exchange.ts';
import type { SpanId, TraceId } from '../model/ids.ts';
import type { Span } from '../model/span.ts';
import { readTraces } from './read.ts';
import type { SettlerInput } from './settled.ts';
import { Settler } from './settler.ts';

/** When a simulated clock begins. */
const START_MS = new SimulatedClock().now();
const traceId = (number: number) => String(number).padStart(32, '0') as TraceId;

/** A span of the trace; `service` distinguishes them. */
function span(trace: number, service: string): Span {
  const id = `${trace}${service.length}`.padStart(16, '0') as SpanId;
  const times = { startMicros: START_MS * 1000, durationMicros: 10 };
  return { traceId: traceId(trace), id, kind: 'server', service, operation: 'o', ...times, tags: {} };
}
function forcedOn(trace: number, atMs: number): Exchange {
  const probe = { id: `p${trace}`, purpose: 'forced-on', format: 'b3', marker: 'm', headers: [] } as const;
  return { probe: { ...probe, traceId: traceId(trace) }, sentAtMs: atMs, answeredAtMs: atMs };
}
/** Knows at each moment what `spansOf` says. */
function backendOf(spansOf: (trace: number) => readonly Span[], batchSize = 50) {
  const backend = {
    api: 'jaeger-legacy' as const,
    baseUrl: new URL('http://j'),
    markerSearch: { supported: true as const },
    batchSize,
    calls: 0,
    traces: async (ids: readonly TraceId[]) => {
      backend.calls += 1;
      const found = ids.map((id) => ({ id, spans: spansOf(Number(id)) })).filter(({ spans }) => spans.length > 0);
      return new Map(found.map((trace) => [trace.id, trace]));
    },
    search: async () => [],
    services: async () => [],
    version: async () => undefined,
  };
  return backend satisfies TraceBackend;
}

/** For two probes on a mesh with Envoy's flush; no trace is complete. */
function settlerOf(different: Partial<SettlerInput> & Pick<SettlerInput, 'backend' | 'clock'>): Settler {
  return new Settler({
    probes: 2,
    flushMs: 5000,
    settleTimeoutMs: 60_000,
    meshAheadMs: 0,
    longestUpstreamTimeoutMs: 0,
    isComplete: () => false,
    findByMarker: async () => new Map(),
    onIncident: () => undefined,
    onProgress: () => undefined,
    ...different,
  });
}

it('does not take a trace for absent because of one that still grows', async () => {
  const clock = new SimulatedClock();
  // Two proxies: one reports what it has of the second trace after three seconds, the other all it has after eight.
  const backend = backendOf((trace) => {
    const elapsedMs = clock.now() - START_MS;
    if (elapsedMs > 8000) return [span(trace, 'gateway'), span(trace, 'orders')];
    return trace === 2 && elapsedMs > 3000 ? [span(trace, 'gateway')] : [];
  });
  const settler = settlerOf({
    backend,
    clock,
    isComplete: ({ spans }) => spans.length === 2,
  });
  const settling = settler.run(new AbortController().signal);
  settler.answered(forcedOn(1, clock.now()));
  settler.answered(forcedOn(2, clock.now()));
  settler.allAnswered();
  const { entries } = await settling;
  expect(entries.map(({ reason }) => reason)).toEqual(['expected-set', 'expected-set']);
});

it('reports in whole seconds how long proxies hold spans, however long the lag was', async () => {
  const clock = new SimulatedClock();
  // A span that ended 3 s and a fraction before its request was answered comes 3 s after it.
  const early = { ...span(1, 'gateway'), startMicros: (START_MS - 3000) * 1000, durationMicros: 617 };
  const backend = backendOf((trace) => (trace === 1 && clock.now() - START_MS > 3000 ? [early] : []));
  const waitedFor: string[] = [];
  const settler = settlerOf({
    backend,
    clock,
    onProgress: ({ waitingFor }) => waitedFor.push(waitingFor),
  });
  const settling = settler.run(new AbortController().signal);
  settler.answered(forcedOn(1, clock.now()));
  settler.answered(forcedOn(2, clock.now()));
  settler.allAnswered();
  await settling;
  const proxies = waitedFor.filter((text) => text.startsWith('proxies'));
  expect([...new Set(proxies)]).toEqual([5, 6].map((s) => `proxies, which hold spans for up to ${s} s`));
});

it('looks closely around the flush, so that a change there counts from when it came', async () => {
  const clock = new SimulatedClock();
  // Both traces lack the same. Of the second one, answered at 3 s, a span comes 5.1 s later.
  const answered = { ...span(2, 'gateway'), startMicros: (START_MS + 3000) * 1000 };
  const backend = backendOf((trace) => {
    const elapsedMs = clock.now() - START_MS;
    if (trace === 2) return elapsedMs < 8100 ? [] : [answered];
    return elapsedMs < 100 ? [] : [span(trace, 'gateway')];
  });
  const settler = settlerOf({
    backend,
    clock,
    lacksOf: () => ({ lacks: ['stock'], owing: ['stock'] }),
  });
  const settling = settler.run(new AbortController().signal);
  settler.answered(forcedOn(1, clock.now()));
  await clock.sleep(3000, new AbortController().signal);
  settler.answered(forcedOn(2, clock.now()));
  settler.allAnswered();
  const { entries } = await settling;
  expect(entries.map(({ reason }) => reason)).toEqual(['quiet', 'quiet']);
  // Seen within 0.25 s, and then 1.5 s without another change; never before flush and margin.
  expect(clock.now() - START_MS - 3000).toBeGreaterThanOrEqual(6600);
  expect(clock.now() - START_MS - 3000).toBeLessThanOrEqual(6900);
});

describe('readTraces', () => {
  const ids = Array.from({ length: 50 }, (_, index) => traceId(index + 1));
  const bad = (which: (trace: number) => boolean) => {
    const backend = backendOf((trace) => [span(trace, 'gateway')]);
    return {
      ...backend,
      get calls() {
        return backend.calls;
      },
      traces: async (asked: readonly TraceId[]) => {
        const found = await backend.traces(asked);
        if (asked.some((id) => which(Number(id)))) throw new BackendError('HC704', 'does not fit', { hint: '' });
        return found;
      },
    };
  };
  const { signal } = new AbortController();

  it('loses only the one bad trace of fifty, and finds it by halves', async () => {
    const backend = bad((trace) => trace === 33);
    const { traces, failures } = await readTraces(backend, ids, 100, signal);
    expect({ traces: traces.size, failures: failures.map((failure) => failure.ids) }).toEqual({
      traces: 49,
      failures: [[traceId(33)]],
    });
    expect(backend.calls).toBeLessThan(15);
  });

  it('sends no more requests than allowed where all traces are bad, and reports the failures', async () => {
    const backend = bad(() => true);
    const { traces, failures } = await readTraces(backend, ids, 10, signal);
    expect({ traces: traces.size, calls: backend.calls }).toEqual({ traces: 0, calls: 10 });
    expect(failures.length).toBeGreaterThan(0);
  });

  it('sends one request, whatever is allowed', async () => {
    const { traces } = await readTraces(
      bad(() => false),
      ids,
      -3,
      signal,
    );
    expect(traces.size).toBe(50);
  });
});
