import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSpanId, parseTraceId } from './ids.ts';

const hex = (digits: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'), minLength: 1, maxLength: digits });

describe.each([
  { name: 'parseTraceId', parse: parseTraceId, digits: 32 },
  { name: 'parseSpanId', parse: parseSpanId, digits: 16 },
] as const)('$name', ({ parse, digits }) => {
  it('pads hexadecimal digits and makes them lower case, and keeps a whole id', () => {
    fc.assert(
      fc.property(hex(digits), (text) => {
        const parsed = parse(text);
        if (/^0+$/.test(text)) expect(parsed).toEqual({ ok: false, reason: 'all zeros' });
        else expect(parsed).toEqual({ ok: true, id: text.toLowerCase().padStart(digits, '0') });
      }),
    );
  });

  it.each([
    ['', 'empty'],
    ['xyz', 'not hexadecimal: "xyz"'],
    ['a'.repeat(digits + 1), `${digits + 1} digits, at most ${digits}`],
    ['0'.repeat(digits), 'all zeros'],
  ])('rejects %j with its reason', (text, reason) => {
    expect(parse(text)).toEqual({ ok: false, reason });
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => typeof parse(text).ok === 'boolean'));
  });
});

it('reads a 64-bit trace id and its padded form as the same id', () => {
  expect(parseTraceId('a065986bedce610d')).toEqual(parseTraceId('0000000000000000A065986BEDCE610D'));
});
