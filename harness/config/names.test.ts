import { describe, expect, it } from 'vitest';
import type { ConfigProblem } from './config-error.ts';
import { didYouMean } from './did-you-mean.ts';
import { checkNames, readConfigFile } from './names.ts';

function problemsWith(given: {
  flags?: object;
  env?: Record<string, string>;
  keys?: Record<string, unknown>;
}): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const file = { path: 'f.json', text: '' };
  checkNames({ flags: { ...given.flags }, env: given.env ?? {}, file }, given.keys ?? {}, problems);
  return problems;
}

describe('checkNames', () => {
  it.each([
    { what: 'flag', given: { flags: { ingres: 'http://h' } }, option: '"ingres"', expected: '"ingress"' },
    { what: 'key', given: { keys: { settleTimout: '1s' } }, option: '"settleTimout"', expected: '"settleTimeout"' },
    { what: 'key with dashes', given: { keys: { 'max-body': '1MB' } }, option: '"max-body"', expected: '"maxBody"' },
    {
      what: 'variable',
      given: { env: { HOPCHECK_INGRES: 'x' } },
      option: 'HOPCHECK_INGRES',
      expected: 'HOPCHECK_INGRESS',
    },
    {
      what: 'numbered variable',
      given: { env: { HOPCHECK_RATE_1: '3' } },
      option: 'HOPCHECK_RATE_1',
      expected: 'HOPCHECK_RATE, which takes one value',
    },
    {
      what: 'variable of a key that only a file may have',
      given: { env: { HOPCHECK_SERVICES: '{}' } },
      option: 'HOPCHECK_SERVICES',
      expected: '"services" in the configuration file instead',
    },
  ])('reports a wrong $what', ({ given, option, expected }) =>
    expect(problemsWith(given)).toMatchObject([{ option, expected }]),
  );

  it.each(['config', 'dry-run', 'no-color', 'out'])('reports %s, which is a flag only', (name) => {
    const expected =
      name === 'no-color' ? 'NO_COLOR instead' : `the flag --${name} instead, because it is meant for a single call`;
    const variable = `HOPCHECK_${name.toUpperCase().replace('-', '_')}`;
    const key = name.replace(/-(.)/, (_, letter: string) => letter.toUpperCase());
    expect(problemsWith({ env: { [variable]: 'x' } })).toMatchObject([{ option: variable, expected }]);
    expect(problemsWith({ keys: { [key]: 'x' } })).toMatchObject([{ option: `"${key}"`, expected }]);
  });

  it('names the nearest few keys when no similar one exists, and once where all are', () => {
    const [problem, second] = problemsWith({ keys: { colour: 'red', flavour: 'sweet' } });
    expect(second!.expected).toMatch(/^an option, such as \w+, \w+ or \w+$/);
    expect(problem!.expected).toMatch(/^an option, such as \w+, \w+ or \w+; hopcheck run --help lists all$/);
  });

  it('reports __proto__ in a file as an unknown key', () => {
    const keys = JSON.parse('{"__proto__": {"rate": 1}}') as Record<string, unknown>;
    expect(problemsWith({ keys })).toMatchObject([{ option: '"__proto__"' }]);
  });

  it('ignores names that are not options of hopcheck', () => {
    const env = {
      HOPCHECK_CACHE: '/c',
      HOPCHECK_CAPTURE: 'c',
      HOPCHECK_CI_RUN: '1',
      HOPCHECK_CI_STARTED: '1',
      HOPCHECK_TEST_PART: '1/3',
      HOPCHECK_TEST_RESULTS: 'r',
      HOPCHEK_RATE: '1',
      PATH: '',
    };
    expect(problemsWith({ env, keys: { $schema: 'x' } })).toEqual([]);
    expect(problemsWith({ env: { HOPCHECK_TRACES_HEADER: 'a: b', HOPCHECK_TRACES_HEADER_12: 'a: b' } })).toEqual([]);
  });

  it('never shows the value of a wrong name', () => {
    const env = { HOPCHECK_JAEGER_TOKN: 'canary-canary' };
    expect(JSON.stringify(problemsWith({ env, keys: { jaegerTokn: 'canary-canary' } }))).not.toContain('canary');
  });
});

describe('readConfigFile', () => {
  it('reads a file with a byte order mark', () => {
    const problems: ConfigProblem[] = [];
    expect(readConfigFile({ path: 'f.json', text: '\uFEFF{"rate": 3}' }, problems)).toEqual({ rate: 3 });
    expect(problems).toEqual([]);
  });

  it.each(['[]', 'null', '3', '"x"'])('refuses %s', (text) => {
    const problems: ConfigProblem[] = [];
    readConfigFile({ path: 'f.json', text }, problems);
    expect(problems).toMatchObject([{ option: '--config', value: 'f.json', expected: 'a JSON object of options' }]);
  });
});

it('finds the nearest word within two edits, in either case', () => {
  expect(didYouMean('RATE', ['probes', 'rate'])).toBe('rate');
  expect(didYouMean('prbs', ['probes', 'rate'])).toBe('probes');
  expect(didYouMean('colour', ['probes', 'rate'])).toBeUndefined();
  expect(didYouMean('x', [])).toBeUndefined();
  // Two neighbours in the wrong order are one slip.
  expect(didYouMean('htlm', ['json', 'html'])).toBe('html');
  expect(didYouMean('rnu', ['run', 'judge'])).toBe('run');
  expect(didYouMean('b4', ['auto', 'b3', 'b3-single', 'w3c'])).toBe('b3');
  expect(didYouMean('yaml', ['html', 'json'])).toBeUndefined();
  for (const word of ['3', 'v9']) expect(didYouMean(word, ['1', '2', 'v1', 'v2'])).toBeUndefined();
});
