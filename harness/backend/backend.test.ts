import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HttpClient, HttpError, type HttpResponse } from '../http/http.ts';
import type { TraceId } from '../model/ids.ts';
import { BackendError } from './backend.ts';
import { parseLegacyTraces } from './legacy-json.ts';
import { negotiate } from './negotiate.ts';
import { parseOtlpTraces } from './otlp-json.ts';

const ID = '0af7651916cd43dd8448eb211c80319c';
const legacySpan = {
  traceID: ID,
  spanID: 'b7ad6b7169203331',
  operationName: 'o',
  references: [],
  startTime: 1,
  duration: 2,
  tags: [{ key: 'span.kind', type: 'string', value: 'server' }],
  processID: 'p1',
};
const legacy = {
  data: [{ traceID: ID, spans: [legacySpan], processes: { p1: { serviceName: 'orders', tags: [] } } }],
  total: 0,
  errors: null,
};
const otlpSpan = {
  traceId: ID,
  spanId: 'b7ad6b7169203331',
  name: 'o',
  kind: 2,
  startTimeUnixNano: '1000',
  endTimeUnixNano: '3000',
  attributes: [],
  status: {},
};
const otlp = {
  result: {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'orders' } }] },
        scopeSpans: [{ spans: [otlpSpan] }],
      },
    ],
  },
};

/** Puts a value at a place, e.g. `data.0.spans.0.startTime`; undefined takes it away. */
function spoil(json: unknown, place: string, value: unknown): unknown {
  const copy: unknown = structuredClone(json);
  const keys = place.split('.');
  const last = keys.pop() ?? '';
  const holder = keys.reduce((at, key) => (at as Record<string, unknown>)[key], copy) as Record<string, unknown>;
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return copy;
}
function problem(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(BackendError);
    expect((error as BackendError).code).toBe('HC704');
    return (error as BackendError).message;
  }
  return 'read';
}

describe('an answer', () => {
  it('reads the same over both APIs', () => {
    expect(parseLegacyTraces(legacy)).toEqual(
      parseOtlpTraces([otlp]).map(({ id, spans }) => ({
        id,
        spans: spans.map((span) => ({ ...span, tags: { 'span.kind': 'server' } })),
      })),
    );
  });

  it.each([
    ['data.0.spans.0.startTime', 'now', 'data[0].spans[0].startTime: expected number, received "now"'],
    ['data.0.spans.0.spanID', 'xyz', 'data[0].spans[0].spanID: expected'],
    ['data.0.spans', {}, 'data[0].spans: expected list, received an object'],
    ['data', 7, 'answer: expected'],
    ['data.0.spans.0.operationName', 7, 'data[0].spans[0].operationName: expected string, received 7'],
  ])('that does not fit names the place (legacy %s)', (place, value, message) => {
    const said = problem(() => parseLegacyTraces(spoil(legacy, place, value)));
    expect(said.replace('data: ', 'answer: ')).toContain(message);
  });

  it.each([
    [
      'result.resourceSpans.0.scopeSpans.0.spans.0.startTimeUnixNano',
      'now',
      'result.resourceSpans[0].scopeSpans[0].spans[0].startTimeUnixNano: expected',
    ],
    ['result.resourceSpans.0.scopeSpans.0.spans.0.traceId', 'zz', 'spans[0].traceId: expected'],
    ['result.resourceSpans.0.scopeSpans', 3, 'result.resourceSpans[0].scopeSpans: expected list'],
  ])('that does not fit names the place (v3 %s)', (place, value, message) => {
    expect(problem(() => parseOtlpTraces([spoil(otlp, place, value)]))).toContain(message);
  });

  it('is read with null lists, missing flags, int64 strings and 64-bit ids', () => {
    const odd = {
      data: [
        {
          traceID: 'a065986bedce610d',
          spans: [
            { ...legacySpan, traceID: 'a065986bedce610d', references: null, startTime: '1795399254277752', tags: null },
          ],
          processes: { p1: { serviceName: 'orders' } },
        },
      ],
    };
    const [trace] = parseLegacyTraces(odd);
    expect(trace?.id).toBe('0000000000000000a065986bedce610d');
    expect(trace?.spans[0]?.startMicros).toBe(1_795_399_254_277_752);
    expect(parseLegacyTraces({ data: null })).toEqual([]);
  });

  it('never does anything but read or say HC704, whatever it is', () => {
    const places = [
      'data',
      'data.0',
      'data.0.spans',
      'data.0.spans.0',
      'data.0.spans.0.references',
      'data.0.spans.0.tags',
      'data.0.spans.0.tags.0',
      'data.0.processes',
      'data.0.processes.p1',
      'data.0.traceID',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...places),
        fc.jsonValue(),
        (place, value) => void problem(() => parseLegacyTraces(spoil(legacy, place, value))),
      ),
    );
    const deep = [
      'result',
      'result.resourceSpans',
      'result.resourceSpans.0',
      'result.resourceSpans.0.resource',
      'result.resourceSpans.0.scopeSpans.0',
      'result.resourceSpans.0.scopeSpans.0.spans.0',
      'result.resourceSpans.0.scopeSpans.0.spans.0.attributes',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...deep),
        fc.jsonValue(),
        (place, value) => void problem(() => parseOtlpTraces([spoil(otlp, place, value)])),
      ),
    );
    fc.assert(
      fc.property(
        fc.jsonValue(),
        (value) => void [problem(() => parseLegacyTraces(value)), problem(() => parseOtlpTraces([value]))],
      ),
    );
  });
});

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
  const target = (url: string) => ({ url: new URL(url), headers: [], timeoutMs: 100, maxBodyBytes: 1000 });
  const envelope = answer({ data: [], errors: null, total: 0 });

  it.each([
    ['http://j:1', '/api/traces', 'http://j:1/'],
    ['http://j:1', '/jaeger/api/traces', 'http://j:1/jaeger'],
    ['http://j:1/jaeger/', '/jaeger/api/traces', 'http://j:1/jaeger'],
    ['http://j:1/jaeger', '/api/traces', 'http://j:1/'],
    ['http://j:1/jaeger/search', '/jaeger/api/traces', 'http://j:1/jaeger'],
    ['http://j:1/trace/abc', '/api/traces', 'http://j:1/'],
  ])('finds %s under %s', async (given, lives, base) => {
    const http = fake((path) => (path === lives ? envelope : HTML));
    const backend = await negotiate(target(given), http);
    expect([backend.api, backend.baseUrl.href]).toEqual(['jaeger-legacy', base]);
  });

  it('takes v3 where the search route is gone', async () => {
    const http = fake((path) => (path === '/api/v3/services' ? answer('{}') : HTML));
    const backend = await negotiate(target('http://j:1'), http);
    expect(backend).toMatchObject({ api: 'jaeger-v3', batchSize: 1, markerSearch: { supported: false } });
  });

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
  ] as const)('says %s', async (code, given) => {
    const error = await negotiate(
      target('http://j:1'),
      fake(() => given),
    ).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'BackendError', code });
    expect((error as BackendError).hint.length).toBeGreaterThan(15);
  });

  it('tries a read again when the connection was dropped, and counts each call', async () => {
    let left = 2;
    const http = fake(() => (left-- > 0 ? new HttpError('reset', 'closed') : envelope));
    const backend = await negotiate(target('http://j:1'), http);
    expect(backend.calls).toBe(3);
  });

  it('reads 120 traces in batches, raw, and leaves unknown ones out', async () => {
    const urls: URL[] = [];
    const http: HttpClient = {
      send: async ({ url }) => {
        urls.push(url);
        return url.searchParams.has('traceID') ? answer(legacy) : envelope;
      },
      close: async () => undefined,
    };
    const backend = await negotiate(target('http://j:1'), http);
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
