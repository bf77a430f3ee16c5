import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BackendError } from './backend.ts';
import { parseLegacyTraces } from './legacy-json.ts';
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
  it('gives the same traces over both APIs', () => {
    expect(parseLegacyTraces(legacy)).toEqual(
      parseOtlpTraces([otlp]).map(({ id, spans }) => ({
        id,
        spans: spans.map((span) => ({ ...span, tags: { 'span.kind': 'server' } })),
      })),
    );
  });

  it.each([
    {
      place: 'data.0.spans.0.startTime',
      value: 'now',
      message: 'data[0].spans[0].startTime: expected number, received "now"',
    },
    { place: 'data.0.spans.0.spanID', value: 'xyz', message: 'data[0].spans[0].spanID: expected' },
    { place: 'data.0.spans', value: {}, message: 'data[0].spans: expected list, received an object' },
    { place: 'data', value: 7, message: 'answer: expected' },
    {
      place: 'data.0.spans.0.operationName',
      value: 7,
      message: 'data[0].spans[0].operationName: expected string, received 7',
    },
  ])('of the legacy API is refused with the place that does not fit: $place', ({ place, value, message }) => {
    const said = problem(() => parseLegacyTraces(spoil(legacy, place, value)));
    expect(said.replace('data: ', 'answer: ')).toContain(message);
  });

  it.each([
    [
      'result.resourceSpans.0.scopeSpans.0.spans.0.startTimeUnixNano',
      { value: 'now', message: 'result.resourceSpans[0].scopeSpans[0].spans[0].startTimeUnixNano: expected' },
    ],
    ['result.resourceSpans.0.scopeSpans.0.spans.0.traceId', { value: 'zz', message: 'spans[0].traceId: expected' }],
    ['result.resourceSpans.0.scopeSpans', { value: 3, message: 'result.resourceSpans[0].scopeSpans: expected list' }],
  ])('of the v3 API is refused with the place that does not fit: %s', (place, { value, message }) => {
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

  it('of any content is read or gives HC704', () => {
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
