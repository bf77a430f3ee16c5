import { describe, expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';
import type { ConfigInput } from './config-input.ts';
import { keyOf, namesOf, OPTION_NAMES, variableOf } from './options.ts';
import { resolveSettings } from './resolve.ts';
import { secretsOf } from './server.ts';

const ingress = 'http://127.0.0.1:8080';
const url = 'http://127.0.0.1:16686';
const resolve = (given: Partial<ConfigInput>) =>
  resolveSettings({ readFile: () => '', ...given, flags: { ingress, ...given.flags }, env: given.env ?? {} });
const file = (values: object) => ({ path: 'hopcheck.config.json', text: JSON.stringify(values) });
function messageOf(given: Partial<ConfigInput>): string {
  try {
    resolve(given);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'no error';
}

describe('the options of the trace backend', () => {
  const renamed = OPTION_NAMES.filter((name) => namesOf(name).length > 1);

  it('have their earlier names, of which none is the name of another option', () => {
    expect(renamed.map((name) => namesOf(name).join(' '))).toEqual([
      'traces jaeger',
      ...['header', 'user', 'password', 'token', 'ca', 'insecure'].map((part) => `traces-${part} jaeger-${part}`),
      'kube-traces-secret kube-jaeger-secret',
    ]);
    const all = OPTION_NAMES.flatMap(namesOf);
    expect({ keys: new Set(all.map(keyOf)).size, variables: new Set(all.map(variableOf)).size }).toEqual({
      keys: all.length,
      variables: all.length,
    });
  });

  it.each([
    ['flag', { flags: { jaeger: url } }],
    ['variable', { env: { HOPCHECK_JAEGER: url } }],
    ['key in the file', { file: file({ jaeger: url }) }],
  ] as const)('are accepted under their earlier name as a %s, and are kept under the new one', (_what, given) => {
    const { traceBackend, configuration } = resolve(given);
    expect(traceBackend.url.origin).toBe(url);
    expect(configuration.find(({ name }) => name === 'traces')?.from).toMatch(/jaeger/i);
  });

  it.each([
    ['flags', { flags: { traces: url, jaeger: url } }],
    ['variables', { env: { HOPCHECK_TRACES: url, HOPCHECK_JAEGER: url } }],
    ['keys', { file: file({ traces: url, jaeger: url }) }],
    ['a switch', { flags: { traces: url, jaegerInsecure: true, tracesInsecure: 'true' } }],
  ] as const)('may be given twice with the same value: %s', (_what, given) => {
    expect(messageOf(given)).toBe('no error');
  });

  it.each([
    { what: 'flags', given: { flags: { traces: url, jaeger: 'http://b' } }, where: 'flag --traces and --jaeger' },
    {
      what: 'variables',
      given: { env: { HOPCHECK_TRACES: url, HOPCHECK_JAEGER: 'http://b' } },
      where: 'environment HOPCHECK_TRACES and HOPCHECK_JAEGER',
    },
    {
      what: 'keys',
      given: { file: file({ traces: url, jaeger: 'http://b' }) },
      where: '"traces" and hopcheck.config.json, "jaeger"',
    },
  ] as const)(
    'are refused with two values, and the message says what, where and what was expected: $what',
    ({ given, where }) => {
      const message = messageOf(given);
      expect(message).toContain('--traces');
      expect(message).toContain('http://127.0.0.1:16686 and http://b');
      expect(message).toContain(where);
      expect(message).toContain('one value: traces and jaeger are two names of one option, e.g. --traces http');
    },
  );

  it('refuses two headers or tokens without showing them', () => {
    const message = messageOf({ flags: { traces: url, tracesToken: 'canary-one', jaegerToken: 'canary-two' } });
    expect(message).toContain('traces-token and jaeger-token are two names');
    expect(message).not.toContain('canary');
  });

  it('go by the order of the sources, whichever name each of them uses', () => {
    const all = {
      flags: { jaeger: 'http://a' },
      env: { HOPCHECK_TRACES: 'http://b' },
      file: file({ jaeger: 'http://c' }),
    };
    expect(resolve(all).traceBackend.url.host).toBe('a');
    expect(resolve({ ...all, flags: {} }).traceBackend.url.host).toBe('b');
  });

  it.each(['HOPCHECK_TRACES_TOKEN', 'HOPCHECK_JAEGER_TOKEN'])(
    'keep a secret in %s out of everything that is shown',
    (name) => {
      const settings = resolve({ flags: { traces: url }, env: { [name]: 'canary-token' } });
      expect(settings.traceBackend.headers).toEqual([['authorization', 'Bearer canary-token']]);
      expect(secretsOf(settings).map(({ value }) => value)).toContain('canary-token');
      expect(JSON.stringify(settings.configuration)).not.toContain('canary');
    },
  );

  it('are suggested for a misspelt name, old or new', () => {
    expect(messageOf({ file: file({ tracse: url }) })).toContain('"traces"');
    expect(messageOf({ file: file({ jaegr: url }) })).toContain('"jaeger"');
  });
});
