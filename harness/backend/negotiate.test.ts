import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { type HttpClient, HttpError, type HttpResponse } from '../http/http.ts';
import type { TraceId } from '../model/ids.ts';
import type { BackendError } from './backend.ts';
import { negotiate } from './negotiate.ts';
import { createJsonReader } from './read-json.ts';

const ID = '0af7651916cd43dd8448eb211c80319c';
const span = {
  traceID: ID,
  spanID: 'b7ad6b7169203331',
  operationName: 'o',
  references: [],
  startTime: 1,
  duration: 2,
  tags: [],
  processID: 'p1',
};
const legacy = {
  data: [{ traceID: ID, spans: [span], processes: { p1: { serviceName: 'orders' } } }],
  total: 0,
  errors: null,
};

describe('negotiate', () => {
  const answer = (body: unknown, status = 200): HttpResponse => ({
    status,
    headers: [],
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const HTML = answer('<!doctype html>');
  function fake(routes: (path: string) => HttpResponse | HttpError): HttpClient & { readonly asked: string[] } {
    const asked: string[] = [];
    return {
      asked,
      send: async ({ url }) => {
        asked.push(url.pathname);
        const found = routes(url.pathname);
        if (found instanceof Error) throw found;
        return found;
      },
      close: async () => undefined,
    };
  }
  const at = (text: string, http: HttpClient) => {
    const url = new URL(text);
    return negotiate(
      url,
      createJsonReader({ url, headers: [], timeoutMs: 100, maxBodyBytes: 1000 }, http, new SimulatedClock()),
    );
  };
  const envelope = answer({ data: [], errors: null, total: 0 });

  it.each([
    { given: 'http://j:1', lives: '/api/traces', base: 'http://j:1/' },
    { given: 'http://j:1', lives: '/jaeger/api/traces', base: 'http://j:1/jaeger' },
    { given: 'http://j:1/jaeger/', lives: '/jaeger/api/traces', base: 'http://j:1/jaeger' },
    { given: 'http://j:1/jaeger', lives: '/api/traces', base: 'http://j:1/' },
    { given: 'http://j:1/jaeger/search', lives: '/jaeger/api/traces', base: 'http://j:1/jaeger' },
    { given: 'http://j:1/trace/abc', lives: '/api/traces', base: 'http://j:1/' },
  ])('finds from $given the API under $lives', async ({ given, lives, base }) => {
    const http = fake((path) => (path === lives ? envelope : HTML));
    const backend = await at(given, http);
    expect({ api: backend.api, baseUrl: backend.baseUrl.href }).toEqual({ api: 'jaeger-legacy', baseUrl: base });
  });

  it('takes v3 where the search route is gone', async () => {
    const http = fake((path) => (path === '/api/v3/services' ? answer('{}') : HTML));
    const backend = await at('http://j:1', http);
    expect(backend).toMatchObject({ api: 'jaeger-v3', batchSize: 1, markerSearch: { supported: false } });
  });

  it.each([
    { status: 401, headers: [], hint: 'give credentials: --traces-token' },
    { status: 401, headers: [['authorization', 'Basic x']], hint: 'the credentials that were given are refused' },
    { status: 403, headers: [['authorization', 'Basic x']], hint: 'the credentials that were given do not open it' },
    { status: 403, headers: [['x-scope-orgid', 'a']], hint: 'give credentials: --traces-token' },
  ] as const)(
    'advises after status $status by the headers that were sent: $headers',
    async ({ status, headers, hint }) => {
      const url = new URL('http://j:1');
      const reader = createJsonReader(
        { url, headers, timeoutMs: 100, maxBodyBytes: 1000 },
        fake(() => answer('', status)),
        new SimulatedClock(),
      );
      await expect(negotiate(url, reader)).rejects.toMatchObject({
        code: 'HC703',
        hint: expect.stringContaining(hint),
      });
    },
  );

  it.each([
    ['HC702', HTML],
    ['HC702', answer('{"status":"ok"}')],
    ['HC702', answer('', 302)],
    ['HC703', answer('', 401)],
    ['HC703', answer('', 403)],
    ['HC712', answer('boom', 503)],
    ['HC704', answer('{"data": [')],
    ['HC713', new HttpError('body-too-large', 'j sent too much')],
    ['HC701', new HttpError('timeout', 'j did not answer')],
  ] as const)('gives the code %s with a hint', async (code, given) => {
    const error = await at(
      'http://j:1',
      fake(() => given),
    ).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'BackendError', code });
    expect((error as BackendError).hint.length).toBeGreaterThan(15);
  });

  it('repeats a read after a dropped connection, and counts each call', async () => {
    let left = 2;
    const http = fake(() => (left-- > 0 ? new HttpError('reset', 'closed') : envelope));
    const backend = await at('http://j:1', http);
    expect(backend.calls).toBe(3);
  });

  it('reads 120 traces in batches, raw, and leaves out unknown ones', async () => {
    const urls: URL[] = [];
    const http: HttpClient = {
      send: async ({ url }) => {
        urls.push(url);
        return url.searchParams.has('traceID') ? answer(legacy) : envelope;
      },
      close: async () => undefined,
    };
    const backend = await at('http://j:1', http);
    const ids = Array.from(
      { length: backend.batchSize },
      (_, index) => (index === 0 ? ID : index.toString(16).padStart(32, '0')) as TraceId,
    );
    const traces = await backend.traces(ids);
    expect([...traces.keys()]).toEqual([ID]);
    expect(urls.at(-1)?.searchParams.get('raw')).toBe('true');
    expect(urls).toHaveLength(2);
  });
});
