import type { z } from 'zod';
import { ConfigError, type ConfigProblem } from '../config/config-error.ts';
import { printable } from '../config/shown.ts';
import { type Fitting, misfitsOf } from './check.ts';
import { unsetVariables } from './compile.ts';
import { type Definition, definitionSchema } from './schema.ts';

/** Where a definition is from. */
export interface DefinitionSource {
  /** `shop.yaml`, or `hopcheck.config.yaml, "application"`. */
  readonly from: string;
  /** The line of a place in it; absent where it has none, as in TypeScript. */
  readonly lineOf?: (path: readonly PropertyKey[]) => number | undefined;
}

/** What to write, by the last key of the place that is wrong. */
const EXAMPLES: Readonly<Record<string, string>> = {
  version: 'version: 1',
  name: 'name: store',
  gateway: 'gateway: istio-ingressgateway',
  entry: 'entry: front',
  requests: 'requests: { home: { get: /api/home } }',
  calls: 'calls: { front: [stock, { to: orders, attempts: 2 }] }',
  versions: 'versions: { orders: { v1: 90, v2: 10 } }',
  services: 'services: { orders: { match: { workload: orders-deployment } } }',
  timeout: 'timeout: 15s',
  get: 'get: /api/home',
  post: 'post: /api/orders, idempotent: true',
  headers: 'headers: { accept: application/json }',
  reaches: 'reaches: [front, stock]',
  answer: 'answer: { whole: $.items }',
  whole: 'whole: $.items',
  at: 'at: $.orders.version',
  matches: String.raw`matches: 'served by (orders-v\d+)'`,
  errors: 'errors: [{ contains: "orders is unavailable", service: orders }]',
  when: 'when: [v2]',
  until: 'optional: true, until: 2027-03-01',
  to: 'to: orders',
  traced: '{ to: cache, traced: false }',
  external: '{ to: rates.example.com, external: true }',
};

/**
 * Checks a definition.
 * @throws ConfigError naming every problem at once, each with its line
 */
export function readDefinition(
  values: unknown,
  source: DefinitionSource,
  env: Readonly<Record<string, string | undefined>>,
): Definition {
  const result = definitionSchema.safeParse(values);
  const wrong = result.success ? [] : flatIssues(result.error.issues, values);
  const fitting = result.success ? result.data : fittingParts(values, wrong);
  const misfits = [
    ...wrong.map(({ path, message }) => ({ path, expected: message })),
    ...misfitsOf(fitting),
    ...(fitting.requests === undefined
      ? []
      : unsetVariables({ requests: fitting.requests }, env).map(({ path, names }) => ({
          path,
          expected: `${names.map((name) => `the variable ${name}`).join(' and ')} to be set`,
        }))),
  ];
  if (result.success && misfits.length === 0) return result.data;
  const lineOf = ({ path }: { readonly path: readonly PropertyKey[] }) => source.lineOf?.(path) ?? 0;
  const inOrder = misfits.toSorted((a, b) => lineOf(a) - lineOf(b));
  throw new ConfigError(inOrder.map((misfit) => problemOf(misfit, values, source)));
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Of the branches of a union that one which the value was meant for: its kind fits. */
function flatIssues(issues: readonly z.core.$ZodIssue[], values: unknown, above: readonly PropertyKey[] = []): Issue[] {
  return issues.flatMap((issue): Issue[] => {
    const path = [...above, ...issue.path];
    if (issue.code === 'invalid_union') {
      const meant = issue.errors.find((branch) => branch.every((one) => one.path.length > 0 || !isOfKind(one)));
      const fallback = issue.errors.toSorted((a, b) => b.length - a.length)[0];
      return flatIssues(meant ?? fallback ?? [], values, path);
    }
    // One place each, so that each misspelt key has its line.
    if (issue.code === 'unrecognized_keys') {
      const hints = issue.message.split('; ');
      return issue.keys.map((key, index) => ({ path: [...path, key], message: hints[index] ?? issue.message }));
    }
    if (issue.code === 'invalid_key') return [{ path, message: issue.issues[0]?.message ?? issue.message }];
    return [
      { path, message: valueAt(values, path) === undefined ? `${issue.message}, which is missing` : issue.message },
    ];
  });
}

function isOfKind({ code }: z.core.$ZodIssue): boolean {
  return code === 'invalid_type';
}

/** The sections without a problem. */
function fittingParts(values: unknown, wrong: readonly Issue[]): Fitting {
  if (typeof values !== 'object' || values === null) return {};
  const broken = new Set(wrong.flatMap(({ path }) => path[0] ?? []));
  const fitting: Partial<Definition> = Object.fromEntries(
    Object.entries(definitionSchema.shape).flatMap(([key, schema]) => {
      const value: unknown = Object.hasOwn(values, key) ? values[key as keyof typeof values] : undefined;
      if (broken.has(key) || value === undefined) return [];
      const result = schema.safeParse(value);
      return result.success ? [[key, result.data] as const] : [];
    }),
  );
  return { ...fitting, lacks: broken };
}

function problemOf(
  { path, expected }: { readonly path: readonly PropertyKey[]; readonly expected: string },
  values: unknown,
  { from, lineOf }: DefinitionSource,
): ConfigProblem {
  const line = lineOf?.(path);
  const value = valueAt(values, path);
  const isSecret = path.includes('headers') || path.includes('json') || path.includes('body');
  const shown = value === undefined || typeof value === 'object' || isSecret ? undefined : printable(value);
  return {
    option: path.length === 0 ? 'the application' : placeInWords(path),
    ...(shown !== undefined && { value: shown }),
    source: line === undefined ? from : `${from} line ${line}`,
    expected,
    example: exampleOf(path, expected, shown),
  };
}

/** Of a misspelt key the right one with its own value. */
function exampleOf(path: readonly PropertyKey[], expected: string, value: string | undefined): string {
  const meant = /^"(\w+)"$/.exec(expected)?.[1];
  if (meant !== undefined && value !== undefined) return `${meant}: ${value}`;
  const key = [...path, meant].findLast((one) => typeof one === 'string' && Object.hasOwn(EXAMPLES, one));
  return EXAMPLES[String(key ?? 'calls')] ?? 'version: 1';
}

/** `calls.shop[2].to` */
function placeInWords(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (words, key) => (typeof key === 'number' ? `${words}[${key}]` : `${words}${words === '' ? '' : '.'}${String(key)}`),
    '',
  );
}

function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? value[key as keyof typeof value]
        : undefined,
    values,
  );
}
