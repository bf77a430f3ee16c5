import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import type { HttpClient } from '../http/http.ts';
import { readDump } from '../import/read-dump.ts';
import { SpanStore, type StoredSpan } from '../lab/jaeger/store.ts';
import { type TempoOptions, tempoApi } from '../lab/jaeger/tempo-query.ts';
import { seededRandom } from '../lab/random.ts';
import type { Handler } from '../lab/wire.ts';
import type { TraceId } from '../model/ids.ts';
import { backendPages } from '../model/trace-backends.ts';
import { negotiate } from './negotiate.ts';
import { createJsonReader } from './read-json.ts';
import { tempoRow } from './tempo.ts';

// Tempo as its documentation describes it (docs/facts/jaeger.md#tempo): no answer here is of a real one.
const ID = '00000000000000008448eb211c80319c' as TraceId;
const OTHER = 'b'.repeat(32) as TraceId;
const NOW_MS = 1_000_000;
const span = (id: string, kind: number, different: Partial<StoredSpan> = {}): StoredSpan => ({
  traceId: ID,
  id: id.repeat(16),
  kind,
  name: 'reviews',
  service: 'productpage.default',
  resource: [],
  startMicros: (NOW_MS - 60_000) * 1000,
  durationMicros: 5,
  tags: [['user_agent', 'hopcheck-abc']],
  isError: false,
  logs: [],
  ...different,
});

const connect = async (
  given = 'http://t:3200',
  options: Partial<TempoOptions> & { headers?: [string, string][]; alter?: (handler: Handler) => Handler } = {},
) => {
  const { headers = [], alter = (handler) => handler, ...different } = options;
  const store = new SpanStore();
  const random = seededRandom(1);
  const handler = alter(tempoApi({ store, basePath: '', random, nowMs: () => NOW_MS, ...different }));
  const asked: string[] = [];
  const http: HttpClient = {
    send: async (request) => {
      const path = `${request.url.pathname}${request.url.search}`;
      asked.push(path);
      const sent = request.headers.map(([name, value]): [string, string] => [name, value]);
      return handler({ method: 'GET', path, headers: sent, body: '' }, AbortSignal.timeout(1000));
    },
    close: async () => undefined,
  };
  store.add([
    span('a', 3),
    span('a', 2, { service: 'reviews.default' }),
    span('c', 3, { service: 'reviews.default', parentId: 'a'.repeat(16) }),
    span('d', 3, { traceId: OTHER, startMicros: (NOW_MS - 29_000) * 1000 }),
  ]);
  const url = new URL(given);
  const target = { url, headers, timeoutMs: 100, maxBodyBytes: 100_000 };
  return { asked, backend: await negotiate(url, createJsonReader(target, http, new SimulatedClock())) };
};
const marker = { tag: 'user_agent', value: 'hopcheck-abc' } as const;
const query = { service: 'productpage.default', marker, fromMs: 0, toMs: NOW_MS, limit: 20 };

describe('the API of Tempo, by its documentation', () => {
  it('is found by its search, and has its version', async () => {
    const { backend } = await connect();
    expect({ api: backend.api, base: backend.baseUrl.href, search: backend.markerSearch }).toEqual({
      api: 'tempo',
      base: 'http://t:3200/',
      search: { supported: true },
    });
    await expect(backend.version()).resolves.toBe('3.0.0');
    await expect(backend.services()).resolves.toEqual(['productpage.default', 'reviews.default']);
    expect(backendPages('tempo', 'http://t:3200')).toBeUndefined();
  });

  it.each([
    'http://t:8080/api/traces/v1/dev/tempo',
    'http://t:8080/api/traces/v1/dev',
    'http://t:8080/api/traces/v1/dev/tempo/api/search',
  ])("is found behind OpenShift's gateway from %s", async (given) => {
    const basePath = '/api/traces/v1/dev/tempo';
    const { backend } = await connect(given, { basePath });
    expect({ api: backend.api, path: backend.baseUrl.pathname }).toEqual({ api: 'tempo', path: basePath });
    await expect(backend.traces([ID])).resolves.toHaveProperty('size', 1);
  });

  it('reads a trace whose ids are base64, and leaves out an id whose trace is empty', async () => {
    const { backend } = await connect();
    const traces = await backend.traces([ID, 'e'.repeat(32) as TraceId]);
    expect([...traces.keys()]).toEqual([ID]);
    expect(
      traces
        .get(ID)
        ?.spans.map(({ kind, parentId }) => `${kind} ${parentId}`)
        .toSorted(),
    ).toEqual([`client ${'5'.repeat(16)}`, 'client undefined', `server ${'a'.repeat(16)}`]);
  });

  it('asks the earlier route where the newer one is not there', async () => {
    const { backend, asked } = await connect('http://t:3200', {
      alter: (handler) => async (request, signal) => {
        if (request.path.startsWith('/api/v2/traces/')) return { status: 404, headers: [], body: '404 page not found' };
        const path = request.path.replace(/^\/api\/traces\//, '/api/v2/traces/');
        return handler({ ...request, path }, signal);
      },
    });
    await expect(backend.traces([ID, OTHER])).resolves.toHaveProperty('size', 2);
    expect(asked.slice(-3)).toEqual([`/api/v2/traces/${ID}`, `/api/traces/${ID}`, `/api/traces/${OTHER}`]);
  });

  it('refuses a trace that was cut', async () => {
    const { backend } = await connect('http://t:3200', { mostSpans: 1 });
    await expect(backend.traces([ID])).rejects.toMatchObject({ code: 'HC713', received: 'a part of it, PARTIAL' });
    await expect(backend.traces([OTHER])).resolves.toHaveProperty('size', 1);
    const large = await connect('http://t:3200', {
      alter: (handler) => async (request, signal) =>
        request.path.includes('/traces/') ? { status: 422, headers: [], body: '' } : handler(request, signal),
    });
    await expect(large.backend.traces([ID])).rejects.toMatchObject({ code: 'HC713' });
  });

  it('searches by TraceQL, does not see the last 30 s, and keeps only what fits', async () => {
    const { backend, asked } = await connect();
    expect((await backend.search(query)).map(({ id }) => id)).toEqual([ID]);
    expect(new URL(asked.at(-2) ?? '', 'http://t').searchParams.get('q')).toBe(
      '{ resource.service.name = "productpage.default" && span.user_agent = "hopcheck-abc" }',
    );
    const other = { tag: 'guid:x-request-id', value: 'a"b' } as const;
    await expect(backend.search({ ...query, marker: other })).resolves.toEqual([]);
    expect(new URL(asked.at(-1) ?? '', 'http://t').searchParams.get('q')).toContain(
      'span."guid:x-request-id" = "a\\"b"',
    );
    expect(backend.searchDelayMs).toBe(30_000);
    const deaf = await connect('http://t:3200', {
      alter: (handler) => (request, signal) =>
        handler({ ...request, path: request.path.replace('hopcheck-xyz', 'hopcheck-abc') }, signal),
    });
    await expect(deaf.backend.search({ ...query, marker: { ...marker, value: 'hopcheck-xyz' } })).resolves.toEqual([]);
  });

  it('names the tenant by a header, and says which option gives it', async () => {
    await expect(connect('http://t:3200', { tenant: 'mesh' })).rejects.toMatchObject({
      code: 'HC703',
      hint: /--traces-header/,
    } as object);
    const { backend } = await connect('http://t:3200', { tenant: 'mesh', headers: [['X-Scope-OrgID', 'mesh']] });
    expect(backend.api).toBe('tempo');
  });
});

describe('saved answers of Tempo', () => {
  const { trace } = {
    trace: {
      resourceSpans: [
        {
          resource: {},
          scopeSpans: [
            {
              spans: [
                {
                  traceId: Buffer.from(ID, 'hex').toString('base64'),
                  spanId: Buffer.from('a'.repeat(16), 'hex').toString('base64'),
                  kind: 'SPAN_KIND_SERVER',
                  startTimeUnixNano: '1795981147876965000',
                },
              ],
            },
          ],
        },
      ],
    },
  };
  it.each([
    ['/api/v2/traces, and Kiali', { trace, metrics: {} }],
    ['/api/traces, and earlier versions of Kiali', { batches: trace.resourceSpans }],
  ])('are read: %s', (_from, answer) => {
    const [read] = readDump(JSON.stringify(answer), 'a.json') ?? [];
    expect(read).toMatchObject({ id: ID, spans: [{ kind: 'server', startMicros: 1795981147876965 }] });
    expect(tempoRow.dump.isOf(answer)).toBe(true);
  });
});
