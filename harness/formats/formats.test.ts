import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONTEXT_FORMATS, type ProbeVariant } from '../model/exchange.ts';
import { parseSpanId, parseTraceId } from '../model/ids.ts';
import { newShortTraceId, newSpanId, newTraceId, type RandomHex } from '../model/random-ids.ts';
import type { ContextHeaders, TraceContext } from './format.ts';
import { decidesByRequestId, FORMAT_HEADERS, FORMATS, forwardedHeaders, MESH_FORMATS } from './formats.ts';

let drawn = 0;
const random: RandomHex = (digits) => {
  drawn += 1;
  return (drawn * 2_654_435_761).toString(16).padStart(digits, '9').slice(-digits);
};
const sent = (headers: ContextHeaders) => new Map(headers.map(([name, value]) => [name.toLowerCase(), value]));
const contexts = (isShort: boolean): readonly TraceContext[] =>
  [true, false].map((sampled) => ({
    traceId: isShort ? newShortTraceId(random) : newTraceId(random),
    spanId: newSpanId(random),
    sampled,
  }));
/** Each way of writing a format: plain, and its variants. */
const WAYS = CONTEXT_FORMATS.flatMap((format) => [
  [format, 'plain'] as const,
  ...Object.keys(FORMATS[format].variants).map((name) => [format, name] as const),
]);
function written(format: (typeof WAYS)[number][0], way: string, context: TraceContext): ContextHeaders {
  const { write, variants } = FORMATS[format];
  return way === 'plain' ? write(context) : (variants[way as ProbeVariant]?.write(context, random) ?? []);
}

describe.each(WAYS)('%s, written %s', (format, way) => {
  const isShort = FORMATS[format].variants[way as ProbeVariant]?.isShort === true;

  it('is read as it was written', () => {
    for (const context of contexts(isShort)) {
      const read = FORMATS[format].read(sent(written(format, way, context)));
      const trace = parseTraceId(read?.traceId ?? '');
      const span = parseSpanId(read?.spanId ?? '');
      expect({ trace, span }).toEqual({
        trace: { ok: true, id: context.traceId },
        span: { ok: true, id: context.spanId },
      });
      if (way !== 'deferred') expect(read?.sampled).toBe(context.sampled);
    }
  });

  it('is read by no other format, so that a probe never carries two', () => {
    for (const context of contexts(isShort)) {
      const headers = sent(written(format, way, context));
      expect(CONTEXT_FORMATS.filter((other) => FORMATS[other].read(headers) !== undefined)).toEqual([format]);
    }
  });

  it('uses only headers that have a column', () => {
    const columns = FORMATS[format].columns.map(({ name }) => name);
    for (const context of contexts(isShort))
      expect(columns).toEqual(expect.arrayContaining(written(format, way, context).map(([name]) => name)));
  });

  if (isShort)
    it('has a trace id of 16 digits', () => {
      for (const context of contexts(isShort))
        expect(FORMATS[format].read(sent(written(format, way, context)))?.traceId).toHaveLength(16);
    });
});

it('leaves the decision to the mesh in the variant deferred', () => {
  const [context] = contexts(false);
  expect(FORMATS.b3.read(sent(written('b3', 'deferred', context!)))).not.toHaveProperty('sampled');
});

it('reads upper case, as some tracers write ids', () => {
  for (const format of CONTEXT_FORMATS) {
    const [context] = contexts(false);
    const upper = written(format, 'plain', context!).map(([name, value]) => [name, value.toUpperCase()] as const);
    const read = FORMATS[format].read(sent(upper));
    // W3C Trace Context §3.2.2.3 forbids it.
    expect(read?.traceId.toLowerCase()).toBe(format === 'w3c' ? undefined : context?.traceId);
  }
});

it('every header is listed once, in lower case', () => {
  expect(new Set(FORMAT_HEADERS).size).toBe(FORMAT_HEADERS.length);
  expect(FORMAT_HEADERS.filter((name) => name !== name.toLowerCase())).toEqual([]);
});

it('each provider and each tag belongs to one driver, so that they name one format', () => {
  const drivers = MESH_FORMATS.flatMap((id) => FORMATS[id].driver ?? []);
  const all = drivers.flatMap(({ providers, tags }) => [...providers, ...tags]);
  expect(new Set(all).size).toBe(all.length);
});

it('asks applications for the headers of the mesh, and for all where its format is not known', () => {
  expect({
    b3: forwardedHeaders('b3').join(' '),
    single: forwardedHeaders('b3-single').join(' '),
    w3c: forwardedHeaders('w3c').join(' '),
  }).toEqual({
    b3: 'x-b3-traceid x-b3-spanid x-b3-parentspanid x-b3-sampled x-b3-flags',
    single: 'x-b3-traceid x-b3-spanid x-b3-parentspanid x-b3-sampled x-b3-flags',
    w3c: 'traceparent tracestate',
  });
  expect(forwardedHeaders(undefined)).toEqual([...forwardedHeaders('b3'), ...forwardedHeaders('w3c')]);
});

it('knows nothing about the decisions of a mesh whose format is not known', () => {
  expect({
    unknown: decidesByRequestId(undefined),
    newer: decidesByRequestId('newer' as never),
    b3: decidesByRequestId('b3'),
    w3c: decidesByRequestId('w3c'),
  }).toEqual({ unknown: false, newer: false, b3: false, w3c: true });
});

describe('the names of formats', () => {
  const root = resolve(import.meta.dirname, '..');
  /**
   * The lab imitates Envoy and has to know formats by itself; `b3: 0` keeps requests to the backend from being traced.
   * Contract mode and the snippets name headers, each by itself, and no mesh with a format.
   */
  const others =
    /^(formats|lab|contract\/judge)\/|^model\/snippets\.ts$|\.test\.ts$|\/testing\/|^backend\/read-json\.ts$|^model\/exchange\.ts$/;
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !others.test(file.replaceAll('\\', '/')),
  );

  it('stand in this room and in the vocabulary alone: no other room has a format as its default', () => {
    const quoted = new RegExp(`['"](?:${CONTEXT_FORMATS.join('|')})['"]`);
    const found = files.filter((file) => quoted.test(readFileSync(join(root, file), 'utf8')));
    expect(files.length).toBeGreaterThan(200);
    expect(found).toEqual([]);
  });
});
