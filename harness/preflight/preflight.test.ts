import { describe, expect, it } from 'vitest';
import { testSettings } from '../../fixtures/testing/settings.ts';
import type { MarkerQuery, TraceBackend } from '../backend/backend.ts';
import type { Application } from '../model/application.ts';
import type { Clock } from '../model/clock.ts';
import type { SpanId, TraceId } from '../model/ids.ts';
import { RunNames } from '../model/run-names.ts';
import type { Trace } from '../model/trace.ts';
import { cryptoRandom } from '../probe/random.ts';
import { preflight } from './preflight.ts';

const application: Application = {
  name: 'shop',
  request: { method: 'GET', path: '/' },
  gateway: 'edge',
  entry: 'front',
  services: [{ name: 'front' }],
  calls: [],
  longestUpstreamTimeoutMs: 1000,
};
const id = '1'.padStart(32, '0') as TraceId;
const spanId = '1'.padStart(16, '0') as SpanId;
const stray: Trace = {
  id,
  spans: [
    {
      traceId: id,
      id: spanId,
      kind: 'server',
      service: 'x',
      operation: 'o',
      startMicros: 0,
      durationMicros: 1,
      tags: {},
    },
  ],
};

/**
 * A mesh that traces every request under another id, in a backend that knows these services; `asked` are those
 * searched.
 */
async function look(listed: readonly string[], services: Readonly<Record<string, string>> = {}) {
  const asked: string[] = [];
  let nowMs = 0;
  const clock: Clock = {
    now: () => nowMs,
    sleep: async (ms) => {
      nowMs += ms;
    },
  };
  const backend: TraceBackend = {
    api: 'jaeger-legacy',
    baseUrl: new URL('http://jaeger.example/'),
    markerSearch: { supported: true },
    batchSize: 20,
    calls: 0,
    traces: async () => new Map(),
    search: async ({ service }: MarkerQuery) => {
      asked.push(service);
      return [stray];
    },
    version: async () => undefined,
    services: async () => listed,
  };
  const configured = { value: services, source: 'file', from: 'hopcheck.config.json' } as const;
  const { preflight: found } = await preflight(
    {
      settings: testSettings('http://gw.example/', 'http://jaeger.example/', { services: configured }),
      names: new RunNames(application, { services: configured }),
      negotiate: async () => backend,
      send: async (probe) => ({
        probe,
        sentAtMs: nowMs,
        answeredAtMs: nowMs,
        answer: { status: 200, headers: [], body: '', page: { whole: true, banners: [] } },
      }),
      runId: 'cafe0123',
      random: cryptoRandom,
      clock,
      onWaiting: () => undefined,
    },
    new AbortController().signal,
  );
  return { asked: [...new Set(asked)], stopped: found.stopped?.code };
}

describe('a trace under another id than that of the probe', () => {
  it.each([
    ['by their names with a namespace', { listed: ['edge.mesh', 'other.mesh'], services: {}, asked: ['edge.mesh'] }],
    [
      'by names that the configuration maps, in full',
      { listed: ['gw.mesh', 'other.mesh'], services: { 'gw.mesh': 'edge' }, asked: ['gw.mesh'] },
    ],
    [
      'by names that the configuration maps, in short',
      { listed: ['page.shop'], services: { page: 'front' }, asked: ['page.shop'] },
    ],
    [
      'by the name of a version, as Istio names services by the conventions',
      { listed: ['front-v1'], services: {}, asked: ['front-v1'] },
    ],
  ])('is looked for %s', async (_how, { listed, services, asked }) => {
    expect(await look(listed, services)).toEqual({ asked, stopped: undefined });
  });

  it('is not looked for under names that the configuration maps elsewhere, or under unknown names', async () => {
    expect(await look(['edge.mesh', 'constructor', 'toString.x'], { 'edge.mesh': 'other' })).toEqual({
      asked: [],
      stopped: 'HC709',
    });
  });
});
