// Over 250 lines: one mesh, examined in every state in which doctor may find it.
import { describe, expect, it } from 'vitest';
import { testSettings } from '../../fixtures/testing/settings.ts';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { renderDoctor } from '../../reports/doctor.ts';
import { bookinfo } from '../applications/bookinfo.ts';
import type { Settings } from '../config/settings.ts';
import type { HttpClient } from '../http/http.ts';
import { HttpError } from '../http/http.ts';
import { parseFault } from '../lab/faults.ts';
import type { Lab, LabOptions } from '../lab/lab.ts';
import { labOptions } from '../lab/options.ts';
import { seededRandom } from '../lab/random.ts';
import { startStandin } from '../lab/standin.ts';
import type { ProgressEvent } from '../model/progress.ts';
import type { SurveyInput } from '../survey/survey-input.ts';
import { awaitReady } from '../survey/wait.ts';
import { examine } from './doctor.ts';
import { toDiagnosis } from './preconditions.ts';

const SERVICES = ['productpage', 'details', 'reviews', 'ratings'];
function start(faults: readonly string[] = [], different: Partial<LabOptions> = {}): Promise<Lab> {
  const clock = new SimulatedClock();
  const parsed = faults.map((text) => parseFault(text, SERVICES));
  return startStandin(labOptions({ clock, network: 'memory', faults: parsed, ...different }));
}
function inputOf(lab: Lab, different: Partial<Settings> = {}): SurveyInput {
  const client = lab.http!;
  return {
    settings: testSettings(lab.ingressUrl, lab.jaegerUrl, different),
    application: bookinfo,
    plan: [],
    clock: lab.options.clock,
    http: { ingress: client, traceBackend: client },
    random: seededRandom(3).hex,
    signal: new AbortController().signal,
  };
}
async function doctor(lab: Lab, different: Partial<Settings> = {}) {
  const input = inputOf(lab, different);
  const diagnosis = toDiagnosis(await examine(input), input.settings, bookinfo.definition);
  const byId = Object.fromEntries(diagnosis.preconditions.map(({ id, status }) => [id, status]));
  return { diagnosis, byId, text: renderDoctor(diagnosis, { color: false }) };
}

/** What the issue asks for, in the order in which one rests on another. */
const PRECONDITIONS = [
  ...['ingress', 'page', 'trace-backend', 'marker-search', 'clocks', 'services'],
  ...['arrival', 'whole-traces', 'context-format', 'gateway-profile', 'sampling'],
];

describe('hopcheck doctor', () => {
  it('finds everything in place on a healthy mesh', async () => {
    await using lab = await start();
    const { diagnosis, byId, text } = await doctor(lab);
    expect(diagnosis).toMatchObject({ schema: 'hopcheck/doctor@1', ready: true, exitCode: 0 });
    expect(new Set(Object.values(byId))).toEqual(new Set(['ok']));
    const shown = text.replace(/\d+\.\d s|-?\d+ ms/g, (found) => found.replace(/[-\d.]+/, 'N'));
    await expect(shown).toMatchFileSnapshot('../../reports/golden/doctor-ready.txt');
  });

  it('reports that no undecided request is traced at a low rate', async () => {
    await using lab = await start([], { sampling: 0 });
    const { diagnosis } = await doctor(lab);
    expect(diagnosis.ready).toBe(true);
    expect(diagnosis.preconditions.at(-1)?.observed).toBe('0 of 5 undecided requests traced, no rate configured');
    const configured = await doctor(lab, { sampling: { value: 100, source: 'flag', from: '--sampling' } });
    expect(configured.byId.sampling).toBe('warning');
  });

  it('counts arrivals after every span has had its time', async () => {
    await using lab = await start(['backend-late:3000']);
    const arrival = async (different: Partial<SurveyInput>) => {
      const input = { ...inputOf(lab), ...different };
      const { preconditions } = toDiagnosis(await examine(input), input.settings, bookinfo.definition);
      return preconditions.find(({ id }) => id === 'arrival');
    };
    expect(await arrival({})).toMatchObject({
      status: 'ok',
      observed: expect.stringMatching(/^3 of 3 requests in b3,/),
    });
  });

  it('finds the gateway profile although a sidecar sends its spans before the gateway does', async () => {
    await using lab = await start();
    const input = inputOf(lab);
    const client = lab.http!;
    const gatewaySendsAtMs = lab.options.clock.now() + 3000;
    type Body = { data?: { spans: { processID: string }[]; processes?: Record<string, { serviceName: string }> }[] };
    const withoutGateway = (text: string): string => {
      const body = JSON.parse(text) as Body;
      for (const trace of body.data ?? [])
        trace.spans = trace.spans.filter(
          ({ processID }) => !trace.processes?.[processID]?.serviceName.startsWith('istio-ingressgateway'),
        );
      return JSON.stringify(body);
    };
    const jaeger: typeof client = {
      ...client,
      send: async (request, signal) => {
        const answer = await client.send(request, signal);
        const isEarly = lab.options.clock.now() < gatewaySendsAtMs;
        return isEarly && request.url.pathname.includes('/traces') && answer.status === 200
          ? { ...answer, body: withoutGateway(answer.body) }
          : answer;
      },
    };
    const { preflight } = await examine({ ...input, http: { ...input.http, traceBackend: jaeger } });
    expect(preflight.gatewayProfile).toMatchObject({ value: 2, source: 'discovered' });
  });

  it('does not confirm a configured value that the traces contradict', async () => {
    const said = <T>(value: T, name: string) => ({ value, source: 'flag' as const, from: `--${name}` });
    const observed = async (different: Partial<Settings>) => {
      await using lab = await start();
      const { diagnosis } = await doctor(lab, different);
      const lines = Object.fromEntries(diagnosis.preconditions.map((line) => [line.id, line]));
      return [lines['context-format'], lines['gateway-profile']].map((line) => [line?.status, line?.observed]);
    };
    expect(await observed({ gatewayProfile: said(1, 'gateway-profile') })).toEqual([
      ['ok', 'b3 (discovered)'],
      ['warning', '1 gateway span a request is configured (flag), 2 seen'],
    ]);
    expect(await observed({ gatewayProfile: said(2, 'gateway-profile'), format: said('b3', 'format') })).toEqual([
      ['ok', 'b3 (flag)'],
      ['ok', '2 gateway spans a request (flag)'],
    ]);
    // Of what came under ids of the mesh's own no trace is read: nothing says otherwise, and nothing confirms it.
    expect(await observed({ gatewayProfile: said(1, 'gateway-profile'), format: said('w3c', 'format') })).toEqual([
      ['warning', 'w3c is configured (flag), and no trace came under the id it was sent'],
      ['ok', '1 gateway span a request (flag); no span of the gateway was seen whole'],
    ]);
  });

  it.each([
    { faults: ['backend-down'], found: { 'trace-backend': 'failed', arrival: 'unknown', ingress: 'ok' }, ready: false },
    { faults: ['down:ratings'], found: { page: 'warning', arrival: 'ok' }, ready: true },
    { faults: ['no-report:ratings'], found: { services: 'warning', arrival: 'ok' }, ready: true },
  ] as const)('reports the state of a lab with the faults $faults', async ({ faults, found, ready }) => {
    await using lab = await start(faults);
    const { diagnosis, byId, text } = await doctor(lab);
    expect(byId).toMatchObject(found);
    expect({ ready: diagnosis.ready, exitCode: diagnosis.exitCode }).toEqual({ ready, exitCode: ready ? 0 : 2 });
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it.each([
    [[], { ingress: 'failed', 'trace-backend': 'ok', 'marker-search': 'ok', services: 'warning', arrival: 'unknown' }],
    [
      ['backend-down'],
      { ingress: 'failed', 'trace-backend': 'failed', 'marker-search': 'unknown', arrival: 'unknown' },
    ],
  ] as const)('looks at Jaeger when the ingress does not answer, with the faults %j', async (faults, expected) => {
    await using lab = await start(faults);
    const input = inputOf(lab);
    const refusing = { ...input.http.ingress, send: () => Promise.reject(new HttpError('refused', 'shop refused')) };
    const http = { ...input.http, ingress: refusing };
    const survey = await examine({ ...input, http });
    const { preconditions, exitCode } = toDiagnosis(survey, input.settings, bookinfo.definition);
    const byId = Object.fromEntries(preconditions.map(({ id, status }) => [id, status]));
    expect(byId).toMatchObject(expected);
    const observed = preconditions.find(({ id }) => id === 'arrival')?.observed;
    expect({ observed, exitCode }).toEqual({ observed: 'the ingress does not answer', exitCode: 2 });
  });

  it('says which hops of the forced-on traces are already broken, and is ready all the same', async () => {
    await using lab = await start(['drop-all:productpage']);
    const { diagnosis, byId } = await doctor(lab);
    const line = diagnosis.preconditions.find(({ id }) => id === 'whole-traces');
    expect({ status: byId['whole-traces'], ready: diagnosis.ready }).toEqual({ status: 'warning', ready: true });
    expect(line?.observed).toMatch(
      /^3 of 3 are already broken; not joined: productpage → (details|reviews), productpage → (details|reviews)$/,
    );
  });

  it('refuses at once where nothing serves the request path, and waits for no span', async () => {
    await using lab = await start();
    const input = inputOf(lab);
    const startedAtMs = lab.options.clock.now();
    const application = {
      ...bookinfo,
      definition: { ...bookinfo.definition, request: { method: 'GET' as const, path: '/no-such-page' } },
    };
    const examination = await examine({ ...input, application });
    const { preconditions, exitCode } = toDiagnosis(examination, input.settings, application.definition);
    const page = preconditions.find(({ id }) => id === 'page');
    expect({ exitCode, page }).toMatchObject({
      exitCode: 2,
      page: {
        status: 'failed',
        observed: expect.stringMatching(/serves \/no-such-page: 5 of 5 answers have status 404/),
      },
    });
    expect(preconditions.find(({ id }) => id === 'arrival')?.observed).toContain('nothing serves the page');
    expect(lab.options.clock.now() - startedAtMs).toBeLessThan(2000);
  });

  it('says that the two URLs look swapped, with the options the right way round', async () => {
    await using lab = await start();
    const input = inputOf(lab);
    const settings = testSettings(lab.jaegerUrl, lab.ingressUrl);
    const examination = await examine({ ...input, settings });
    const { preconditions, exitCode } = toDiagnosis(examination, settings, bookinfo.definition);
    const fixes = preconditions.flatMap(({ status, fix }) => (status === 'failed' ? (fix ?? '') : []));
    expect({ exitCode, fixes: fixes.filter((fix) => fix.startsWith('the two URLs look swapped')) }).toEqual({
      exitCode: 2,
      fixes: expect.arrayContaining([
        expect.stringContaining(`try --ingress ${lab.ingressUrl} --traces ${lab.jaegerUrl}`),
      ]),
    });
  });

  it.each([
    [
      'the same',
      (url: string) => url,
      /^--ingress and --traces are both \S+, which is a trace backend: set --ingress to/,
    ],
    [
      'two of one backend',
      (url: string) => url.replace('://', '://ui.'),
      /^--ingress \S+ is a trace backend: set --ingress to/,
    ],
  ])('refuses at once where both URLs lead to the trace backend: %s', async (_, ingressOf, fix) => {
    await using lab = await start();
    // Jaeger answers every path that it does not know with the page of its UI.
    const page = { status: 200, headers: [], body: '<!doctype html><title>Jaeger UI</title>' };
    const atBackend: HttpClient = {
      ...lab.http!,
      send: async (request, signal) => {
        const url = new URL(request.url);
        url.host = new URL(lab.jaegerUrl).host;
        const answer = await lab.http!.send({ ...request, url }, signal);
        return url.pathname === '/productpage' ? { ...answer, ...page } : answer;
      },
    };
    const settings = testSettings(ingressOf(lab.jaegerUrl), lab.jaegerUrl);
    const startedAtMs = lab.options.clock.now();
    const http = { ingress: atBackend, traceBackend: atBackend };
    const examination = await examine({ ...inputOf(lab), settings, http });
    const { preconditions, exitCode } = toDiagnosis(examination, settings, bookinfo.definition);
    expect(lab.options.clock.now() - startedAtMs).toBeLessThan(2000);
    expect({ exitCode, page: preconditions.find(({ id }) => id === 'page') }).toMatchObject({
      exitCode: 2,
      page: { status: 'failed', fix: expect.stringMatching(fix) as string },
    });
  });

  it('does not call them swapped where the ingress is not a trace backend either', async () => {
    await using lab = await start(['down:productpage', 'backend-down']);
    const { text } = await doctor(lab);
    expect(text).not.toContain('swapped');
  });

  it('prints every precondition, and a fix for each that does not hold', async () => {
    const faults = [[], ['backend-down'], ['down:ratings'], ['down:productpage'], ['no-report:ratings']];
    const more: Partial<LabOptions>[] = [{ jaeger: '2.13' }, { jaeger: 'sls' }, { driver: 'otel' }, { sampling: 1 }];
    const seen = new Set<string>();
    for (const [index, options] of [...faults.map(() => ({})), ...more].entries()) {
      await using lab = await start(faults[index] ?? [], options);
      const { diagnosis, text } = await doctor(lab, { sampling: { value: 100, source: 'flag', from: '--sampling' } });
      expect(diagnosis.preconditions.map(({ id }) => id)).toEqual(PRECONDITIONS);
      for (const { statement, status, observed, fix } of diagnosis.preconditions) {
        const oneLine = text.replace(/\s+/g, ' ');
        expect(oneLine).toContain(`${statement}: ${observed}`.replace(/\s+/g, ' '));
        seen.add(status);
        if (status === 'ok' || status === 'unknown') expect(fix, statement).toBeUndefined();
        else {
          expect(fix?.length, `${statement}: ${observed}`).toBeGreaterThan(20);
          expect(oneLine).toContain(`do ${fix}`.replace(/\s+/g, ' '));
        }
      }
    }
    expect([...seen].toSorted()).toEqual(['failed', 'ok', 'unknown', 'warning']);
  });

  it.each([
    ['1.76', 'Jaeger over the legacy API (/api/traces), v1.76.0, at '],
    ['2.21', 'Jaeger over the v3 API (/api/v3), v2.21.0, at '],
    ['sls', 'the legacy API (/api/traces), version not reported, at '],
  ] as const)('names the API and version of Jaeger %s', async (jaeger, expected) => {
    await using lab = await start([], { jaeger });
    const { diagnosis } = await doctor(lab);
    expect(diagnosis.preconditions.find(({ id }) => id === 'trace-backend')?.observed).toContain(expected);
  });
});

describe('--wait', () => {
  it('ends as soon as everything is there, which takes some requests on a new mesh', async () => {
    await using lab = await start();
    const events: ProgressEvent[] = [];
    const input = { ...inputOf(lab), onProgress: (event: ProgressEvent) => events.push(event) };
    expect(await awaitReady(input, 300_000)).toBeUndefined();
    expect(events[0]).toMatchObject({ phase: 'wait', waitingFor: expect.stringContaining('backend to know') });
    expect(lab.options.clock.now()).toBeGreaterThan(0);
  });

  it.each([
    ['backend-down', /^the trace backend to answer \(/],
    ['no-report:ratings', /^the trace backend to know ratings$/],
    ['error-rate:details:100', /^6 whole pages in a row \(0 so far, then details: Error fetching product details\)$/],
  ])('gives up on %s when the time is over, and names what is missing', async (fault, missing) => {
    await using lab = await start([fault]);
    const before = lab.options.clock.now();
    const events: ProgressEvent[] = [];
    const input = { ...inputOf(lab), onProgress: (event: ProgressEvent) => events.push(event) };
    expect(await awaitReady(input, 30_000)).toMatch(missing);
    expect(events.at(-1)).toMatchObject({ phase: 'wait', waitingFor: expect.stringMatching(missing), leftMs: 0 });
    expect(lab.options.clock.now() - before).toBeGreaterThanOrEqual(30_000);
  });

  it('waits for several whole pages in a row, because a started pod may still answer with errors', async () => {
    await using lab = await start();
    const { clock } = lab.options;
    const input = inputOf(lab);
    const startedAtMs = clock.now() + 60_000;
    let sent = 0;
    // Two of three pages fail until a minute has passed: single whole pages prove nothing.
    const ingress: HttpClient = {
      send: async (request, signal) => {
        const answer = await input.http.ingress.send(request, signal);
        sent += 1;
        return clock.now() < startedAtMs && sent % 3 > 0 ? { ...answer, status: 503 } : answer;
      },
      close: async () => undefined,
    };
    const events: ProgressEvent[] = [];
    const onProgress = (event: ProgressEvent) => events.push(event);
    expect(await awaitReady({ ...input, http: { ...input.http, ingress }, onProgress }, 300_000)).toBeUndefined();
    expect(clock.now()).toBeGreaterThanOrEqual(startedAtMs);
    expect(events).toContainEqual(
      expect.objectContaining({ waitingFor: '6 whole pages in a row (1 so far, then status 503)' }),
    );
  });

  it('does not wait for a pass, because a mesh whose traces are broken is ready', async () => {
    await using lab = await start(['drop-all:reviews']);
    expect(await awaitReady(inputOf(lab), 300_000)).toBeUndefined();
  });
});
