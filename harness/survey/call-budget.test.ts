import { describe, expect, it } from 'vitest';
import { testSettings } from '../../fixtures/testing/settings.ts';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { bookinfo } from '../applications/bookinfo.ts';
import type { HttpClient, HttpResponse } from '../http/http.ts';
import { judge } from '../judge/judge.ts';
import { parseFault } from '../lab/faults.ts';
import type { LabOptions } from '../lab/lab.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';
import { callAllowance } from '../model/limits.ts';
import { makePlan } from '../probe/plan.ts';
import { survey } from './survey.ts';

interface Case {
  readonly lab?: Partial<LabOptions>;
  readonly api: 'legacy' | 'v3';
  readonly probes?: number;
  /** Another mesh's Jaeger, which has received no request. */
  readonly empty?: true;
  readonly harm?: (answer: HttpResponse) => HttpResponse;
}

/** One run; the calls are counted where they arrive. */
async function run({ lab: options, api, probes = 60, empty, harm }: Case) {
  const clock = new SimulatedClock();
  const jaeger = api === 'v3' ? '2.13' : '1.76';
  await using lab = await startStandin(labOptions({ clock, network: 'memory', jaeger, ...options }));
  await using other = await startStandin(labOptions({ clock, network: 'memory', jaeger }));
  const asked = empty === true ? other : lab;
  let calls = 0;
  const counted: HttpClient = {
    ...asked.http!,
    send: async (request, signal) => {
      calls += 1;
      if (api === 'v3' && request.url.pathname.startsWith('/api/traces'))
        return { status: 200, headers: [], body: '<!doctype html>' };
      const answer = await asked.http!.send(request, signal);
      // The first answers are right, or nothing would begin.
      return harm === undefined || calls < 5 ? answer : harm(answer);
    },
  };
  const capture = await survey({
    settings: testSettings(lab.ingressUrl, asked.jaegerUrl, { probes, rate: probes > 100 ? 10 : 20 }),
    application: bookinfo,
    plan: makePlan(probes),
    clock,
    http: { ingress: lab.http!, traceBackend: counted },
    signal: new AbortController().signal,
  });
  expect(capture.timings.backendCalls).toBe(calls);
  return { capture, calls, report: judge(capture) };
}

const SLOW = { minSpans: 1000, intervalMs: 5000 };
const broken = [parseFault('drop-all:productpage', ['productpage'])];
const spoiled = (answer: HttpResponse) => ({
  ...answer,
  body: answer.body.replaceAll(/"(startTime|startTimeUnixNano)":/g, '"$1":"x","was":'),
});
const CASES: readonly { readonly title: string; readonly verdict: string; readonly given: Omit<Case, 'api'> }[] = [
  { title: 'a healthy mesh', verdict: 'pass', given: {} },
  { title: 'foreign traffic', verdict: 'pass', given: { lab: { foreignRate: 50 } } },
  { title: 'proxies that never flush before their time', verdict: 'pass', given: { lab: { flush: SLOW } } },
  { title: 'every trace broken', verdict: 'fail', given: { lab: { faults: broken, flush: SLOW } } },
  { title: 'a thousand probes', verdict: 'pass', given: { probes: 1000 } },
  {
    title: 'a thousand probes, every trace broken',
    verdict: 'fail',
    given: { probes: 1000, lab: { faults: broken, flush: SLOW } },
  },
  { title: 'answers that do not fit', verdict: 'inconclusive', given: { harm: spoiled } },
  { title: 'errors', verdict: 'inconclusive', given: { harm: (answer) => ({ ...answer, status: 500 }) } },
];

describe.each(['legacy', 'v3'] as const)('the calls of the backend, over the %s API', (api) => {
  it.each(CASES)('are at most 3 per probe and 50: $title', async ({ verdict, given }) => {
    const { capture, calls, report } = await run({ ...given, api });
    expect(report.verdict).toBe(verdict);
    expect(calls).toBeLessThanOrEqual(callAllowance(capture.exchanges.length));
  });

  it('are at most 3 per request of preflight and 50 where the run ends there', async () => {
    const { capture, calls } = await run({ api, empty: true });
    expect({ end: capture.end, exchanges: capture.exchanges.length }).toEqual({
      end: 'stopped-in-preflight',
      exchanges: 0,
    });
    expect(calls).toBeLessThanOrEqual(callAllowance(capture.preflight.requests.length));
  });

  it('are counted where the server is not a Jaeger', async () => {
    const { calls, report } = await run({ api, harm: () => ({ status: 200, headers: [], body: '<html>' }) });
    expect(calls).toBeGreaterThan(0);
    expect(report.verdict).toBe('inconclusive');
  });
});

it.each(['1.76', '2.13'] as const)(
  'Jaeger %s gets at most 3 calls per probe and 50, among 10 000 foreign traces',
  async (jaeger) => {
    const clock = new SimulatedClock();
    await using lab = await startStandin(labOptions({ clock, network: 'memory', jaeger, foreignRate: 700 }));
    await clock.sleep(15_000);
    const capture = await survey({
      settings: testSettings(lab.ingressUrl, lab.jaegerUrl),
      application: bookinfo,
      plan: makePlan(60),
      clock,
      http: { ingress: lab.http!, traceBackend: lab.http! },
      signal: new AbortController().signal,
    });
    expect(judge(capture).verdict).toBe('pass');
    expect(lab.received.filter(({ service }) => service === 'productpage').length).toBeGreaterThan(10_000);
    expect(capture.timings.backendCalls).toBeLessThanOrEqual(callAllowance(capture.exchanges.length));
  },
);
