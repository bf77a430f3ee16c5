import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../judge/judge.ts';
import { CAPTURE_SCHEMA, type Capture } from '../model/capture.ts';
import { CODES, type FindingCode } from '../model/codes.ts';
import { decodeCapture } from './decode.ts';
import { CaptureEncoder } from './encode.ts';
import { CaptureError, partsOf } from './part.ts';
import { createRedactor, type Redactor } from './redact.ts';

const GOLDEN = readFileSync(join(import.meta.dirname, 'golden', 'small.capture'), 'utf8');

function write(capture: Capture, redact?: Redactor): string {
  const encoder = new CaptureEncoder(redact);
  return [...partsOf(capture)].map((part) => encoder.encode(part)).join('');
}

const text = fc.string({ unit: 'binary', maxLength: 12 });
const number = fc.oneof(
  fc.integer().map((made) => made + 0),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((made) => !Object.is(made, -0)),
);
const hex = (digits: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`));
const name = text.filter((made) => made !== '__proto__');
const tags = fc.dictionary(text, text, { noNullPrototype: true, maxKeys: 4 });
const weights = fc.dictionary(name, fc.nat(), { noNullPrototype: true, maxKeys: 3 });
const pairs = fc.array(fc.tuple(text, text), { maxLength: 3 });
const few = <T>(made: fc.Arbitrary<T>) => fc.array(made, { maxLength: 3 });
const sourced = <T>(value: fc.Arbitrary<T>) =>
  fc.record({ value, source: fc.constantFrom('flag', 'discovered', 'assumed'), from: text });
const clock = fc.record({ offsetMs: number, uncertaintyMs: number });
const purpose = fc.constantFrom('forced-on', 'forced-off', 'undecided');
const incident = fc.record(
  {
    code: fc.constantFrom(...(Object.keys(CODES) as FindingCode[])),
    during: fc.constantFrom('preflight', 'probe', 'settle'),
    message: text,
    times: fc.nat(),
    hint: text,
    expected: text,
    received: text,
    probe: text,
  },
  { requiredKeys: ['code', 'during', 'message', 'times'] },
);
const probe = fc.record(
  { id: text, purpose, format: fc.constantFrom('b3', 'none'), marker: text, headers: pairs, traceId: hex(32) },
  { requiredKeys: ['id', 'purpose', 'format', 'marker', 'headers'] },
);
const page = fc.record(
  { whole: fc.boolean(), banners: few(fc.record({ text, service: text })), version: text, pod: text },
  { requiredKeys: ['whole', 'banners'] },
);
const body = fc.oneof(fc.constantFrom('', 'the same page'), fc.string({ unit: 'binary', maxLength: 40 }));
const answer = fc.record({ status: fc.nat(599), headers: pairs, body, page });
const times = { sentAtMs: number, answeredAtMs: number };
const exchange = fc.oneof(
  fc.record({ probe, ...times, answer }),
  fc.record({ probe, ...times, error: fc.record({ kind: fc.constantFrom('dns', 'other'), message: text }) }),
);
const span = fc.record(
  {
    traceId: hex(32),
    id: hex(16),
    parentId: hex(16),
    kind: fc.constantFrom('client', 'server', 'internal'),
    service: text,
    operation: text,
    startMicros: fc.integer().map((made) => made + 0),
    durationMicros: fc.nat(),
    tags,
  },
  { requiredKeys: ['traceId', 'id', 'kind', 'service', 'operation', 'startMicros', 'durationMicros', 'tags'] },
);
const trace = fc.record(
  { probe: text, reason: fc.constantFrom('quiet', 'absent'), spans: few(span), polls: fc.nat(), traceId: hex(32) },
  { requiredKeys: ['probe', 'reason', 'spans', 'polls'] },
);
const preflight = fc.record(
  {
    markerSearch: fc.constantFrom('supported', 'unknown'),
    requests: few(exchange),
    spansSeen: weights,
    api: fc.constantFrom('jaeger-legacy', 'jaeger-v3'),
    gatewayProfile: sourced(fc.constantFrom(1, 2)),
    gateway: sourced(text),
    spanClock: clock,
    stopped: incident,
  },
  { requiredKeys: ['markerSearch', 'requests', 'spansSeen'] },
);
const change = fc.oneof(
  fc.record({
    ...{ kind: fc.constant('pods'), service: text, atMs: number },
    ...{ came: few(text), gone: few(text), restarted: few(text) },
  }),
  fc.record({ kind: fc.constant('tracing'), before: text, after: text }),
);
const small = decodeCapture(GOLDEN);
const capture = fc
  .record({
    expectations: fc.record(
      {
        ...{ flushMs: sourced(number), shares: sourced(weights), samplingPercent: sourced(number) },
        gateway: sourced(fc.record({ names: few(text), pods: few(text) })),
      },
      { requiredKeys: ['flushMs'] },
    ),
    configuration: few(fc.record({ name: text, value: text, source: fc.constant('default'), from: text })),
    plan: few(fc.record({ purpose })),
    preflight,
    exchanges: few(exchange),
    traces: few(trace),
    fragments: few(fc.record({ probe: text, traceId: hex(32), spans: few(span) })),
    incidents: few(incident),
    changes: few(change),
    timings: fc.record({
      ...{ preflightMs: number, probeMs: number, settleMs: number, polls: fc.nat() },
      ...{ backendCalls: fc.nat(), graceMs: number },
    }),
    end: fc.constantFrom('complete', 'stopped-in-preflight', 'interrupted'),
  })
  .map((made) => ({ ...small, ...made }) as unknown as Capture);

describe('a capture made in memory', () => {
  it('reads back as it was, whatever it holds', () => {
    fc.assert(
      fc.property(capture, (made) => {
        expect(decodeCapture(write(made))).toEqual(made);
      }),
    );
  });

  it('reads back as cut where it was cut', () => {
    expect(decodeCapture(write({ ...small, end: 'cut' })).end).toBe('cut');
  });
});

describe('golden/small.capture', () => {
  it('is still read, and still written byte by byte', () => {
    expect(small.schema).toBe(CAPTURE_SCHEMA);
    expect(small.end).toBe('complete');
    expect(small.exchanges.map(({ answer }) => answer?.body)).toEqual([
      '<p>Grüße 🛒</p>',
      '<p>Grüße 🛒</p>',
      undefined,
    ]);
    expect(write(small)).toBe(GOLDEN);
  });

  it('is readable when cut at every byte after its first line', () => {
    const bytes = Buffer.from(GOLDEN, 'utf8');
    const head = bytes.indexOf('\n');
    for (let at = 0; at < bytes.length; at += 1) {
      const cut = bytes.subarray(0, at).toString('utf8');
      if (at < head) expect(() => decodeCapture(cut)).toThrow(CaptureError);
      // All but the last line end is all.
      else expect(decodeCapture(cut).end).toBe(at === bytes.length - 1 ? 'complete' : 'cut');
    }
  });

  it('is readable if one of its words is the password', () => {
    const words = [...new Set(GOLDEN.match(/[a-z]+(?:-[a-z]+)*/g))].filter((word) => word.length >= 6);
    expect(words).toEqual(expect.arrayContaining(['exchange', 'server', 'complete', 'forced-on', 'expected-set']));
    for (const value of words) {
      const read = decodeCapture(write(small, createRedactor([{ value, placeholder: '$P' }])), value);
      expect({ end: read.end, exchanges: read.exchanges.length, traces: read.traces.length }, value).toEqual({
        end: 'complete',
        exchanges: 3,
        traces: 2,
      });
    }
  });

  it('with any one value replaced is a CaptureError or is judged, and never makes hopcheck crash', () => {
    const lines = GOLDEN.trimEnd().split('\n');
    const odd = fc.constantFrom<unknown>(null, -1, 1e308, '', 'x', '__proto__', [], {}, true, [[]], { value: null });
    fc.assert(
      fc.property(fc.nat(lines.length - 1), fc.nat(), odd, (at, which, value) => {
        const record: unknown = JSON.parse(lines[at]!);
        const places = placesIn(record);
        const { holder, key } = places[which % places.length]!;
        holder[key] = value;
        const what = `line ${at + 1}, ${key} = ${JSON.stringify(value)}`;
        let read: Capture;
        try {
          read = decodeCapture(lines.with(at, JSON.stringify(record)).join('\n'));
        } catch (error) {
          expect(error, what).toBeInstanceOf(CaptureError);
          return;
        }
        // A promise whose judge crashed says HC714 instead.
        const findings = judge(read).promises.flatMap((promise) => promise.findings);
        expect(
          findings.filter(({ code }) => code === 'HC714'),
          what,
        ).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });
});

interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

/** Every place of a JSON value that something stands in. */
function placesIn(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key])]);
}
