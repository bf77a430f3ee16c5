import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { fit, pad, wrap, wrapCommand } from './wrap.ts';

describe('wrap', () => {
  it('breaks at spaces and keeps the indent', () => {
    expect(wrap('one two three four', 15, '  do ')).toEqual(['  do one two', '     three four']);
  });

  it('keeps a URL whole, for it is to be opened', () => {
    const url = `http://host/${'x'.repeat(30)}`;
    expect(wrap(`see ${url} now`, 20)).toEqual(['see', url, 'now']);
  });

  it('fits whatever comes, and loses nothing but spaces', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 20, max: 100 }), (text, columns) => {
        const lines = wrap(text, columns, '    ');
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
        const bare = (some: string) => some.replace(/\s/g, '');
        expect(bare(lines.join(''))).toBe(bare(text));
      }),
    );
  });
});

describe('wrapCommand', () => {
  it('breaks between arguments, and never inside quotes', () => {
    const curl = 'curl -sS -i -H "user-agent: a b c $(openssl rand -hex 4)" -H \'x: y z\' "http://127.0.0.1/page"';
    const lines = wrapCommand(curl, 60, '    again ');
    expect(lines).toEqual([
      '    again curl -sS -i \\',
      '          -H "user-agent: a b c $(openssl rand -hex 4)" \\',
      '          -H \'x: y z\' "http://127.0.0.1/page"',
    ]);
    expect(lines.join('').replaceAll('\\', ' ').replace(/\s+/g, ' ').trim()).toBe(`again ${curl}`);
  });
});

it('fit and pad count as a terminal shows', () => {
  expect(fit('abcdef', 4)).toBe('abc…');
  expect(fit('日本語', 5)).toBe('日本…');
  expect(pad('日', 4)).toBe('日  ');
});
