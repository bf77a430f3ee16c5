import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toText } from '../to-text.ts';
import { attributeText, h } from './element.ts';

describe('elements as text', () => {
  it('escape text and attributes, leave out missing attributes, and close every element', () => {
    const element = h('a', { href: '#x"y', hidden: true, title: false, id: undefined }, 'a < b', false, undefined, [
      1,
      h('wbr'),
    ]);
    expect(toText(element)).toBe('<a href="#x&quot;y" hidden="">a &lt; b1<wbr></a>');
  });

  it('read back as the given text, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.string({ unit: 'binary', maxLength: 200 }),
        (text, title) => {
          const html = toText(h('q', { title }, text));
          const read = /^<q title="([^"<>]*)">([^<>]*)<\/q>$/.exec(html);
          expect(read).not.toBeNull();
          // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
          expect(html).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
        },
      ),
    );
  });

  it.each(['onclick', 'ONLOAD', 'style', 'src', 'srcset', 'action', 'formaction'])(
    'refuse %s, which is a mistake in our code',
    (name) => {
      expect(() => attributeText(name, 'x')).toThrow(`${name} is not for this page`);
    },
  );

  it.each([
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,x',
    '//elsewhere',
    'file:///etc',
    'java\nscript:x',
    '',
  ])('make no link of %j', (href) => {
    expect(toText(h('a', { href }, 'x'))).toBe('<a>x</a>');
  });

  it('cut text that is too long, but not the outline of a picture', () => {
    const long = 'M0,0'.repeat(2000);
    expect(toText(h('b', {}, long)).length).toBeLessThan(2100);
    expect(toText(h('path', { d: long }))).toContain(long);
  });
});
