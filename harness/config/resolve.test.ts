import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTEXT_FORMATS } from '../model/exchange.ts';
import { AUTO_RATE } from '../model/limits.ts';
import { orList } from '../model/or-list.ts';
import { ConfigError } from './config-error.ts';
import type { ConfigInput } from './config-input.ts';
import { OPTION_NAMES, OPTIONS } from './options.ts';
import { resolveSettings } from './resolve.ts';
import { secretsOf } from './server.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIBcanary\n-----END CERTIFICATE-----\n';
const base = { ingress: 'http://127.0.0.1:8080', jaeger: 'http://127.0.0.1:16686' };
function resolve(given: Partial<ConfigInput> & { json?: object } = {}) {
  const file = given.json && { path: 'hopcheck.config.json', text: JSON.stringify(given.json) };
  return resolveSettings({ flags: base, env: {}, readFile: () => PEM, ...(file && { file }), ...given });
}
function messageOf(given: Parameters<typeof resolve>[0]): string {
  try {
    resolve(given);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).exitCode).toBe(64);
    return (error as ConfigError).message;
  }
  throw new Error('nothing was wrong');
}

describe('resolveSettings', () => {
  it('takes flag before environment before file before default, and records the source', () => {
    const env = { HOPCHECK_RATE: '3', HOPCHECK_PROBES: '30' };
    const json = { rate: 4, probes: 40, concurrency: 4 };
    const settings = resolve({ flags: { ...base, rate: '2' }, env, json });
    expect(settings).toMatchObject({ rate: 2, probes: 30, concurrency: 4, timeoutMs: 10_000 });
    const sources = Object.fromEntries(
      settings.configuration.map(({ name, source, from }) => [name, `${source} ${from}`]),
    );
    expect(sources).toMatchObject({
      rate: 'flag --rate',
      probes: 'environment HOPCHECK_PROBES',
      concurrency: 'file hopcheck.config.json, "concurrency"',
      timeout: 'default default',
    });
  });

  it('takes the lowest rate of auto for the start, and notes that it adapts', () => {
    expect(resolve({ flags: { ...base, rate: 'auto' } })).toMatchObject({ rate: AUTO_RATE.from, adaptsRate: true });
    expect(resolve({ json: { rate: 30 } }).adaptsRate).toBeUndefined();
  });

  it('has the defaults that the design states', () => {
    expect(resolve()).toMatchObject({
      probes: 60,
      rate: 20,
      concurrency: 8,
      timeoutMs: 10_000,
      settleTimeoutMs: 60_000,
      flushMs: { value: 5000, source: 'default' },
      format: { value: 'auto' },
      gatewayProfile: { value: 'auto' },
      maxBodyBytes: 32 * 1024 * 1024,
    });
  });

  it('reads shares, sampling, profile, services and switches', () => {
    const json = { services: { 'reviews-svc.prod': 'reviews' }, ingressInsecure: true, gatewayProfile: 2 };
    const flags = { ...base, shares: 'reviews=v1:80,v2:20', sampling: '100', host: 'shop.example' };
    expect(resolve({ flags, json })).toMatchObject({
      shares: { value: { service: 'reviews', weights: { v1: 80, v2: 20 } }, source: 'flag' },
      sampling: { value: 100 },
      services: { value: { 'reviews-svc.prod': 'reviews' }, source: 'file' },
      gatewayProfile: { value: 2 },
      ingress: { insecure: true, host: 'shop.example' },
    });
  });

  it.each([
    {
      what: 'ingress',
      flags: { ingress: 'ftp://x' },
      message: '--ingress "ftp://x" (from flag --ingress): expected an http or https URL',
    },
    { what: 'ingress query', flags: { ingress: 'http://x/?a=1' }, message: '--ingress "http://x/?a=1"' },
    {
      what: 'rate',
      flags: { rate: 'fast' },
      message: '--rate "fast" (from flag --rate): expected auto or a number from 0.1 to 1000, e.g. --rate 20',
    },
    { what: 'probes', flags: { probes: '0' }, message: '--probes "0"' },
    { what: 'timeout without unit', flags: { timeout: '10' }, message: '--timeout "10"' },
    { what: 'format', flags: { format: 'b4' }, message: `expected ${orList(['auto', ...CONTEXT_FORMATS])}` },
    { what: 'shares', flags: { shares: 'v1:1' }, message: 'expected <service>=<version>:<weight>,…' },
    { what: 'shares of nothing', flags: { shares: 'reviews=v1:0' }, message: '--shares "reviews=v1:0"' },
    { what: 'sampling', flags: { sampling: '101' }, message: 'expected a number from 0 to 100' },
    { what: 'max body', flags: { maxBody: '32XB' }, message: 'expected a size up to 1GiB' },
    { what: 'password alone', flags: { jaegerPassword: 'p4ssw0rd' }, message: 'a user name beside the password' },
    {
      what: 'header',
      flags: { ingressHeader: ['no colon'] },
      message: '--ingress-header (from flag --ingress-header): expected Name: value',
    },
  ])('reports a value that is not valid: $what', ({ flags, message }) => {
    expect(messageOf({ flags: { ...base, ...flags } })).toContain(message);
  });

  it('reports all problems at once, one per line', () => {
    const lines = messageOf({ flags: { rate: 'x' } }).split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe(
      '--ingress: expected a value, or --kube to find it in a cluster, e.g. --ingress http://127.0.0.1:8080',
    );
  });

  it('reports a misspelt name', () => {
    expect(messageOf({ json: { prbes: 3 } })).toContain(
      '"prbes" (from file hopcheck.config.json): expected "probes", e.g. {"probes": 3}',
    );
    expect(messageOf({ env: { HOPCHECK_PROBE: '3' } })).toContain(
      'HOPCHECK_PROBE (from environment): expected HOPCHECK_PROBES',
    );
    expect(() => resolve({ env: { HOPCHECK_CACHE: '/tmp' } })).not.toThrow();
  });

  it('names the place where a file is not JSON', () => {
    const file = { path: 'hopcheck.config.json', text: '{"rate": }' };
    expect(messageOf({ file })).toContain(
      '--config "hopcheck.config.json": expected JSON (it breaks at line 1 column 10)',
    );
    const secret = '{\n"jaegerToken": "canary-canary" "rate": 3}';
    expect(messageOf({ file: { ...file, text: secret } })).toContain('line 2 column 32)');
    expect(messageOf({ file: { ...file, text: secret } })).not.toContain('canary');
    expect(messageOf({ file: { ...file, text: '[]' } })).toContain('expected a JSON object of options');
  });

  it('names a CA file that cannot be read, or that is not a certificate', () => {
    expect(messageOf({ flags: { ...base, jaegerCa: 'x.pem' }, readFile: () => 'hello' })).toContain(
      '--traces-ca "x.pem"',
    );
    const missing = () => {
      throw new Error('ENOENT');
    };
    expect(messageOf({ flags: { ...base, ingressCa: 'y.pem' }, readFile: missing })).toContain(
      'expected a readable PEM file',
    );
  });

  it('makes basic and bearer authentication, from options or userinfo', () => {
    const userinfo = resolve({ flags: { ingress: 'http://me:s%20ecret@h/', jaeger: 'http://j' } });
    expect(userinfo.ingress.url.href).toBe('http://h/');
    expect(userinfo.ingress.headers).toEqual([['authorization', `Basic ${btoa('me:s ecret')}`]]);
    expect(userinfo.ingress.placeholders).toEqual(['$INGRESS_AUTHORIZATION']);
    const token = resolve({ env: { HOPCHECK_TRACES_TOKEN: 't0ken-t0ken' } });
    expect(token.traceBackend.headers).toEqual([['authorization', 'Bearer t0ken-t0ken']]);
  });

  it('takes several headers from flags or numbered variables', () => {
    const env = { HOPCHECK_TRACES_HEADER_1: 'X-A: 1', HOPCHECK_TRACES_HEADER_2: 'X-B: 2' };
    expect(resolve({ env }).traceBackend.headers).toEqual([
      ['x-a', '1'],
      ['x-b', '2'],
    ]);
  });

  it('shows no secret in its configuration or in any message, whatever the secret', () => {
    const secret = fc
      .string({ unit: fc.constantFrom(...'abcdefXYZ0123456789-_'), minLength: 8, maxLength: 20 })
      .map((text) => `canary${text}`);
    fc.assert(
      fc.property(secret, fc.boolean(), (value, wrong) => {
        const flags = {
          ingress: `http://me:${value}@127.0.0.1:8080`,
          jaeger: base.jaeger,
          ingressHeader: [`X-Key: ${value}`],
          jaegerToken: value,
          ...(wrong && { rate: 'x', ingress: `ftp://me:${value}@h` }),
        };
        try {
          const settings = resolve({ flags });
          expect(JSON.stringify(settings.configuration)).not.toContain(value);
          expect(settings.ingress.url.href).not.toContain(value);
          expect(secretsOf(settings).some((found) => found.value === value)).toBe(true);
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error;
          expect(error.message).not.toContain(value);
        }
      }),
    );
  });
});

it('gives each option an example that it accepts', () => {
  for (const name of OPTION_NAMES) {
    const { example } = OPTIONS[name];
    const [, text] = /^--[a-z-]+ '?([^']+)'?$/.exec(example) ?? [];
    if (text === undefined) continue;
    expect(OPTIONS[name].schema.safeParse(text).success, example).toBe(true);
  }
});
