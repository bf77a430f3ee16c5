import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { spanIdSchema } from '../model/ids.ts';
import { growing, open } from '../model/schema.ts';
import { ownWordsOf } from './own-words.ts';
import { createRedactor, redactDeep, redactedJson } from './redact.ts';
import { RECORDS } from './schema.ts';

const secret = fc.string({ minLength: 6, maxLength: 40, unit: 'grapheme' }).filter((text) => text.length >= 6);

describe('createRedactor', () => {
  it('replaces a secret by its placeholder', () => {
    const redact = createRedactor([{ value: 's3cr3t-token', placeholder: '$HOPCHECK_TRACES_TOKEN' }]);
    expect(redact('Bearer s3cr3t-token, again s3cr3t-token')).toBe(
      'Bearer $HOPCHECK_TRACES_TOKEN, again $HOPCHECK_TRACES_TOKEN',
    );
  });

  it('finds a secret URL-encoded, in base64, and line by line', () => {
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

  it('lets no secret through, wherever it is', () => {
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

  it('replaces the rest of a secret that was cut before an ellipsis', () => {
    const redact = createRedactor([{ value: 'canary-canary-canary', placeholder: '$S' }]);
    expect(redact('received "canary-can…')).toBe('received "$S…');
    expect(redact('canary-c is a separate word')).toBe('canary-c is a separate word');
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 20 }), fc.string(), fc.constantFrom('…', '…"'), (length, before, end) => {
        expect(redact(`${before}${'canary-canary-canary'.slice(0, length)}${end}`)).not.toContain('canary');
      }),
    );
  });

  it('changes nothing without secrets, or with secrets that are too short to recognise', () => {
    expect(createRedactor([])('x')).toBe('x');
    expect(createRedactor([{ value: 'ab12', placeholder: '$S' }])('ab12ab12')).toBe('ab12ab12');
  });
});

describe('an encoded secret', () => {
  const value = 'pa"ss \\wörd/1?>~';
  const redact = createRedactor([{ value, placeholder: '$P' }]);
  it.each([
    ['JSON', JSON.stringify(value).slice(1, -1)],
    ['a URL', encodeURIComponent(value)],
    ['a URL in lower case', encodeURIComponent(value).replace(/%../g, (byte) => byte.toLowerCase())],
    ['a form', encodeURIComponent(value).replaceAll('%20', '+')],
    ['base64', Buffer.from(value).toString('base64')],
    ['base64url', Buffer.from(value).toString('base64url')],
  ])('is found as %s', (_as, text) => {
    expect(redact(`<${text}>`)).toBe('<$P>');
  });
});

describe('redactDeep', () => {
  it('leaves no canary in any text or name of a tag, however many there are', () => {
    const canary = fc.stringMatching(/^[a-z]{3}-[0-9a-z"\\%+]{6,20}$/);
    fc.assert(
      fc.property(fc.uniqueArray(canary, { minLength: 1, maxLength: 5 }), fc.string(), (canaries, around) => {
        const redact = createRedactor(canaries.map((value, index) => ({ value, placeholder: `$C${index}` })));
        const texts = canaries.flatMap((value) => [`${around}${value}`, value, `${value}${around}`]);
        const tags = Object.fromEntries(texts.map((text) => [text, text]));
        const trace = { texts, spans: [{ tags, id: texts[0], kind: texts[1] }] };
        const out = redactDeep({ type: texts[2], trace }, redact, ownWordsOf(Object.values(RECORDS)));
        const written: string[] = [];
        JSON.stringify(out, (key, item: unknown) => {
          written.push(key, ...(typeof item === 'string' ? [item] : []));
          return item;
        });
        for (const value of canaries) expect(written.some((text) => text.includes(value))).toBe(false);
      }),
    );
  });

  const own = ownWordsOf(Object.values(RECORDS));

  it('leaves the words and ids of the file format in their places', () => {
    const redact = createRedactor(['server', 'exchange', '000000'].map((value) => ({ value, placeholder: '$P' })));
    const record = { type: 'trace', trace: { spans: [{ kind: 'server', id: '0000000000000001' }] } };
    expect(redactDeep(record, redact, own)).toEqual(record);
    expect(redactDeep({ type: 'exchange' }, redact, own)).toEqual({ type: 'exchange' });
    const foreign = { spans: [{ service: 'server', operation: 'exchange', kind: 'exchange' }], probe: '0000000' };
    expect(redactDeep({ type: 'trace', trace: foreign }, redact, own)).toEqual({
      type: 'trace',
      trace: { spans: [{ service: '$P', operation: '$P', kind: '$P' }], probe: '$P0' },
    });
    const tags = { kind: 'server', id: '0000000000000001' };
    expect(redactDeep({ trace: { spans: [{ tags }] } }, redact, own)).toEqual({
      trace: { spans: [{ tags: { kind: '$P', id: '$P$P0001' } }] },
    });
  });

  it('replaces the names in maps, and leaves those of fields', () => {
    const redact = createRedactor([{ value: 'shares', placeholder: '$P' }]);
    const expectations = { shares: { value: { shares: 1 }, source: 'flag', from: '--shares' } };
    expect(redactDeep({ head: { expectations } }, redact, own)).toEqual({
      head: { expectations: { shares: { value: { $P: 1 }, source: 'flag', from: '--$P' } } },
    });
  });

  it('replaces an id that is itself the secret', () => {
    const redact = createRedactor([{ value: '0123456789abcdef', placeholder: '$P' }]);
    const span = { id: '0123456789abcdef' };
    expect(redactDeep({ trace: { spans: [span] } }, redact, own)).toEqual({ trace: { spans: [{ id: '$P' }] } });
  });

  it('keeps a new word as soon as the schema has it, however the schema wraps it', () => {
    const weather = z.enum(['sunshine', 'thunder']);
    const schema = open({
      sky: weather,
      forecast: z.array(weather.nullable()).readonly().exactOptional(),
      wind: z.union([open({ from: growing(['northwest']) }), z.literal('becalmed')]),
      byPlace: z.record(z.string(), open({ sky: weather.default('sunshine') })),
      pair: z.tuple([weather, z.string()]),
      note: z.string(),
    });
    const secrets = ['sunshine', 'thunder', 'northwest', 'becalmed'];
    const redact = createRedactor(secrets.map((value) => ({ value, placeholder: '$P' })));
    const kept = {
      sky: 'sunshine',
      forecast: ['thunder', null],
      wind: { from: 'northwest' },
      byPlace: { here: { sky: 'thunder' } },
      pair: ['sunshine', 'x'],
    };
    const words = ownWordsOf([schema]);
    const id = '0123456789abcdef';
    const described = ownWordsOf([open({ id: spanIdSchema.describe('An id.') })]);
    expect(redactDeep({ id }, createRedactor([{ value: '456789', placeholder: '$P' }]), described)).toEqual({ id });
    expect(redactDeep(kept, redact, words)).toEqual(kept);
    expect(redactDeep({ ...kept, wind: 'becalmed' }, redact, words)).toEqual({ ...kept, wind: 'becalmed' });
    expect(redactDeep({ sky: 'northwest', note: 'sunshine', byPlace: { sunshine: {} } }, redact, words)).toEqual({
      sky: '$P',
      note: '$P',
      byPlace: { $P: {} },
    });
    expect(redactDeep(kept, redact, ownWordsOf([open({ note: z.string() })]))).not.toEqual(kept);
  });
});
