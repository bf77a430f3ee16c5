import { describe, expect, it } from 'vitest';
import { resolvePolicy } from './policy.ts';

const read = (text: string) => resolvePolicy({ flags: { max: [text] }, env: {}, readFile: () => '' }).max;

describe('--max', () => {
  it.each([
    ['HC507=1%', 0.01],
    ['hc507 = 0.5 %', 0.005],
  ])('%j is a limit of %d', (text, share) => {
    expect(read(text)).toEqual([{ code: 'HC507', share }]);
  });

  it.each([
    ['HC507=1', 'with the sign %'],
    ['HC507', 'such as HC507=1%'],
    ['HC507=0%', 'above 0 % and below 100 %'],
    ['HC507=100%', 'above 0 % and below 100 %'],
    ['HC5O7=1%', 'perhaps HC507'],
    ['HC201=1%', 'which HC201 does not'],
    ['HC701=1%', 'which HC701 does not'],
  ])('refuses %j: %s', (text, hint) => {
    expect(() => read(text)).toThrow(hint);
  });

  it('is absent where it is not given', () => {
    expect(resolvePolicy({ flags: {}, env: {}, readFile: () => '' })).not.toHaveProperty('max');
  });
});
