import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';
import { resolveSettings } from './resolve.ts';
import { secretsOf } from './server.ts';
import { printable } from './shown.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIBcanary\n-----END CERTIFICATE-----\n';
const base = { ingress: 'http://127.0.0.1:8080', jaeger: 'http://127.0.0.1:16686' };
const resolve = (flags: object) => resolveSettings({ flags: { ...base, ...flags }, env: {}, readFile: () => PEM });
const valuesOf = (flags: object) => secretsOf(resolve(flags)).map(({ value }) => value);

describe('userinfo in a URL that is not valid', () => {
  it.each([
    ['ftp://me:canary@h/', 'ftp://…@h/'],
    ['ftp://me:pa@canary@h/', 'ftp://…@h/'],
    ['ftp://me:can ary@h/', 'ftp://…@h/'],
    ['http://me:p/canary@h/', 'http://…@h/'],
    ['http://me:p?canary@h/', 'http://…@h/'],
    ['http://me:p#canary@h/', 'http://…@h/'],
    ['me:canary@h:8080', '…@h:8080'],
    ['me:canary//x@h:8080', '…@h:8080'],
    ['http://me:/canary@h', 'http://…@h'],
    ['http://me:80/canary@h', 'http://…@h'],
  ])('does not appear in the message about %j', (ingress, shown) => {
    expect(() => resolve({ ingress })).toThrow(ConfigError);
    expect(() => resolve({ ingress })).toThrow(JSON.stringify(shown));
  });

  it('brings a hint, which other URLs do not get', () => {
    expect(() => resolve({ ingress: 'http://me:p/w@h' })).toThrow('fragment, with / ? # @ and spaces as %2F');
    expect(() => resolve({ ingress: 'ftp://h' })).toThrow(
      'an http or https URL without path, query and fragment, e.g.',
    );
    expect(resolve({ jaeger: 'http://h/a%40b' }).traceBackend.url.pathname).toBe('/a%40b');
  });

  it('appears nowhere, whatever the password', () => {
    const password = fc.tuple(fc.string(), fc.string()).map(([before, after]) => `${before}canary${after}`);
    fc.assert(
      fc.property(password, fc.constantFrom('ftp://', 'http://', 'http:/', '//', ''), (secret, start) => {
        expect(printable(`${start}me:${secret}@h`)).not.toContain('canary');
        expect(printable({ url: `${start}me:${secret}@h` })).not.toContain('canary');
        try {
          const settings = resolve({ ingress: `${start}me:${secret}@h` });
          expect(JSON.stringify([settings.configuration, settings.ingress.url])).not.toContain('canary');
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error;
          expect(error.message).not.toContain('canary');
        }
      }),
    );
  });
});

describe('authentication by userinfo', () => {
  it.each([
    { what: 'a % that begins no escape', ingress: 'http://me:100%25%@h/', pair: 'me:100%25%' },
    { what: 'a password alone', ingress: 'http://:s3cret@h/', pair: ':s3cret' },
    { what: 'a user alone', ingress: 'http://token@h/', pair: 'token:' },
    { what: 'letters beyond ASCII', ingress: 'http://me:p%C3%A4ss@h/', pair: 'me:päss' },
  ])('works with $what', ({ ingress, pair }) => {
    const settings = resolve({ ingress });
    expect(settings.ingress.headers).toEqual([['authorization', `Basic ${Buffer.from(pair).toString('base64')}`]]);
    expect(settings.ingress.url.href).toBe('http://h/');
  });
});

describe('secretsOf', () => {
  it('has the header, the credentials, the pair and the password of basic authentication', () => {
    const credentials = Buffer.from('ci:s3cret').toString('base64');
    expect(valuesOf({ jaegerUser: 'ci', jaegerPassword: 's3cret' })).toEqual([
      `Basic ${credentials}`,
      credentials,
      'ci:s3cret',
      's3cret',
    ]);
  });

  it('has the header and the token of a bearer, and a header of any other kind', () => {
    expect(valuesOf({ jaegerToken: 't0ken' })).toEqual(['Bearer t0ken', 't0ken']);
    expect(valuesOf({ ingressHeader: ['X-Key: k3y-k3y'] })).toEqual(['k3y-k3y']);
  });

  it('has the text of a CA', () => expect(valuesOf({ jaegerCa: 'ca.pem' })).toEqual([PEM]));

  it('leaves out values that are too short to be secrets, above all an empty password', () => {
    const values = valuesOf({ jaegerUser: 'ci', ingressHeader: ['X-Org: 1', 'X-None:'] });
    expect(values.filter((value) => value.length < 4)).toEqual([]);
  });
});

describe('settings', () => {
  it('cannot be changed at any depth', () => {
    const settings = resolve({ ingressHeader: ['X-Key: k3y'], shares: 'orders=v1:1' });
    const parts = [settings, settings.ingress, settings.ingress.headers, settings.ingress.headers[0], settings.format];
    for (const part of [...parts, settings.shares!.value.weights, settings.configuration, settings.configuration[0]])
      expect(Object.isFrozen(part)).toBe(true);
  });

  it('takes ten headers in the order of their numbers', () => {
    const env = Object.fromEntries([10, 2, 1].map((n) => [`HOPCHECK_TRACES_HEADER_${n}`, `X-${n}: v`]));
    const { traceBackend } = resolveSettings({
      flags: base,
      env: { ...env, HOPCHECK_TRACES_HEADER: 'X-0: v' },
      readFile: () => PEM,
    });
    expect(traceBackend.headers.map(([name]) => name)).toEqual(['x-0', 'x-1', 'x-2', 'x-10']);
  });

  it.each(['jaegerToken', 'jaegerPassword', 'jaegerHeader', 'ingressHeader'])(
    'keep a %s that is not valid out of the message',
    (key) => {
      const flags = { jaegerUser: 'ci', [key]: 'canary \u0001 canary' };
      let message = '';
      try {
        message = JSON.stringify(resolve(flags).configuration);
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message).not.toContain('canary');
    },
  );
});
