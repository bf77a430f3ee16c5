import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { surveyLab } from '../../fixtures/testing/survey-lab.ts';
import type { HttpClient } from '../http/http.ts';
import { judge } from '../judge/judge.ts';
import { parseFault } from '../lab/faults.ts';
import type { LabOptions } from '../lab/lab.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';
import type { Capture } from '../model/capture.ts';
import { makePlan } from '../probe/plan.ts';

// How long a run waits, on the simulated clock: no time passes there but what hopcheck, proxies and services wait for. So
// it is the run's physics alone, and what the machine adds is measured by npm run bench.

const SERVICES = ['productpage', 'details', 'reviews', 'ratings'];
/** Flush 5 s and margin 1 s. */
const GRACE_MS = 6000;
/** A run may take so much more where something is broken. */
const BROKEN_MS = 2000;

const BACKENDS = {
  'the legacy API of Jaeger': { jaeger: '1.76' },
  'the v3 API of Jaeger': { jaeger: '2.13' },
  Zipkin: { jaeger: 'zipkin' },
} as const satisfies Record<string, Partial<LabOptions>>;
type Backend = keyof typeof BACKENDS;
const backends = Object.keys(BACKENDS) as Backend[];

async function run(backend: Backend, fault?: string, different: Partial<LabOptions> = {}): Promise<Capture> {
  const faults = fault === undefined ? [] : [parseFault(fault, SERVICES)];
  const options = {
    clock: new SimulatedClock(),
    network: 'memory',
    faults,
    ...BACKENDS[backend],
    ...different,
  } as const;
  await using lab = await startStandin(labOptions(options));
  const http = lab.http;
  if (backend !== 'the v3 API of Jaeger' || http === undefined) return await surveyLab(lab);
  const withoutLegacy: HttpClient = {
    ...http,
    send: (request, signal) =>
      request.url.pathname.startsWith('/api/traces')
        ? Promise.resolve({ status: 200, headers: [], body: '<!doctype html>' })
        : http.send(request, signal),
  };
  return await surveyLab({ ...lab, http: withoutLegacy });
}

describe.each(backends)('a run over %s', (backend) => {
  it('waits one grace time after the last answer where all is well', async () => {
    const capture = await run(backend);
    expect(judge(capture).verdict).toBe('pass');
    expect(capture.timings.settleMs).toBe(GRACE_MS);
  });

  it.each(['drop-all:productpage', 'drop-all:reviews', 'no-report:details', 'missing:details'])(
    'waits at most two seconds more with %s',
    async (fault) => {
      const capture = await run(backend, fault);
      expect(judge(capture).verdict).toBe('fail');
      expect(capture.traces.filter(({ reason }) => reason === 'quiet').length).toBeGreaterThan(0);
      expect(capture.timings.settleMs).toBeGreaterThanOrEqual(GRACE_MS);
      expect(capture.timings.settleMs).toBeLessThanOrEqual(GRACE_MS + BROKEN_MS);
    },
  );
});

describe('a first request that takes longer than the gateway says', () => {
  it('is not taken for a clock of the mesh that is ahead, and spans not for late', async () => {
    const clock = new SimulatedClock();
    await using lab = await startStandin(labOptions({ clock, network: 'memory' }));
    const { http } = lab;
    if (http === undefined) throw new Error('a lab in memory has its own client');
    let isFirst = true;
    // The connection is being made, before the gateway sees anything.
    const connecting: HttpClient = {
      ...http,
      send: async (request, signal) => {
        if (isFirst && request.url.pathname === '/productpage') {
          isFirst = false;
          await clock.sleep(1900, signal);
        }
        return http.send(request, signal);
      },
    };
    const capture = await surveyLab({ ...lab, http: connecting });
    expect(capture.preflight.spanClock?.uncertaintyMs).toBeLessThan(50);
    expect(capture.timings.longestLagMs).toBeLessThanOrEqual(5000);
    expect(capture.timings.settleMs).toBe(GRACE_MS);
  });
});

describe('a mesh that holds spans for longer than configured', () => {
  it.each([6000, 7000, 8000])('is not taken for broken any sooner: %i ms', async (intervalMs) => {
    const verdicts: string[] = [];
    for (let seed = 1; seed <= 5; seed += 1) {
      const capture = await run('the legacy API of Jaeger', undefined, { flush: { minSpans: 1000, intervalMs }, seed });
      verdicts.push(judge(capture).verdict);
    }
    expect(verdicts).toEqual(Array(5).fill('pass'));
  });
});

describe('a mesh for which a shorter flush is configured than it has', () => {
  it.each([6, 10, 20, 60])('is not accused of what its proxies still hold: %i probes', async (probes) => {
    const flushMs = { value: 1000, source: 'flag', from: '--flush-interval' } as const;
    const verdicts: string[] = [];
    for (let seed = 1; seed <= 10; seed += 1) {
      const clock = new SimulatedClock();
      await using lab = await startStandin(labOptions({ clock, network: 'memory', seed, workers: 2 }));
      verdicts.push(judge(await surveyLab(lab, { settings: { flushMs }, plan: makePlan(probes) })).verdict);
    }
    expect(verdicts).toEqual(Array(10).fill('pass'));
  });
});
