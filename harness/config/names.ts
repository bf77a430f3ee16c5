import { extname } from 'node:path';
import { jsonPlace } from '../model/json-place.ts';
import { orList } from '../model/or-list.ts';
import type { ConfigProblem } from './config-error.ts';
import { didYouMean, nearest } from './did-you-mean.ts';
import { FLAGS_ONLY, keyOf, namesOf, OPTION_NAMES, optionDefinition, variableOf } from './options.ts';

export interface ConfigFile {
  readonly path: string;
  /** JSON. */
  readonly text?: string;
  /** What another format than JSON came to. */
  readonly values?: unknown;
  /** The line of a place in it; absent where it has none, as in TypeScript. */
  readonly lineOf?: (path: readonly PropertyKey[]) => number | undefined;
}

/** The options of the file; anything but an object is a problem. */
export function readConfigFile(
  file: ConfigFile | undefined,
  problems: ConfigProblem[],
): Readonly<Record<string, unknown>> {
  if (file === undefined) return {};
  const wrong = (expected: string) => {
    problems.push({
      option: '--config',
      value: file.path,
      expected,
      example: fileExample(file.path),
    });
    return {};
  };
  const asObject = (value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : wrong(`${file.text === undefined ? 'an' : 'a JSON'} object of options`);
  if (file.text === undefined) return asObject(file.values);
  // Editors on Windows put a byte order mark first; it does not belong to the JSON (RFC 8259 §8.1).
  const text = file.text.replace(/^\uFEFF/, '');
  try {
    return asObject(JSON.parse(text));
  } catch (error) {
    return wrong(`JSON (it breaks at ${jsonPlace(text, error)})`);
  }
}

interface Names {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly file?: ConfigFile;
}

/** A misspelt name must not be passed over: the run would be another than was meant. */
export function checkNames(
  { flags, env, file }: Names,
  keys: Readonly<Record<string, unknown>>,
  problems: ConfigProblem[],
): void {
  const known = OPTION_NAMES.map(keyOf);
  const aliases = OPTION_NAMES.flatMap((name) => namesOf(name).slice(1)).map(keyOf);
  let isListed = false;
  const unknown = (key: string, source: string, example: (near?: string) => string) => {
    if (known.includes(key) || aliases.includes(key)) return;
    const flag = Object.keys(FLAGS_ONLY).find((name) => keyOf(name) === key);
    if (flag !== undefined) {
      problems.push({ option: `"${key}"`, source, ...flagOnly(flag) });
      return;
    }
    const near = didYouMean(key, [...known, ...aliases]);
    // The place of the whole list is named once, however many names are unknown.
    const all = isListed ? '' : '; hopcheck run --help lists all';
    const few = () => `an option, such as ${orList(nearest(key, known))}${all}`;
    const expected = near === undefined ? few() : `"${near}"`;
    isListed ||= near === undefined;
    problems.push({ option: `"${key}"`, source, expected, example: example(near) });
  };
  for (const key of Object.keys(flags)) unknown(key, 'flag', () => '{ ingress: "http://127.0.0.1:8080" }');
  for (const [key, value] of Object.entries(keys))
    if (key !== '$schema')
      // Anything but a number may be a secret.
      unknown(key, `file ${file?.path}`, (near) =>
        near !== undefined && (typeof value === 'number' || typeof value === 'boolean')
          ? fileExample(file?.path, near, String(value))
          : fileExample(file?.path),
      );
  for (const key of Object.keys(env)) if (key.startsWith('HOPCHECK_')) checkVariable(key, problems);
}

function flagOnly(name: string): Pick<ConfigProblem, 'expected' | 'example'> {
  const expected = name.endsWith('color')
    ? 'NO_COLOR instead'
    : `the flag --${name} instead, because it is meant for a single call`;
  return { expected, example: FLAGS_ONLY[name] ?? `--${name}` };
}

/** Other variables of ours, such as HOPCHECK_CACHE, are not options; only a near miss is a problem. */
function checkVariable(key: string, problems: ConfigProblem[]): void {
  const unnumbered = key.replace(/_\d+$/, '');
  const name = OPTION_NAMES.find((option) => namesOf(option).some((one) => variableOf(one) === unnumbered));
  const problem = { option: key, source: 'environment' };
  if (name === 'services') {
    const { example } = optionDefinition(name);
    problems.push({ ...problem, expected: `"${keyOf(name)}" in the configuration file instead`, example });
  } else if (name === undefined) {
    const flag = Object.keys(FLAGS_ONLY).find((one) => variableOf(one) === key);
    if (flag !== undefined) {
      problems.push({ ...problem, ...flagOnly(flag) });
      return;
    }
    const near = didYouMean(key, OPTION_NAMES.flatMap(namesOf).map(variableOf));
    if (near !== undefined) problems.push({ ...problem, expected: near, example: `${near}=…` });
  } else if (key !== unnumbered && !optionDefinition(name).repeatable)
    problems.push({ ...problem, expected: `${unnumbered}, which takes one value`, example: `${unnumbered}=…` });
}

/** One option as a file of that kind has it. @param value as JSON. */
export function fileExample(path: string | undefined, key = 'ingress', value = '"http://127.0.0.1:8080"'): string {
  const ending = extname(path ?? '').toLowerCase();
  if (/^\.ya?ml$/.test(ending)) return `${key}: ${value.replace(/^"(.*)"$/, '$1')}`;
  return /^\.(m?ts|m?js)$/.test(ending) ? `export const config = { ${key}: ${value} };` : `{"${key}": ${value}}`;
}
