import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageFactsSchema } from '../model/application.ts';
import { type AnswerDefinition, answerSchema } from './answer-schema.ts';
import { compileReader } from './reader.ts';

const read = (
  answer: AnswerDefinition,
  body: string,
  status = 200,
  headers: readonly (readonly [string, string])[] = [],
) => compileReader(answer, { entry: 'front', versioned: 'orders' })({ status, body, headers });

const ANSWER: AnswerDefinition = {
  whole: ['$.items', { header: 'x-kind', matches: '^full$' }],
  versions: [
    { of: 'orders', at: '$.orders.version' },
    { of: 'stock', matches: String.raw`served by (?<pod>stock-(?<version>v\d)-\w+)`, from: 'its pod' },
  ],
  errors: [{ at: '$.errors[*].message' }, { contains: 'orders unavailable', service: 'orders' }],
};
const HEADERS = [['X-Kind', 'full']] as const;

describe('an answer', () => {
  it('is whole with all its marks, and shows versions of several services', () => {
    const body = JSON.stringify({ items: [], orders: { version: 'v2' }, note: 'served by stock-v1-abc' });
    expect(read(ANSWER, body, 200, HEADERS)).toEqual({
      whole: true,
      version: 'v2',
      versionFrom: '$.orders.version',
      further: { stock: { version: 'v1', pod: 'stock-v1-abc', versionFrom: 'its pod' } },
      banners: [],
    });
  });

  it('names each mark that it lacks', () => {
    expect(read(ANSWER, '{"items":null}')).toEqual({ whole: false, lacks: '$.items, the header x-kind', banners: [] });
    expect(read(ANSWER, 'no JSON').lacks).toContain('$.items');
    expect(read({}, '', 204)).toEqual({ whole: false, lacks: 'status 200', banners: [] });
  });

  it('shows each error once, with the service that a rule knows, else the entry', () => {
    const body = JSON.stringify({ errors: [{ message: 'orders unavailable' }, { message: 'x'.repeat(999) }] });
    expect(read(ANSWER, body).banners).toEqual([
      { text: 'orders unavailable', service: 'orders' },
      { text: 'x'.repeat(200), service: 'front' },
    ]);
  });

  it('keeps nothing that is not the name of a version', () => {
    expect(read(ANSWER, '{"orders":{"version":"a token, perhaps: 8f2$"}}')).not.toHaveProperty('version');
  });

  it('is not read on where an expression takes too long', () => {
    const slow: AnswerDefinition = { whole: { matches: '^(a+)+$' } };
    expect(read(slow, `${'a'.repeat(60)}b`)).toEqual({
      whole: false,
      lacks: 'what is read within 250 ms',
      banners: [],
    });
  });

  it('is read by a function of the user, whatever that does', () => {
    const facts = { whole: true, banners: [] };
    expect(read({ read: () => facts }, '')).toEqual(facts);
    const thrown = () => {
      throw new Error('no such thing');
    };
    expect(read({ read: thrown }, '').lacks).toContain('no such thing');
    expect(read({ read: () => ({ whole: 'yes' }) as never }, '').whole).toBe(false);
  });

  it('is read without an exception, whatever it is', () => {
    const body = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.constant('{"items":[1],"errors":[{"message":{}}]}'),
    );
    fc.assert(
      fc.property(body, fc.integer({ min: 100, max: 599 }), (text, status) => {
        const page = read(ANSWER, text, status);
        expect(pageFactsSchema.parse(page)).toEqual(page);
      }),
    );
  });
});

it('refuses a place that is two, or none, and an example that the expression does not match', () => {
  const wrong = [{ at: '$.a', header: 'b' }, {}, { matches: 'a+', example: 'b' }, { contains: 'a', matches: 'b' }];
  expect(wrong.map((mark) => answerSchema.safeParse({ whole: mark }).success)).toEqual([false, false, false, false]);
});
