import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { ImportError } from './import-error.ts';
import { readRequests } from './requests.ts';

const docs = (name: string) => readFileSync(resolve(import.meta.dirname, '../../docs', name), 'utf8');
const [, example = ''] = /```json\n(.*?)```/s.exec(docs('import.md')) ?? [];
const list = (request: object) => JSON.stringify({ schema: 'hopcheck/requests@1', requests: [request] });
const good = { headers: { 'user-agent': 'a' }, sentAt: 0, durationMs: 1, status: 200, body: '' };

describe('a list of requests', () => {
  it('is read as docs/import.md describes it', () => {
    const requests = readRequests(example, 'sent.json');
    expect(requests.map(({ sentAtMs, status, error }) => [sentAtMs, status, error])).toEqual([
      [Date.parse('2026-11-24T12:00:00.120Z'), 200, undefined],
      [1795521600185, 200, undefined],
      [1795521602400, undefined, 'timed out'],
    ]);
    expect(requests[0]?.headers[0]).toEqual(['user-agent', 'smoke-1']);
    expect(requests[0]?.page).toEqual({ whole: true, version: 'v3', pod: 'reviews-v3-5c6d7f8b9-lab03', banners: [] });
    expect(requests[1]?.page?.banners).toHaveLength(1);
  });

  it('may have headers as pairs, for a name that is there twice', () => {
    const headers = [
      ['cookie', 'a'],
      ['cookie', 'b'],
    ];
    expect(readRequests(list({ ...good, headers }), 'sent.json')[0]?.headers).toEqual(headers);
  });

  it('may be empty', () => {
    expect(readRequests('{"schema": "hopcheck/requests@1", "requests": []}', 'sent.json')).toEqual([]);
  });

  it('fits its published schema, which refuses a misspelt name', () => {
    const schema = JSON.parse(docs('requests.schema.json')) as object;
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
    expect(validate(JSON.parse(example))).toBe(true);
    expect(validate(JSON.parse(list({ ...good, durationMS: 3 })))).toBe(false);
  });
});

describe('a list that is not valid', () => {
  const { headers: _h, ...noHeaders } = good;
  const { status: _s, ...noStatus } = good;
  const { body: _b, ...noBody } = good;
  it.each<[string, string]>([
    ['{"requests": []}', 'sent.json, schema: expected "hopcheck/requests@1"'],
    ['[]', 'sent.json: expected object; received a list'],
    [list(noHeaders), 'sent.json, requests[0].headers: expected {"name": "value"} or [["name", "value"]]'],
    [list({ ...good, sentAt: '2026-11-24T12:00:00' }), 'requests[0].sentAt: expected ISO 8601 with offset'],
    [list({ ...good, sentAt: -1 }), 'requests[0].sentAt: expected ISO 8601 with offset'],
    [list({ ...good, durationMs: 'x' }), 'requests[0].durationMs: expected number; received "x"'],
    [list(noStatus), 'requests[0].status: expected either status or error'],
    [list({ ...good, error: 'x' }), 'requests[0].status: expected either status or error'],
    [list(noBody), 'requests[0].body: expected body or page beside status 200'],
    [list({ ...good, traceId: 'xyz' }), 'requests[0].traceId: expected 1 to 32 hex digits'],
    [
      list({ ...good, dutationMs: 1 }),
      'requests[0]: expected a list of requests (docs/import.md); received Unrecognized key: "dutationMs"',
    ],
    [`${list(good)}\n${list(good)}`, 'received 2 JSON documents'],
    [
      '{"schema"',
      'sent.json, line 1 column 10: expected a list of requests (docs/import.md); received JSON that ends too early',
    ],
  ])('is refused with its place and an example: %s', (text, message) => {
    expect(() => readRequests(text, 'sent.json')).toThrow(ImportError);
    expect(() => readRequests(text, 'sent.json')).toThrow(message);
    expect(() => readRequests(text, 'sent.json')).toThrow('for example: {"schema": "hopcheck/requests@1"');
  });
});
