import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor, redactedJson } from './redact.ts';

const secret = fc.string({ minLength: 6, maxLength: 40, unit: 'grapheme' }).filter((text) => text.length >= 6);

describe('createRedactor', () => {
  it('writes the placeholder instead', () => {
    const redact = createRedactor([{ value: 's3cr3t-token', placeholder: '$HOPCHECK_JAEGER_TOKEN' }]);
    expect(redact('Bearer s3cr3t-token, again s3cr3t-token')).toBe(
      'Bearer $HOPCHECK_JAEGER_TOKEN, again $HOPCHECK_JAEGER_TOKEN',
    );
  });

  it('finds it URL-encoded, in base64, and line by line', () => {
    const redact = createRedactor([{ value: 'pass word+1', placeholder: '$P' }]);
    expect(redact(`?p=${encodeURIComponent('pass word+1')}`)).toBe('?p=$P');
    expect(redact(Buffer.from('pass word+1').toString('base64'))).toBe('$P');
    const key = createRedactor([
      { value: '-----BEGIN KEY-----\nMIIabcdefgh\nMIIjklmnopq\n-----END KEY-----', placeholder: '$K' },
    ]);
    expect(key('line MIIjklmnopq')).toBe('line $K');
    expect(key('-----BEGIN KEY-----')).toBe('-----BEGIN KEY-----');
  });

  it('replaces the longer of two secrets whole', () => {
    const redact = createRedactor([
      { value: 'password', placeholder: '$A' },
      { value: 'password-and-more', placeholder: '$B' },
    ]);
    expect(redact('password-and-more password')).toBe('$B $A');
  });

  it('lets no secret through, wherever it stands', () => {
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (value, before, after) => {
        fc.pre(!'$SECRET'.includes(value));
        const json = redactedJson(
          { deep: [`${before}${value}${after}`] },
          createRedactor([{ value, placeholder: '$S' }]),
        );
        expect(JSON.parse(json).deep[0]).not.toContain(value);
      }),
    );
  });

  it('changes nothing without secrets, or with ones too short to tell', () => {
    expect(createRedactor([])('x')).toBe('x');
    expect(createRedactor([{ value: 'ab12', placeholder: '$S' }])('ab12ab12')).toBe('ab12ab12');
  });
});
