import { describe, expect, it } from 'vitest';
import { resolvePolicy } from './policy.ts';

const fromFlag = (text: string) =>
  resolvePolicy({ flags: { tolerate: [text] }, env: {}, readFile: () => '' }).tolerate[0];
const fromFile = (value: unknown) =>
  resolvePolicy({
    flags: {},
    env: {},
    file: { path: 'hopcheck.config.json', text: JSON.stringify({ tolerate: value }) },
    readFile: () => '',
  }).tolerate;

describe('--tolerate', () => {
  it.each([
    ['HC501:a->b=why until 2027-01-31', { code: 'HC501', subject: 'a->b', reason: 'why', until: '2027-01-31' }],
    [
      'HC501=fixed in release 7 until 2027-01-31 ',
      { code: 'HC501', reason: 'fixed in release 7', until: '2027-01-31' },
    ],
    ['HC501=until 2027-01-31', { code: 'HC501', reason: 'until 2027-01-31', until: '2027-01-31' }],
    ['HC501=until release 7', { code: 'HC501', reason: 'until release 7' }],
    ['HC501=until 2.0.1', { code: 'HC501', reason: 'until 2.0.1' }],
    ['HC501=until 2027-01-31 or so', { code: 'HC501', reason: 'until 2027-01-31 or so' }],
  ])('%j is read', (text, read) => {
    expect(fromFlag(text)).toEqual(read);
  });

  it.each(['2027-02-30', '2027-1-31', '31-01-2027', '31/01/2027', '2027-13-01'])('refuses the day %s', (day) => {
    expect(() => fromFlag(`HC501=why until ${day}`)).toThrow('until a day such as 2027-01-31');
  });
});

describe('a toleration of a file', () => {
  const whole = { code: 'HC501', subject: 'a->b', until: '2027-01-31', reason: 'why', owner: 'shop' };

  it('is an object, text, or a list of both', () => {
    expect(fromFile(whole)).toEqual([whole]);
    expect(fromFile([whole, 'HC502=x'])).toEqual([whole, { code: 'HC502', reason: 'x' }]);
    expect(fromFile([{ code: 'hc501', subject: 'reviews v2, v3 → ratings', reason: ' why ' }])).toEqual([
      { code: 'HC501', subject: 'reviews->ratings', reason: 'why' },
    ]);
  });

  it.each([
    ['an unknown key', { code: 'HC501', reason: 'x', untill: '2027-01-31' }, '"until" instead of "untill"'],
    ['no reason', { code: 'HC501' }, 'with "reason"'],
    ['an empty reason', { code: 'HC501', reason: ' ' }, 'with a reason'],
    ['no code', { reason: 'x' }, 'with "code"'],
    ['an unknown code', { code: 'HC5O1', reason: 'x' }, 'perhaps HC501'],
    ['a day that does not exist', { code: 'HC501', reason: 'x', until: 'soon' }, 'until a day such as 2027-01-31'],
  ])('is refused with %s', (_what, value, hint) => {
    expect(() => fromFile([value])).toThrow(hint);
    expect(() => fromFile([value])).toThrow('hopcheck.config.json');
  });
});
