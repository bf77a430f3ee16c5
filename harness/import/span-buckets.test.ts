import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readV3, SCENARIOS } from '../../fixtures/recordings/load.ts';
import { zipkinSpans } from '../../fixtures/testing/zipkin-spans.ts';
import { CompactSpans } from '../model/compact-spans.ts';
import { PackedSpan } from '../model/packed-spans.ts';
import { SpanWords } from '../model/span-words.ts';
import type { Trace } from '../model/trace.ts';
import { readBuckets } from './bucket-traces.ts';
import { DumpStream } from './dump-stream.ts';
import { ImportError } from './import-error.ts';
import { readDump } from './read-dump.ts';
import { SpanBuckets } from './span-buckets.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-buckets-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const json = (value: unknown) => JSON.stringify(value);
const byId = (traces: readonly Trace[] | undefined): unknown =>
  traces && JSON.parse(json(traces.toSorted((a, b) => (a.id < b.id ? -1 : 1))));

/** Through a file on disk, as soon as there is a block. */
function bucketed(text: string, pieceBytes: number, mostHeldBytes = 0): readonly Trace[] | undefined {
  using buckets = new SpanBuckets({ mostHeldBytes, folder });
  const compact = new CompactSpans();
  const dump = new DumpStream('a.json', compact, false, buckets);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceBytes) dump.push(bytes.subarray(at, at + pieceBytes));
  if (!dump.close(true)) return undefined;
  return dump.traces(readBuckets(buckets, compact, new SpanWords()).end());
}

const outcome = (read: () => unknown) => {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ImportError)) throw error;
    return error.message;
  }
};

describe('spans in buckets on disk', () => {
  it.each(SCENARIOS)('are the traces, spans and order of spans of a dump that is read at once: %s', (scenario) => {
    const v3 = readV3(scenario) as { result: { resourceSpans: unknown[] } };
    const groups = v3.result.resourceSpans;
    const spans = zipkinSpans(v3);
    const shuffled = spans.toSorted((a, b) => (json(a).slice(-40) < json(b).slice(-40) ? -1 : 1));
    const texts = [
      json(v3),
      JSON.stringify(v3, null, 2),
      groups.map((group) => json({ resourceSpans: [group] })).join('\n'),
      json({ batches: groups.toReversed() }),
      `${json({ trace: v3.result })}\n${json({ batches: groups.slice(0, 9) })}\n${json(spans)}`,
      json(shuffled),
      json([spans.slice(0, 5), [], spans.slice(5)]),
      // Other orders of keys, and ids as older gateways write them.
      json(v3).replace(
        /"traceId":"([0-9a-f]{32})"/g,
        (_, id) => `"traceId":"${Buffer.from(id, 'hex').toString('base64')}"`,
      ),
      json(spans.map((span) => Object.fromEntries(Object.entries(span).toReversed()))),
      json(v3).replace(/"traceId":"0*([0-9a-f]{32})"/g, (_, id) => `"traceId":"${id.toUpperCase()}"`),
    ];
    for (const text of texts) expect(byId(bucketed(text, 10_007))).toEqual(byId(readDump(text, 'a.json')));
  });

  it.each([
    ['OTLP', (v3: object) => json(v3)],
    ['OTLP that a person can read', (v3: object) => JSON.stringify(v3, null, 2)],
    ['Zipkin', (v3: object) => json(zipkinSpans(v3))],
    ['Zipkin, each trace in a list', (v3: object) => json(zipkinSpans(v3).map((span) => [span]))],
  ])('are read from their bytes, as they are written: %s', (_, write) => {
    const traces = bucketed(write((readV3('healthy-60') as { result: object }).result), 10_007) ?? [];
    expect(traces.flatMap(({ spans }) => spans.map((span) => span instanceof PackedSpan))).not.toContain(false);
    expect(traces.length).toBeGreaterThan(0);
  });

  const span = { traceId: 'a1'.padStart(32, '0'), spanId: 'b1'.padStart(16, '0'), startTimeUnixNano: '5000' };
  const zipkin = { traceId: 'a1'.padStart(32, '0'), id: 'b1'.padStart(16, '0'), timestamp: 5, duration: 2 };
  const group = (...spans: unknown[]) => ({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
  it.each([
    [group(span, span)],
    [group()],
    [group(span, 5)],
    [group([span])],
    [group(null)],
    [group({ ...span, traceId: '' })],
    [group({ ...span, traceId: '0'.repeat(32) })],
    [group({ ...span, spanId: 'x' })],
    [group({ ...span, startTimeUnixNano: 5000 })],
    [group({ ...span, startTimeUnixNano: '9'.repeat(19), endTimeUnixNano: '1' })],
    [
      group({
        ...span,
        kind: 'SPAN_KIND_SERVER',
        name: 'é "x"',
        attributes: [{ key: 'a', value: { intValue: '5' } }, { key: 'a' }],
      }),
    ],
    [
      group({
        ...span,
        attributes: [
          { key: 'a', value: { arrayValue: { values: [] } } },
          { key: '__proto__', value: {} },
        ],
      }),
    ],
    [group({ ...span, attributes: [{ key: 5 }] })],
    [group({ ...span, kind: 7, parentSpanId: '', attributes: null })],
    [{ resourceSpans: [{ scopeSpans: 5 }] }],
    [{ resourceSpans: [{ scopeSpans: [{ spans: [span] }], resource: 5 }] }],
    [
      {
        resourceSpans: [
          {
            scopeSpans: [{ spans: [span] }],
            resource: { attributes: [{ key: 'service.name', value: { stringValue: 's' } }] },
          },
        ],
      },
    ],
    [{ resourceSpans: [{ instrumentationLibrarySpans: [{ spans: [span] }] }] }, group({ ...span, name: 'second' })],
    [{ resourceSpans: [{ scopeSpans: [{ spans: [span] }], instrumentationLibrarySpans: [{ spans: [span] }] }] }],
    [group(span), { other: 5 }],
    [{ ...group(span), status: 'PARTIAL' }],
    [[zipkin, zipkin]],
    [[zipkin, 5]],
    [[[zipkin, 5]]],
    [[[[zipkin]]]],
    [[{ ...zipkin, id: undefined }]],
    [[{ ...zipkin, tags: { a: 1, b: null, c: {} } }]],
    [[{ ...zipkin, tags: { '1': 'x', a: 'é' }, kind: 'SERVER', localEndpoint: { serviceName: 's' }, shared: true }]],
    [[{ '1': 5, ...zipkin, traceId: 'A1' }]],
    [[{ ...zipkin, timestamp: undefined, annotations: [{ timestamp: 7, value: 'sr' }] }]],
    [[{ ...zipkin, timestamp: undefined }]],
    [[zipkin, { traceID: 'a1', spans: [] }]],
    [[zipkin], [{ foo: 1 }]],
  ])('give and refuse what the same dump does that is read at once: %j', (...documents) => {
    const text = documents.map(json).join('\n');
    const whole = outcome(() => byId(readDump(text, 'a.json')));
    for (const pieceBytes of [7, 50, 100_000]) {
      const cut = outcome(() => byId(bucketed(text, pieceBytes)));
      expect(typeof cut).toBe(typeof whole);
      if (typeof whole !== 'string') expect(cut).toEqual(whole);
    }
  });

  it.each([
    ['S,,S]}]}]}', /byte \d+: /],
    ['S,]}]}]}', /byte \d+: /],
    [',S]}]}]}', /byte \d+: /],
    ['S S]}]}]}', /byte \d+: /],
    ['S,5 5]}]}]}', /byte \d+: |document 1: /],
    [`${json(span).slice(0, -1)}]]}]}]}`, 'document 1: '],
    [`${json(span).slice(0, -1)},}]}]}]}`, 'document 1: '],
    ['S', 'ends too early'],
    ['S,{"a', 'ends too early'],
  ])('are refused where the bytes are not JSON: %s', (text, words) => {
    const dump = `{"resourceSpans":[{"scopeSpans":[{"spans":[${text.replaceAll('S', json(span))}`;
    expect(() => bucketed(dump, 5)).toThrow(words);
    expect(() => bucketed(dump, 5)).toThrow(/bytes that are not JSON|ends too early/);
  });

  it('name the place of the first that does not fit, in the order of the file', () => {
    const ids = Array.from({ length: 40 }, (_, index) => (index + 1).toString(16).padStart(32, '0'));
    const spans = ids.map((traceId, index) => ({ ...span, traceId, ...(index >= 7 && { startTimeUnixNano: 'soon' }) }));
    const documents = [group(span), { result: { resourceSpans: [{}, { scopeSpans: [{}, { spans }] }] } }];
    expect(() => bucketed(documents.map(json).join('\n'), 64)).toThrow(
      'a.json, document 2, result.resourceSpans[1].scopeSpans[1].spans[7].startTimeUnixNano: expected nanoseconds as digits',
    );
    const lists = [[zipkin], [zipkin, { ...zipkin, traceId: 'b2', timestamp: 'x' }]];
    expect(() => bucketed(json(lists), 64)).toThrow('a.json, document 1, [1][1].timestamp');
    expect(() => bucketed(json(lists.flat()), 64)).toThrow('a.json, document 1, [2].timestamp');
  });

  it('are the same whatever is held in memory, and wherever the bytes are cut', () => {
    const v3 = readV3('drop-all-reviews') as { result: { resourceSpans: unknown[] } };
    const groups = v3.result.resourceSpans;
    fc.assert(
      fc.property(
        fc.shuffledSubarray(groups, { minLength: 1 }),
        fc.integer({ min: 200, max: 50_000 }),
        fc.constantFrom(0, 100_000, 2 ** 30),
        fc.boolean(),
        (some, pieceBytes, mostHeldBytes, isZipkin) => {
          const text = json(isZipkin ? zipkinSpans({ resourceSpans: some }) : { resourceSpans: some });
          expect(byId(bucketed(text, pieceBytes, mostHeldBytes))).toEqual(byId(readDump(text, 'a.json')));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('leave nothing behind, and no one else can look at them meanwhile', () => {
    using buckets = new SpanBuckets({ mostHeldBytes: 0, folder });
    const group = buckets.open(1, 0);
    buckets.close(group, { reading: buckets.reading('a.json', 0), list: 'resourceSpans', service: 's' });
    const bytes = Buffer.from(json(span));
    buckets.add(1, group, 0, 0, bytes, 0, bytes.length);
    // The file has no name any more, so that it ends with the process, however that ends.
    expect(readdirSync(folder)).toEqual([]);
    const drained = [...buckets.drain((length) => new Uint8Array(length))];
    expect(drained.map((bucket) => Buffer.from(bucket).subarray(20).toString())).toEqual([json(span)]);
  });
});
