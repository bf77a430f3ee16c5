import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRecording } from '../../fixtures/recordings/load.ts';
import { tracesOf } from '../model/packed-spans.ts';
import { SpanPacker } from '../model/span-packer.ts';
import { SpanWords } from '../model/span-words.ts';
import { LegacyBytes } from './legacy-bytes.ts';
import { parseLegacyTraces } from './legacy-json.ts';

const { data } = readRecording('drop-all-reviews').legacy as { data: object[] };

function taken(texts: readonly string[]) {
  const packer = new SpanPacker();
  const reader = new LegacyBytes(packer);
  const words = new SpanWords();
  return texts.map((text) => {
    const bytes = Buffer.from(text);
    const { traces, at } = reader.take(bytes, 0);
    return { traces, rest: bytes.subarray(at).toString(), read: tracesOf(words, packer.finish()) };
  });
}

const plain = (json: unknown) => JSON.stringify(parseLegacyTraces(json));

describe('legacy traces from bytes', () => {
  it('are those of the parser, and all of a recording are taken', () => {
    const [all] = taken([data.map((trace) => JSON.stringify(trace)).join(',\n')]);
    expect(all).toMatchObject({ traces: data.length, rest: '' });
    expect(JSON.stringify(all!.read)).toBe(plain(data));
  });

  it('are taken with spaces between, and with the keys in any order behind the id', () => {
    const [trace] = data as [{ traceID: string; spans: object[] }];
    const turned = {
      ...trace,
      spans: trace.spans.map((span) => Object.fromEntries(Object.entries(span).toReversed())),
    };
    const [spaced, reversed] = taken([JSON.stringify(trace, null, 2), JSON.stringify(turned)]);
    // Between the fields of a reference no space is looked for.
    expect(spaced!.traces).toBe(0);
    expect(JSON.stringify(reversed!.read)).toBe(plain([turned]));
  });

  it('stop at a trace that is cut, and leave the comma before it', () => {
    const texts = data.slice(0, 3).map((trace) => JSON.stringify(trace));
    const [cut] = taken([texts.join(',').slice(0, -40)]);
    expect(cut).toMatchObject({ traces: 2, rest: `,${texts[2]!.slice(0, -40)}` });
  });

  const span = {
    traceID: '00000000bce08774103fac84ca500c49',
    spanID: '944951e11c2a640b',
    operationName: 'a',
    references: [] as unknown,
    startTime: 1,
    duration: 2,
    tags: [{ key: 'component', type: 'string', value: 'proxy' }] as unknown,
    logs: [] as unknown,
    processID: 'p1',
    warnings: null as unknown,
  };
  const trace = (fields: object, others: object = {}) => ({
    traceID: span.traceID,
    spans: [{ ...span, ...fields }],
    processes: { p1: { serviceName: 'a.shop', tags: [] } },
    warnings: null,
    ...others,
  });
  const tags = (...list: unknown[]) => ({ tags: list });

  it.each<[string, object]>([
    ['two tags of one key', trace(tags({ key: 'a', value: '1' }, { key: 'a', value: '2' }))],
    [
      'two kinds, the first of them unknown',
      trace(tags({ key: 'span.kind', value: 'x' }, { key: 'span.kind', value: 'server' })),
    ],
    ['a kind in capitals', trace(tags({ key: 'span.kind', value: 'SERVER' }))],
    [
      'values of every type',
      trace(tags({ key: 'a', value: 5 }, { key: 'b', value: true }, { key: 'c', value: 1.5 }, { key: 'd' })),
    ],
    [
      'keys that are numbers',
      trace(tags({ key: '10', value: 'a' }, { key: 'b', value: 'b' }, { key: '2', value: 'c' })),
    ],
    ['texts with escapes and other letters', trace(tags({ key: 'ü', value: '"\\\n😀' }, { key: '{', value: '}' }))],
    ['logs of any kind', trace({ logs: [{ timestamp: 1, fields: [{ a: [1.5, -2, true, null, 'x\ty'] }] }] })],
    ['no tags', trace({ tags: [] })],
    ['times beyond 32 bits', trace({ startTime: 1795399222500952, duration: 9007199254740991 })],
    ['an unknown field', trace({ flags: 1 }, { more: { a: [] } })],
  ])('are those of the parser: %s', (_, json) => {
    for (const { read, traces } of taken([JSON.stringify(json), JSON.stringify(json, null, 1)]))
      if (traces > 0) expect(JSON.stringify(read)).toBe(plain([json]));
    // In both turns of the dictionary.
    const [first, second] = taken([JSON.stringify(json), JSON.stringify(json)]);
    expect(JSON.stringify(first)).toBe(JSON.stringify(second));
  });

  it.each<[string, object | string]>([
    ['another id of the trace', trace({ traceID: 'ffffffffbce08774103fac84ca500c49' })],
    ['an id of zeros', trace({ spanID: '0000000000000000' })],
    ['a short id', trace({ spanID: 'ab' })],
    ['no process', trace({ processID: 'p2' })],
    ['a process without a name', trace({}, { processes: { p1: {} } })],
    ['a second place of the parent', trace({ parentSpanID: '944951e11c2a640b' })],
    ['two references', trace({ references: [{}, {}] })],
    ['a time as a text', trace({ startTime: '1' })],
    ['a time that is negative', trace({ startTime: -1 })],
    ['a time with a fraction', trace({ startTime: 1.5 })],
    ['a tag without a key', trace(tags({ value: 'a' }))],
    ['a value that is a list', trace(tags({ key: 'a', value: ['b'] }))],
    ['the key of a prototype', trace({ tags: [{ key: '__proto__', value: 'a' }] })],
    ['no span', trace({}, { spans: [] })],
    ['two of one field', JSON.stringify(trace({})).replace('"duration"', '"duration":3,"duration"')],
    ['broken JSON in a log', JSON.stringify(trace({ logs: ['X'] })).replace('"X"', 'tru')],
    ['a broken number', JSON.stringify(trace({})).replace('"startTime":1', '"startTime":01')],
    ['a comma too many', JSON.stringify(trace({})).replace('"tags":[', '"tags":[,')],
  ])('are left to the parser: %s', (_, json) => {
    const [one] = taken([typeof json === 'string' ? json : JSON.stringify(json)]);
    expect(one).toMatchObject({ traces: 0, read: [] });
  });

  it('are never anything else than those of the parser, whatever byte is changed', () => {
    const text = JSON.stringify(trace({ logs: [{ timestamp: 1 }] }));
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom(...'"\\{}[],:0 ntüx\n-.'), (at, letter) => {
        const changed = text.slice(0, at) + letter + text.slice(at + 1);
        const [one] = taken([changed]);
        if (one!.traces === 0) return;
        // A trace that ends early leaves a rest, which is then no JSON.
        const own = changed.slice(0, changed.length - one!.rest.length);
        expect(JSON.stringify(one!.read)).toBe(plain([JSON.parse(own)]));
      }),
      { numRuns: 500 },
    );
  });
});
