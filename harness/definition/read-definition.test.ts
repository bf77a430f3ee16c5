import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LineCounter, parseDocument } from 'yaml';
import { BOOKINFO } from '../applications/bookinfo.ts';
import { ConfigError } from '../config/config-error.ts';
import { lineFinder } from '../config/yaml-lines.ts';
import { compileApplication } from './compile.ts';
import { readDefinition } from './read-definition.ts';

const GOOD = `version: 1
name: store
requests:
  home: { get: /, answer: { whole: $.items } }
calls:
  front: [stock, { to: orders, attempts: 2 }]
  orders: [{ to: ledger, when: v2 }]
versions: { orders: [v1, v2] }
`;

/** The lines of the message, as a person reads them. */
function problemsOf(yaml: string, env: Record<string, string> = {}): readonly string[] {
  const lines = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: lines });
  try {
    readDefinition(document.toJS(), { from: 'store.yaml', lineOf: lineFinder(document, lines) }, env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n').map((line) => line.replace(/, e\.g\. .*$/, ''));
  }
}

it('takes a definition of only the required keys', () => {
  expect(problemsOf(GOOD)).toEqual([]);
});

it('takes the definition of the reference application', () => {
  expect(readDefinition(BOOKINFO, { from: 'code' }, {})).toEqual(BOOKINFO);
});

it('reports every problem at once, each with its line', () => {
  expect(
    problemsOf(`version: 2
name: store
gatway: edge
requests:
  home:
    get: home
    answer: { whole: '$.items[', versions: [{ of: ordres, at: $.v }] }
  buy: { post: /orders, json: { sku: 1 } }
calls:
  front: [stock, { to: orders, attemps: 2 }]
  orders: [{ to: rates.example.com }]
versions: { orders: { v1: 90, v2: -1 } }
timeout: 15
`),
  ).toMatchInlineSnapshot(`
    [
      "version "2" (from store.yaml line 1): expected 1, the version of this format",
      "gatway "edge" (from store.yaml line 3): expected "gateway"",
      "requests.home.get "home" (from store.yaml line 6): expected a path that begins with /",
      "requests.home.answer.whole "$.items[" (from store.yaml line 7): expected a JSON path (RFC 9535): unclosed bracketed selection ('$.items[':8)",
      "requests.buy.post "/orders" (from store.yaml line 8): expected idempotent: true beside it, because it is sent many times; only get is sent without it",
      "calls.front[1].attemps "2" (from store.yaml line 10): expected "attempts"",
      "calls.orders[0].to "rates.example.com" (from store.yaml line 11): expected a short name of a service, or external: true beside it",
      "versions.orders.v2 "-1" (from store.yaml line 12): expected a weight of 0 or more",
      "timeout "15" (from store.yaml line 13): expected a time with its unit, such as 15s",
    ]
  `);
});

it.each([
  ['a version that the caller does not have', ['when: v2', 'when: v3'], 'line 7'],
  ['a service of versions that calls do not have', ['{ orders: [', '{ ordres: ['], 'line 8'],
  ['a caller that nothing calls', ['  orders: [{', '  ordes: [{'], 'line 7'],
  ['a callee that is there twice', ['[stock,', '[stock, stock,'], 'line 6'],
])('refuses %s', (_title, [from = '', to = ''], line) => {
  const problems = problemsOf(GOOD.replace(from, to));
  expect(problems.some((problem) => problem.includes(`store.yaml ${line}`))).toBe(true);
});

it('refuses a request that is sent many times without the word that this does no harm', () => {
  expect(problemsOf(GOOD.replace('{ get: /,', '{ post: /,')).join()).toContain('idempotent: true');
  expect(problemsOf(GOOD.replace('{ get: /,', '{ post: /, idempotent: true,'))).toEqual([]);
});

it('asks for the entry where it could be one of several', () => {
  expect(problemsOf(GOOD.replace('calls:', 'calls:\n  other: [stock]')).join()).toContain('other, front');
});

it('puts variables into headers and bodies, and asks for those that are not set', () => {
  const yaml = GOOD.replace(
    '{ get: /,',
    `{ post: /, idempotent: true, headers: { x-key: '\${KEY}' }, json: { a: '\${B}' },`,
  );
  expect(problemsOf(yaml).map((line) => /variable (\w+)/.exec(line)?.[1])).toEqual(['KEY', 'B']);
  const env = { KEY: 'se"cret', B: 'b' };
  const definition = readDefinition(parseDocument(yaml).toJS(), { from: 'store.yaml' }, env);
  const application = compileApplication(definition, { from: 'store.yaml', env });
  expect(application.contents?.get('home')).toMatchObject({
    headers: [
      ['x-key', 'se"cret'],
      ['content-type', 'application/json'],
    ],
    body: '{"a":"b"}',
  });
  expect(JSON.stringify(application.definition)).not.toContain('se"cret'.slice(3));
  expect(application.secrets).toContainEqual({ value: 'se"cret', placeholder: '$KEY' });
});

it('reads whatever it is given, or names what is wrong with it', () => {
  const value = fc.oneof(fc.jsonValue(), fc.anything());
  const part = fc.constantFrom('version', 'name', 'gateway', 'requests', 'calls', 'versions', 'services', 'timeout');
  fc.assert(
    fc.property(part, value, (key, given) => {
      const values = { ...(parseDocument(GOOD).toJS() as object), [key]: given };
      try {
        const definition = readDefinition(values, { from: 'store.yaml' }, {});
        compileApplication(definition, { from: 'store.yaml', env: {} });
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
        expect((error as ConfigError).problems.length).toBeGreaterThan(0);
      }
    }),
    { numRuns: 500 },
  );
});

it('says that a request of gRPC is not supported, and what to write instead', () => {
  expect(problemsOf(GOOD.replace('get: /,', 'grpc: { method: store.Front/Get },'))).toEqual([
    'requests.home.grpc (from store.yaml line 4): expected a method of HTTP, because requests of gRPC are not supported: name an entry that speaks HTTP, and its calls with protocol: grpc',
    'requests.home (from store.yaml line 4): expected one of get, post, put, patch, delete, with the path',
  ]);
});

it('shows the value of a misspelt key under the right one', () => {
  const yaml = GOOD.replace('name: store', 'nam: shop');
  const examples = (() => {
    try {
      readDefinition(parseDocument(yaml).toJS(), { from: 'store.yaml' }, {});
      return [];
    } catch (error) {
      return (error as ConfigError).problems.map(({ option, example }) => `${option} e.g. ${example}`);
    }
  })();
  expect(examples).toContain('nam e.g. name: shop');
});

it('refuses an expression that never ends on its example, and a version that is there twice', () => {
  const yaml = GOOD.replace(
    'whole: $.items',
    () => "whole: [{ matches: '^(a+)+$', example: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab }]",
  ).replace('orders: [v1, v2]', 'orders: [v1, v2, v1]');
  expect(problemsOf(yaml)).toEqual([
    'requests.home.answer.whole[0].example "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab" (from store.yaml line 4): expected a text that `matches` finds within 250 ms',
    // `when: v2` makes no further problem, because which versions there are is not known.
    'versions.orders (from store.yaml line 8): expected each version once',
  ]);
});
