import { describe, expect, it } from 'vitest';
import { kind } from '../../harness/model/codes/definition.ts';
import { count, share, word, words } from '../../harness/model/facts/values.ts';
import { fillTemplate } from './template.ts';

const VALUES = {
  service: word('A service'),
  services: words('Services'),
  spans: count('spans'),
  rate: share('A share'),
  from: word('A place').optional(),
  answer: share('A share').nullable(),
};
const MEANS = 'Spans are missing.';

describe('the template of a kind of fact', () => {
  it('says text, numbers, lists, counted things and shares', () => {
    const { says, schema } = kind('some', MEANS, '{spans span}, {rate %} of {services}, {rate} at {service}', VALUES);
    const fact = schema.parse({
      kind: 'some',
      service: 'details',
      services: ['reviews', 'ratings'],
      spans: 1,
      rate: 0.25,
      answer: null,
    });
    expect(fillTemplate(says, fact)).toBe('1 span, 25 % of reviews, ratings, 0.25 at details');
    expect(fillTemplate(says, { ...fact, spans: 3 })).toMatch(/^3 spans, /);
  });

  it('leaves text of the world as it is', () => {
    expect(fillTemplate('{service} of $&', { service: '{spans} $1' })).toBe('{spans} $1 of $&');
  });

  it('names only values that a text can say: anything else does not compile', () => {
    // @ts-expect-error: there is no such value
    kind('some', MEANS, '{servic} sends no spans', VALUES);
    // @ts-expect-error: it may be absent
    kind('some', MEANS, '{service} of {from}', VALUES);
    // @ts-expect-error: it may be null
    kind('some', MEANS, '{answer %} of {spans span}', VALUES);
    // @ts-expect-error: there is no value at all
    kind('some', MEANS, '{spans span}', {});
    expect(kind('some', MEANS, 'no spans', {}).says).toBe('no spans');
  });
});
