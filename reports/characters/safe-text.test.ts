import fc from 'fast-check';
import { expect, it } from 'vitest';
import { safeText } from './safe-text.ts';

it('safeText leaves ordinary text as it is', () => {
  expect(safeText('reviews v2 → ratings · 40 of 40 "quoted"')).toBe('reviews v2 → ratings · 40 of 40 "quoted"');
});

it('safeText shows escape sequences and line ends instead of obeying them', () => {
  expect(safeText('\u001b[31mred\u001b[0m\nnext\u202eright')).toBe('\\u001b[31mred\\u001b[0m\\u000anext\\u202eright');
});

it('safeText cuts long text', () => {
  expect(safeText('x'.repeat(1000))).toBe(`${'x'.repeat(400)}…`);
});

it('safeText lets no control character through, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
      expect(safeText(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
      expect(safeText(text).isWellFormed()).toBe(true);
    }),
  );
});
