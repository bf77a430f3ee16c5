import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRecording, readV3, SCENARIOS } from '../../fixtures/recordings/load.ts';
import { DumpStream } from './dump-stream.ts';
import { ImportError } from './import-error.ts';
import { readDump } from './read-dump.ts';

/** @param cuts where the bytes are cut, as shares of their length */
function stream(text: string, cuts: readonly number[]) {
  const dump = new DumpStream('a.json');
  const bytes = Buffer.from(text);
  const places = [0, ...cuts.map((cut) => Math.floor(cut * bytes.length)), bytes.length].toSorted((a, b) => a - b);
  for (const [index, place] of places.entries()) dump.push(bytes.subarray(places[index - 1] ?? 0, place));
  return dump.end();
}

const json = (value: unknown) => JSON.stringify(value);
const CUTS = [0.1, 0.33, 0.5, 0.731, 0.9];
/** As a capture has them: of many spans the tags are not properties of the span. */
const byId = (traces: ReturnType<typeof readDump>): unknown =>
  traces && JSON.parse(json(traces.toSorted((a, b) => (a.id < b.id ? -1 : 1))));

describe('a dump that is read as a stream', () => {
  it.each(SCENARIOS)('has the traces, spans and order of spans of one that is read at once: %s', (scenario) => {
    const { legacy } = readRecording(scenario) as unknown as { legacy: { data: unknown[] } };
    const v3 = readV3(scenario) as { result: { resourceSpans: unknown[] } };
    const half = Math.ceil(v3.result.resourceSpans.length / 2);
    const parts = [v3.result.resourceSpans.slice(0, half), v3.result.resourceSpans.slice(half)];
    const texts = [
      json(legacy),
      `\uFEFF${JSON.stringify(legacy, null, 2)}\n`,
      json(legacy.data),
      legacy.data.map(json).join('\n'),
      legacy.data.map((trace) => json({ data: [trace], errors: null })).join('\r\n'),
      json([...legacy.data, ...legacy.data]),
      json(v3),
      json(v3.result),
      json({ batches: v3.result.resourceSpans }),
      json({ trace: v3.result, status: 'COMPLETE' }),
      parts.map((resourceSpans) => json({ result: { resourceSpans } })).join('\n'),
      `${json(legacy)}\n${json(v3)}`,
    ];
    for (const text of texts) expect(byId(stream(text, CUTS))).toEqual(byId(readDump(text, 'a.json')));
  });

  const span = { traceId: 'a1', id: 'b1', timestamp: 5 };
  const trace = {
    traceID: 'a1',
    spans: [{ spanID: 'b1', startTime: 1, duration: 1, operationName: 'x', process: { serviceName: 's' } }],
  };
  it.each([
    [[span], [span]],
    [[[span], []]],
    [[[]]],
    [[]],
    [{ data: [] }],
    [{ data: trace }],
    [{ data: null, errors: [{ msg: 'no' }] }],
    [{ data: [trace], errors: [{ msg: 'no' }] }],
    [{ trace: { resourceSpans: [] }, status: 'PARTIAL' }],
    [[trace, 5]],
    [trace, { a: 1 }],
    [{ scenario: 'x', data2: [] }],
    [3],
    [{ data: [{ ...trace, spans: [{ spanID: 'no' }] }] }],
    [{ 'result.resourceSpans': [1] }],
  ])('reads, passes over or refuses what one that is read at once does: %j %j', (...documents) => {
    const text = documents.map(json).join('\n');
    const outcome = (read: () => unknown) => {
      try {
        return read();
      } catch (error) {
        return error instanceof ImportError ? 'refused' : error;
      }
    };
    expect(outcome(() => byId(stream(text, CUTS)))).toEqual(outcome(() => byId(readDump(text, 'a.json'))));
  });

  it('names the place of what does not fit, counted in the whole list', () => {
    const text = json({ data: [trace, trace, { ...trace, spans: [{ ...trace.spans[0], startTime: 'soon' }] }] });
    expect(() => stream(text, [])).toThrow(
      'a.json, document 1, data[2].spans[0].startTime: expected number; received "soon"',
    );
    expect(() => stream(text.slice(0, -3), [])).toThrow('JSON that ends too early: the file is cut');
    expect(() => stream('{"data":[1,,2]}', [])).toThrow('a.json');
    expect(() => stream(json({ data: [], errors: [{ msg: 'trace not found' }] }), [])).toThrow('trace not found');
  });

  it('survives any JSON, and says why it refuses it', () => {
    const value = fc.jsonValue();
    const document = fc.oneof(
      value,
      fc.record({ data: value }),
      fc.record({ resourceSpans: value }),
      fc.record({ result: fc.record({ resourceSpans: value }) }),
      fc.record({ batches: value }),
    );
    fc.assert(
      fc.property(fc.array(document, { minLength: 1, maxLength: 3 }), (documents) => {
        const text = documents.map(json).join('\n');
        try {
          stream(text, CUTS);
        } catch (error) {
          expect(error).toBeInstanceOf(ImportError);
        }
      }),
    );
  });

  it('gives what has come so far, where its reading ends early', () => {
    const { legacy } = readRecording('healthy-60') as unknown as { legacy: { data: unknown[] } };
    const dump = new DumpStream('a.json');
    dump.push(Buffer.from(json(legacy)).subarray(0, 100_000));
    const some = dump.take()?.length ?? 0;
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(legacy.data.length);
  });
});
