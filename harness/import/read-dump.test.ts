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

describe('the same traces', () => {
  const half = Math.floor(v3.result.resourceSpans.length / 2);
  it.each<[string, string]>([
    ['a legacy search', json(legacy)],
    ['indented, with a byte order mark', `\uFEFF${JSON.stringify(legacy, null, 2)}\n`],
    ['the list of its traces', json(legacy.data)],
    ['one line per trace', legacy.data.map(json).join('\n')],
    ['one line per answer', legacy.data.map((trace) => json({ data: [trace], errors: null })).join('\r\n')],
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
  ])('are read from %s', (_what, text) => {
    expect(whole).toHaveLength(6);
    expect(shape(text)).toEqual(whole);
  });
});

describe('JSON that is not of traces', () => {
  it.each(['{"scenario": "x"}', '[1, 2]', '3', 'null', '"text"', '[{"traceId": "1"}]'])('is ignored: %s', (text) => {
    expect(readDump(text, 'a.json')).toBeUndefined();
  });
  it('gives an empty list where an answer has no trace', () => {
    expect(readDump('{"data": []}', 'a.json')).toEqual([]);
    expect(readDump('{"result": {}}', 'a.json')).toEqual([]);
    // SLS, for an unknown id (docs/facts/jaeger.md#sls).
    expect(readDump('{"data": [{"traceID": "", "spans": [], "processes": {}}]}', 'a.json')).toEqual([]);
  });
});

describe('a text that cannot be read', () => {
  const trace = json(legacy.data[0]);
  const spoilt = (from: string | RegExp, to: string) => `{"data": [${trace.replace(from, to)}]}`;
  it.each<{ what: string; text: string; message: string }>([
    {
      what: 'an empty file',
      text: '',
      message: "a.json: expected JSON of a trace backend's query API; received an empty file",
    },
    {
      what: 'a page',
      text: '<!doctype html>',
      message: "a.json: expected JSON of a trace backend's query API; received an HTML or XML page",
    },
    {
      what: 'prose',
      text: 'no traces',
      message:
        "a.json, line 1 column 2: expected JSON of a trace backend's query API; received bytes that are not JSON",
    },
    {
      what: 'cut',
      text: '{"data": [\n{"spans": [',
      message:
        "a.json, line 2 column 12: expected JSON of a trace backend's query API; received JSON that ends too early: the file is cut",
    },
    { what: 'cut in a stream', text: `${json({ data: [] })}\n{"data"`, message: 'a.json, line 2 column 8: expected' },
    {
      what: 'something between',
      text: `${json({ data: [] })}\n{"a": 1}`,
      message: `a.json, document 2 of 2: expected traces as ${orList(BACKEND_PRODUCTS)} gives them`,
    },
    {
      what: 'an error',
      text: '{"data": null, "errors": [{"code": 404, "msg": "trace not found"}]}',
      message: 'received an error of the trace backend: trace not found',
    },
    {
      what: 'an error beside traces',
      text: `{"data": [${trace}], "errors": [{"code": 500, "msg": "3 shards failed"}]}`,
      message: 'received an error of the trace backend: 3 shards failed',
    },
    {
      what: 'an error of v3',
      text: '{"error": {"httpCode": 404, "message": "No traces found"}}',
      message: 'received an error of the trace backend: No traces found',
    },
    {
      what: 'a trace that was cut',
      text: '{"trace": {"resourceSpans": []}, "status": "PARTIAL"}',
      message: 'received a trace that the backend has cut (status PARTIAL)',
    },
    {
      what: 'no process',
      text: spoilt(/"processID": ?"p\d+"/, '"processID":"p99"'),
      message: 'a.json, data[0].spans[0].processID: expected a key of processes; received "p99"',
    },
    {
      what: 'no id',
      text: spoilt(/"spanID": ?"[0-9a-f]+"/, '"spanID":"xyz"'),
      message: 'a.json, data[0].spans[0].spanID: expected a span id of 1 to 16 hex digits; received "xyz',
    },
    {
      what: 'a huge id',
      text: spoilt(/"spanID": ?"[0-9a-f]+"/, `"spanID":"${'f'.repeat(17)}"`),
      message: '(17 digits, at most 16)',
    },
    {
      what: 'an id as a number',
      text: spoilt(/"spanID": ?"[0-9a-f]+"/, '"spanID":12345678901234567890'),
      message: 'a.json, data[0].spans[0].spanID: expected string',
    },
    {
      what: 'no time',
      text: spoilt(/"startTime": ?\d+/, '"startTime":"soon"'),
      message: 'a.json, data[0].spans[0].startTime: expected number; received "soon"',
    },
    {
      what: 'a time beyond all numbers',
      text: spoilt(/"startTime": ?\d+/, `"startTime":"${'9'.repeat(400)}"`),
      message: 'a.json, data[0].spans[0].startTime: expected number',
    },
    {
      what: 'no spans',
      text: '{"data": [{"traceID": "1", "spans": "many"}]}',
      message: 'a.json, data[0].spans: expected list; received "many"',
    },
    {
      what: 'no resource',
      text: '{"result": {"resourceSpans": [1]}}',
      message: 'a.json, result.resourceSpans[0]: expected object; received 1',
    },
  ])('is refused with its place and an example: $what', ({ text, message }) => {
    expect(() => readDump(text, 'a.json')).toThrow(ImportError);
    expect(() => readDump(text, 'a.json')).toThrow(message);
    expect(() => readDump(text, 'a.json')).toThrow('for example: curl');
  });

  it('a kind or a value without a text is left out, without a crash', () => {
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

  it('a value nested too deep to be written is refused with its place', () => {
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

  it('a file of a million brackets is refused at once, without a stack overflow', () => {
    expect(() => readDump('['.repeat(1_000_000), 'a.json')).toThrow(ImportError);
    expect(() => readDump('{"data":['.repeat(100_000), 'a.json')).toThrow(ImportError);
    expect(() => readDump('} '.repeat(500_000), 'a.json')).toThrow(ImportError);
  });
});
