import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import type { HttpClient, HttpResponse } from '../http/http.ts';
import type { TraceId } from '../model/ids.ts';
import { backendPages } from '../model/trace-backends.ts';
import { BackendError } from './backend.ts';
import { negotiate } from './negotiate.ts';
import { createJsonReader } from './read-json.ts';
import { zipkinRow } from './zipkin.ts';
import { parseZipkinTraces } from './zipkin-json.ts';

// Answers as Zipkin 3.5.1 gave them (docs/facts/zipkin.md).
const ID = '0af7651916cd43dd8448eb211c80319c';
const client = {
  traceId: ID,
  id: 'b7ad6b7169203331',
  kind: 'CLIENT',
  name: 'reviews.default.svc:9080/*',
  timestamp: 1795981147876965,
  duration: 1000,
  localEndpoint: { serviceName: 'productpage.default', ipv4: '127.0.0.1' },
  tags: { component: 'proxy', user_agent: 'hopcheck-abc/1' },
};
const server = {
  traceId: ID,
  id: 'b7ad6b7169203331',
  kind: 'SERVER',
  name: 'reviews',
  timestamp: 1795981147877065,
  localEndpoint: { serviceName: 'reviews.default' },
  tags: { error: 'true' },
  shared: true,
};
const local = {
  traceId: '8448eb211c80319c',
  id: '2',
  parentId: '1',
  annotations: [{ timestamp: 9 }, { timestamp: 7 }],
};

const failure = (read: () => unknown): BackendError => {
  try {
    read();
  } catch (error) {
    if (error instanceof BackendError) return error;
    throw error;
  }
  throw new Error('expected a BackendError');
};

describe('Zipkin v2 JSON', () => {
  it('keeps the two halves of a shared span, and reads a span that has next to nothing', () => {
    expect(parseZipkinTraces([[[client, server], [local]]])).toEqual([
      {
        id: ID,
        spans: [
          {
            traceId: ID,
            id: 'b7ad6b7169203331',
            kind: 'client',
            service: 'productpage.default',
            operation: 'reviews.default.svc:9080/*',
            startMicros: 1795981147876965,
            durationMicros: 1000,
            tags: { component: 'proxy', user_agent: 'hopcheck-abc/1' },
          },
          {
            traceId: ID,
            id: 'b7ad6b7169203331',
            kind: 'server',
            service: 'reviews.default',
            operation: 'reviews',
            startMicros: 1795981147877065,
            durationMicros: 0,
            tags: { error: 'true' },
          },
        ],
      },
      {
        id: '00000000000000008448eb211c80319c',
        spans: [
          {
            traceId: '00000000000000008448eb211c80319c',
            id: '0000000000000002',
            parentId: '0000000000000001',
            kind: 'internal',
            service: '',
            operation: '',
            startMicros: 7,
            durationMicros: 0,
            tags: {},
          },
        ],
      },
    ]);
  });

  it('groups a flat list by trace, also over documents', () => {
    const traces = parseZipkinTraces([[client, local], [server]]);
    expect(traces.map(({ id, spans }) => ({ id, spans: spans.length }))).toEqual([
      { id: ID, spans: 2 },
      { id: '00000000000000008448eb211c80319c', spans: 1 },
    ]);
  });

  it.each([
    { span: { ...client, traceId: 'xyz' }, place: '[0][0].traceId' },
    { span: { ...client, id: '' }, place: '[0][0].id' },
    { span: { ...client, parentId: 4 }, place: '[0][0].parentId' },
    { span: { ...client, timestamp: 'soon' }, place: '[0][0].timestamp' },
    { span: { ...client, timestamp: undefined }, place: '[0][0].timestamp' },
    { span: { ...client, duration: {} }, place: '[0][0].duration' },
    { span: { ...client, localEndpoint: 'x' }, place: '[0][0].localEndpoint' },
    { span: { ...client, tags: [] }, place: '[0][0].tags' },
  ])('names the place $place of what does not fit', ({ span, place }) => {
    expect(failure(() => parseZipkinTraces([[[span]]]))).toMatchObject({ code: 'HC704', misfit: { place } });
  });

  it('survives any JSON, and fails only with a place', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        try {
          parseZipkinTraces([json]);
        } catch (error) {
          expect(error).toMatchObject({ name: 'BackendError', code: 'HC704' });
        }
      }),
    );
  });

  it('differs from other JSON by its ids', () => {
    const { isOf } = zipkinRow.dump;
    expect([[[client, server]], [client], [[client], []]].map(isOf)).toEqual([true, true, true]);
    expect([[], {}, [1], [[]], [{ traceID: ID }], 'x', null].map(isOf)).toEqual(Array(7).fill(false));
  });
});

describe('the API of Zipkin', () => {
  type Route = (path: string, query: URLSearchParams) => HttpResponse | undefined;
  const json = (body: unknown): HttpResponse => ({ status: 200, headers: [], body: JSON.stringify(body) });
  const text = (status: number, body: string): HttpResponse => ({ status, headers: [], body });
  const INFO = json({ zipkin: { version: '3.5.1', commit: 'b7e2258' } });
  const zipkin: Route = (path, query) => {
    const api = path.replace(/^\/zipkin(?=\/api)/, '');
    if (path === '/info') return INFO;
    if (api === '/api/v2/services') return json(['productpage.default', 'reviews.default']);
    if (api === '/api/v2/traces') return json([[client, server], [local]]);
    if (api === `/api/v2/trace/${ID}`) return json([client, server]);
    if (api.startsWith('/api/v2/trace/')) return text(404, `${api.slice(14)} not found`);
    if (api !== '/api/v2/traceMany') return undefined;
    const ids = query.get('traceIds')?.split(',') ?? [];
    if (ids.length < 2) return text(400, 'Use /api/v2/trace/{traceId} endpoint to retrieve a single trace');
    if (new Set(ids).size < ids.length) return text(400, `redundant traceId: ${ids[0]}`);
    return json(ids.includes(ID) ? [[client, server]] : []);
  };
  const connect = async (route: Route, given = 'http://z:1') => {
    const asked: string[] = [];
    const http: HttpClient = {
      send: async ({ url }) => {
        asked.push(`${url.pathname}${url.search}`);
        return route(url.pathname, url.searchParams) ?? text(404, '404 Not Found');
      },
      close: async () => undefined,
    };
    const url = new URL(given);
    const target = { url, headers: [], timeoutMs: 100, maxBodyBytes: 100_000 };
    return { asked, backend: await negotiate(url, createJsonReader(target, http, new SimulatedClock())) };
  };
  const id = (digit: string) => digit.repeat(32) as TraceId;

  it.each(['http://z:1', 'http://z:1/zipkin', 'http://z:1/zipkin/', `http://z:1/zipkin/traces/${ID}`])(
    'is found from %s',
    async (given) => {
      const { backend } = await connect(zipkin, given);
      expect({ api: backend.api, base: backend.baseUrl.href, search: backend.markerSearch }).toEqual({
        api: 'zipkin',
        base: 'http://z:1/',
        search: { supported: true },
      });
      await expect(backend.version()).resolves.toBe('3.5.1');
    },
  );

  it('is found below the path of its UI where a proxy serves nothing else, without a search by marker', async () => {
    const { backend } = await connect((path, query) => (path.startsWith('/zipkin/') ? zipkin(path, query) : undefined));
    expect({ base: backend.baseUrl.href, search: backend.markerSearch.supported }).toEqual({
      base: 'http://z:1/zipkin',
      search: false,
    });
  });

  it('has no search by marker where the server only speaks the API, or where the search is switched off', async () => {
    const skyWalking = await connect((path, query) => (path === '/info' ? undefined : zipkin(path, query)));
    expect(skyWalking.backend.markerSearch).toMatchObject({ supported: false, reason: /SkyWalking/ } as object);
    await expect(
      skyWalking.backend.search({
        service: 'productpage.default',
        marker: { tag: 'user_agent', value: 'hopcheck-abc/1' },
        fromMs: 0,
        toMs: 1,
        limit: 5,
      }),
    ).resolves.toEqual([]);
    const off = await connect((path, query) => (/services|traces$/.test(path) ? undefined : zipkin(path, query)));
    expect(off.backend.markerSearch).toMatchObject({ supported: false, reason: /SEARCH_ENABLED/ } as object);
  });

  it('reads one trace, several, and leaves out what is unknown', async () => {
    const { backend, asked } = await connect(zipkin);
    const read = async (...ids: TraceId[]) => [...(await backend.traces(ids)).keys()];
    await expect(read()).resolves.toEqual([]);
    await expect(read(ID as TraceId)).resolves.toEqual([ID]);
    await expect(read(id('a'))).resolves.toEqual([]);
    await expect(read(ID as TraceId, ID as TraceId)).resolves.toEqual([ID]);
    await expect(read(ID as TraceId, id('a'))).resolves.toEqual([ID]);
    expect(asked.at(-1)).toBe(`/api/v2/traceMany?traceIds=${ID}%2C${id('a')}`);
  });

  it('searches by tag, service and time, and keeps only what fits', async () => {
    const { backend, asked } = await connect(zipkin);
    const query = { service: 'ProductPage.default', fromMs: 1000.4, toMs: 4000.2, limit: 20 };
    const found = await backend.search({ ...query, marker: { tag: 'user_agent', value: 'hopcheck-abc/1' } });
    expect(found.map((trace) => trace.id)).toEqual([ID]);
    expect(asked.at(-1)).toBe(
      '/api/v2/traces?serviceName=ProductPage.default&annotationQuery=user_agent%3Dhopcheck-abc%2F1&endTs=4001&lookback=3000&limit=20',
    );
    await expect(backend.search({ ...query, service: 'details.default' })).resolves.toEqual([]);
    await expect(backend.services()).resolves.toEqual(['productpage.default', 'reviews.default']);
  });

  it.each([
    { route: (() => text(200, 'hello')) satisfies Route, code: 'HC702' },
    { route: (() => text(401, '')) satisfies Route, code: 'HC703' },
    { route: (() => text(500, 'boom')) satisfies Route, code: 'HC712' },
  ])('reports $code of an answer that is not of the API', async ({ route, code }) => {
    const { backend } = await connect((path, query) => (path.includes('traceMany') ? route() : zipkin(path, query)));
    await expect(backend.traces([ID as TraceId, id('a')])).rejects.toMatchObject({ code });
  });

  it('links to the pages of its UI from either base path', () => {
    const trace = 'http://z:1/zipkin/traces/{trace}';
    expect(backendPages('zipkin', 'http://z:1/')).toEqual({ product: 'Zipkin', trace });
    expect(backendPages('zipkin', 'http://z:1/zipkin/')).toEqual({ product: 'Zipkin', trace });
  });
});
