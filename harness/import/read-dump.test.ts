import { describe, expect, it } from 'vitest';
import { readRecording, readV3 } from '../../fixtures/recordings/load.ts';
import { orList } from '../model/or-list.ts';
import { BACKEND_PRODUCTS } from '../model/trace-backends.ts';
import { ImportError } from './import-error.ts';
import { readDump } from './read-dump.ts';

const SCENARIO = 'healthy-v1-zipkin-gw2';
const legacy = readRecording(SCENARIO).legacy as { readonly data: readonly { readonly traceID: string }[] };
const v3 = readV3(SCENARIO) as { readonly result: { readonly resourceSpans: readonly unknown[] } };
const shape = (text: string) =>
  (readDump(text, 'a.json') ?? []).map(({ id, spans }) => `${id} ${spans.length}`).toSorted();
const whole = shape(JSON.stringify(legacy));
const json = (value: unknown) => JSON.stringify(value);

describe('the same traces, however they were saved', () => {
  const half = Math.floor(v3.result.resourceSpans.length / 2);
  it.each<[string, string]>([
    ['a legacy search', json(legacy)],
    ['indented, with a byte order mark', `\uFEFF${JSON.stringify(legacy, null, 2)}\n`],
    ['the list of its traces', json(legacy.data)],
    ['a line a trace', legacy.data.map(json).join('\n')],
    ['a line an answer', legacy.data.map((trace) => json({ data: [trace], errors: null })).join('\r\n')],
    ['one answer after another, without a line end', legacy.data.map((trace) => json({ data: [trace] })).join('')],
    ['answers over several lines', legacy.data.map((trace) => JSON.stringify({ data: [trace] }, null, 1)).join('\n')],
    ['every trace twice', json([...legacy.data, ...legacy.data])],
    ['a v3 answer', json(v3)],
    ['the OTLP document in it', json(v3.result)],
    [
      'a v3 stream that a trace is spread over',
      [v3.result.resourceSpans.slice(0, half), v3.result.resourceSpans.slice(half)]
        .map((resourceSpans) => json({ result: { resourceSpans } }))
        .join('\n'),
    ],
    ['both APIs in one file', `${json(legacy)}\n${json(v3)}`],
  ])('%s', (_what, text) => {
    expect(whole).toHaveLength(6);
    expect(shape(text)).toEqual(whole);
  });
});

describe('JSON that is not of traces', () => {
  it.each(['{"scenario": "x"}', '[1, 2]', '3', 'null', '"text"', '[{"traceId": "1"}]'])('%s: none', (text) => {
    expect(readDump(text, 'a.json')).toBeUndefined();
  });
  it('an answer without a trace: no trace', () => {
    expect(readDump('{"data": []}', 'a.json')).toEqual([]);
    expect(readDump('{"result": {}}', 'a.json')).toEqual([]);
    // SLS, for an unknown id (docs/facts/jaeger.md#sls).
    expect(readDump('{"data": [{"traceID": "", "spans": [], "processes": {}}]}', 'a.json')).toEqual([]);
  });
});

describe('what cannot be read', () => {
  const trace = json(legacy.data[0]);
  const spoilt = (from: string | RegExp, to: string) => `{"data": [${trace.replace(from, to)}]}`;
  it.each<[string, string, string]>([
    ['', '', "a.json: expected JSON of Jaeger's query API; received an empty file"],
    ['a page', '<!doctype html>', "a.json: expected JSON of Jaeger's query API; received an HTML or XML page"],
    [
      'prose',
      'no traces',
      "a.json, line 1 column 2: expected JSON of Jaeger's query API; received something that is no JSON",
    ],
    [
      'cut',
      '{"data": [\n{"spans": [',
      "a.json, line 2 column 12: expected JSON of Jaeger's query API; received JSON that ends too early: the file is cut",
    ],
    ['cut in a stream', `${json({ data: [] })}\n{"data"`, 'a.json, line 2 column 8: expected'],
    [
      'something between',
      `${json({ data: [] })}\n{"a": 1}`,
      `a.json, document 2 of 2: expected traces as ${orList(BACKEND_PRODUCTS)} gives them`,
    ],
    [
      'an error',
      '{"data": null, "errors": [{"code": 404, "msg": "trace not found"}]}',
      'received an error of Jaeger: trace not found',
    ],
    [
      'an error beside traces',
      `{"data": [${trace}], "errors": [{"code": 500, "msg": "3 shards failed"}]}`,
      'received an error of Jaeger: 3 shards failed',
    ],
    [
      'an error of v3',
      '{"error": {"httpCode": 404, "message": "No traces found"}}',
      'received an error of Jaeger: No traces found',
    ],
    [
      'a trace that was cut',
      '{"trace": {"resourceSpans": []}, "status": "PARTIAL"}',
      'received a trace that the backend has cut (status PARTIAL)',
    ],
    [
      'no process',
      spoilt(/"processID": ?"p\d+"/, '"processID":"p99"'),
      'a.json, data[0].spans[0].processID: expected a key of processes; received "p99"',
    ],
    [
      'no id',
      spoilt(/"spanID": ?"[0-9a-f]+"/, '"spanID":"xyz"'),
      'a.json, data[0].spans[0].spanID: expected a span id of 1 to 16 hex digits; received "xyz',
    ],
    ['a huge id', spoilt(/"spanID": ?"[0-9a-f]+"/, `"spanID":"${'f'.repeat(17)}"`), '(17 digits, at most 16)'],
    [
      'an id as a number',
      spoilt(/"spanID": ?"[0-9a-f]+"/, '"spanID":12345678901234567890'),
      'a.json, data[0].spans[0].spanID: expected string',
    ],
    [
      'no time',
      spoilt(/"startTime": ?\d+/, '"startTime":"soon"'),
      'a.json, data[0].spans[0].startTime: expected number; received "soon"',
    ],
    [
      'a time beyond all numbers',
      spoilt(/"startTime": ?\d+/, `"startTime":"${'9'.repeat(400)}"`),
      'a.json, data[0].spans[0].startTime: expected number',
    ],
    [
      'no spans',
      '{"data": [{"traceID": "1", "spans": "many"}]}',
      'a.json, data[0].spans: expected list; received "many"',
    ],
    [
      'no resource',
      '{"result": {"resourceSpans": [1]}}',
      'a.json, result.resourceSpans[0]: expected object; received 1',
    ],
  ])('%s', (_what, text, message) => {
    expect(() => readDump(text, 'a.json')).toThrow(ImportError);
    expect(() => readDump(text, 'a.json')).toThrow(message);
    expect(() => readDump(text, 'a.json')).toThrow('for example: curl');
  });

  it('a kind and a value that no text can be made of are none, and no crash', () => {
    const odd = [{ toString: false }];
    const [trace] =
      readDump(
        json({
          resourceSpans: [
            {
              scopeSpans: [
                {
                  spans: [
                    {
                      traceId: '1',
                      spanId: '2',
                      kind: odd,
                      startTimeUnixNano: '1',
                      attributes: [{ key: 'a', value: { stringValue: odd } }],
                    },
                  ],
                },
              ],
            },
          ],
        }),
        'a.json',
      ) ?? [];
    expect(trace?.spans[0]).toMatchObject({ kind: 'unspecified', tags: { a: '[{"toString":false}]' } });
  });

  it('a value nested too deep to be written down', () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    const span = `{"spanID": "1", "operationName": "a", "startTime": 1, "duration": 1, "process": {"serviceName": "a"}, "tags": [{"key": "a", "value": ${deep}}]}`;
    expect(() => readDump(`{"data": [{"traceID": "1", "spans": [${span}]}]}`, 'a.json')).toThrow(
      'a.json, data[0].spans[0].tags[0].value: expected a value that can be written down; received a list of 1',
    );
    const attribute = `{"key": "a", "value": {"arrayValue": ${deep}}}`;
    const otlp = `{"traceId": "1", "spanId": "1", "startTimeUnixNano": "1", "attributes": [${attribute}]}`;
    expect(() => readDump(`{"resourceSpans": [{"scopeSpans": [{"spans": [${otlp}]}]}]}`, 'a.json')).toThrow(
      ImportError,
    );
  });

  it('a file of a million brackets is refused in no time, and without a stack overflow', () => {
    expect(() => readDump('['.repeat(1_000_000), 'a.json')).toThrow(ImportError);
    expect(() => readDump('{"data":['.repeat(100_000), 'a.json')).toThrow(ImportError);
    expect(() => readDump('} '.repeat(500_000), 'a.json')).toThrow(ImportError);
  });
});
