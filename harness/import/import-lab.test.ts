import { describe, expect, it } from 'vitest';
import { FAULT_TABLE } from '../../fixtures/expected/fault-table.ts';
import { takesZipkin } from '../../fixtures/testing/detect.ts';
import { reportOf } from '../../fixtures/testing/report-of.ts';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { surveyLab } from '../../fixtures/testing/survey-lab.ts';
import { bookinfo } from '../applications/bookinfo.ts';
import { parseFault } from '../lab/faults.ts';
import type { Lab } from '../lab/lab.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';
import type { Capture } from '../model/capture.ts';
import type { Exchange, PlannedProbe } from '../model/exchange.ts';
import { importCapture } from './import-capture.ts';
import { mergeTraces } from './merge-traces.ts';
import { readDump } from './read-dump.ts';
import { parseRequests, REQUESTS_SCHEMA } from './requests.ts';

const SERVICES = ['productpage', 'details', 'reviews', 'ratings'];
const probes = (number: number, purpose: PlannedProbe['purpose']) =>
  Array.from({ length: number }, () => ({ purpose }));
/** No format beside the mesh's own: a list of requests does not say that one was only tried. Undecided ones first: those sent later show that waiting was long enough. */
const PLAN = [...probes(6, 'undecided'), ...probes(3, 'forced-off'), ...probes(24, 'forced-on')];

/** What `curl` saves of a backend: one search per service. */
async function saved({ http, jaegerUrl, options }: Lab, { run }: Capture): Promise<readonly string[]> {
  const isV3 = options.jaeger === '2.21';
  const isZipkin = options.jaeger === 'zipkin';
  const get = async (path: string) => {
    const url = new URL(`${jaegerUrl}${path}`);
    const request = { method: 'GET' as const, url, headers: [], timeoutMs: 10_000, maxBodyBytes: 1e9 };
    return (await http?.send(request, new AbortController().signal))?.body ?? '';
  };
  const from = Date.parse(run.startedAt) - 60_000;
  const to = from + 600_000;
  const iso = (ms: number) => new Date(ms).toISOString();
  const searchOfJaeger = (service: string) =>
    isV3
      ? `/api/v3/traces?query.service_name=${service}&query.start_time_min=${iso(from)}&query.start_time_max=${iso(to)}&query.num_traces=1000&query.raw_traces=true`
      : `/api/traces?service=${service}&start=${from * 1000}&end=${to * 1000}&limit=1000&raw=true`;
  if (isZipkin) {
    const services = JSON.parse(await get('/api/v2/services')) as string[];
    const search = (service: string) =>
      `/api/v2/traces?serviceName=${service}&endTs=${to}&lookback=${to - from}&limit=1000`;
    return Promise.all(services.map((service) => get(search(service))));
  }
  const names = JSON.parse(await get(isV3 ? '/api/v3/services' : '/api/services')) as Record<string, string[]>;
  return Promise.all((names.services ?? names.data ?? []).map((service) => get(searchOfJaeger(service))));
}

/** The list that the sender of these requests would have written. */
function listed({ probe, sentAtMs, answeredAtMs, answer, error }: Exchange): object {
  return {
    headers: Object.fromEntries(probe.headers),
    sentAt: sentAtMs,
    durationMs: answeredAtMs - sentAtMs,
    ...(answer === undefined ? { error: error?.message } : { status: answer.status, body: answer.body }),
  };
}

/** Everything that is configured of the mesh; the environment is another. */
function words(capture: Capture) {
  return reportOf(capture).promises.flatMap(({ id, status, findings }) =>
    id === 'environment'
      ? []
      : {
          id,
          status,
          findings: findings.map(({ code, severity, causes, subject, share }) => ({
            code,
            severity,
            causes,
            subject,
            share,
          })),
        },
  );
}

/** A dump does not show when its traces came, and only their times distinguish tail sampling from loss. */
const rows = FAULT_TABLE.filter(
  ({ faults, errors }) => !faults.some((fault) => fault.startsWith('backend')) && !errors.includes('HC724'),
);
/** For the backend to know every service, ms: a collector's 30 s and some. */
const WAIT_MS = 120_000;

describe.each([
  ['Zipkin driver, legacy API', { driver: 'zipkin', jaeger: '1.76' }],
  ['OpenTelemetry driver, v3 API', { driver: 'otel', jaeger: '2.21' }],
  ['Zipkin driver, Zipkin', { driver: 'zipkin', jaeger: 'zipkin' }],
] as const)('%s', (_title, mesh) => {
  const possible = rows.filter((row) => mesh.jaeger !== 'zipkin' || takesZipkin(row));
  it.each(possible.map(({ faults, wait }) => [faults.join(' + ') || 'healthy', faults, wait] as const))(
    '%s: the import of its traces gives the findings of the run',
    async (_faults, faults, wait) => {
      const options = { faults: faults.map((text) => parseFault(text, SERVICES)), clock: new SimulatedClock() };
      await using lab = await startStandin(labOptions({ ...options, ...mesh, network: 'memory' }));
      const capture = await surveyLab(lab, { plan: PLAN, ...(wait === true && { waitMs: WAIT_MS }) });
      const traces = mergeTraces((await saved(lab, capture)).map((text) => readDump(text, 'saved.json') ?? []));
      const imported = importCapture({
        application: bookinfo,
        traces,
        files: 1,
        complete: true,
        requests: parseRequests({ schema: REQUESTS_SCHEMA, requests: capture.exchanges.map(listed) }, 'sent.json'),
        expectations: capture.expectations,
        hopcheck: 'test',
      });
      // Preflight's own.
      expect(imported.imported?.foreign).toBeGreaterThan(0);
      expect(words(imported)).toEqual(words(capture));
    },
  );
});
