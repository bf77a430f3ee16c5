import type { Source } from '../model/source.ts';
import type { ConfigProblem } from './config-error.ts';
import type { ConfigInput } from './config-input.ts';
import { keyOf, namesOf, type OptionName, optionDefinition, variableOf } from './options.ts';
import { printable } from './shown.ts';

/** The raw value of an option, and its source. */
export interface Found {
  readonly raw: unknown;
  readonly source: Source;
  readonly from: string;
}

/**
 * Flag > environment > file > discovered > default. Of the names of one option the first that is given counts; where one
 * source gives it under two names, both have the same value, or {@link nameProblems} reports it.
 * @param file the keys of the configuration file.
 */
export function findOption(
  name: OptionName,
  input: ConfigInput,
  file: Readonly<Record<string, unknown>>,
): Found | undefined {
  const [given] = givenIn(name, input, file);
  if (given !== undefined) return given;
  const found = input.discovered?.[name];
  if (found !== undefined) return { raw: found.value, source: 'discovered', from: found.from };
  const { default: byDefault } = optionDefinition(name);
  return byDefault === undefined ? undefined : { raw: byDefault, source: 'default', from: 'default' };
}

/** An option that one source gives under two names, with different values. Between sources the usual order decides. */
export function nameProblems(
  name: OptionName,
  input: ConfigInput,
  file: Readonly<Record<string, unknown>>,
): readonly ConfigProblem[] {
  const { secret } = optionDefinition(name);
  const bySource = Map.groupBy(givenIn(name, input, file), ({ source }) => source);
  return [...bySource.values()].flatMap(([first, second]): ConfigProblem[] => {
    if (first === undefined || second === undefined || isSame(first.raw, second.raw)) return [];
    return [
      {
        option: `--${name}`,
        ...(!secret && { value: `${printable(first.raw)} and ${printable(second.raw)}` }),
        source: `${first.source} ${first.from} and ${second.from}`,
        expected: `one value: ${namesOf(name).join(' and ')} are two names of one option`,
        example: optionDefinition(name).example,
      },
    ];
  });
}

/** Everything that a person gave, in order of what counts. */
function givenIn(
  name: OptionName,
  { flags, env, file: given }: ConfigInput,
  file: Readonly<Record<string, unknown>>,
): readonly Found[] {
  const names = namesOf(name);
  const { repeatable, separated } = optionDefinition(name);
  return [
    ...names.flatMap((one): Found[] => {
      const flag = flags[keyOf(one)];
      const isGiven = flag !== undefined && !(Array.isArray(flag) && flag.length === 0);
      return isGiven ? [{ raw: flag, source: 'flag', from: `--${one}` }] : [];
    }),
    ...names.flatMap((one): Found[] => {
      const variable = variableOf(one);
      const value = repeatable ? variables(variable, env, separated === true) : env[variable];
      const isGiven = name !== 'services' && value !== undefined && value.length > 0;
      return isGiven ? [{ raw: value, source: 'environment', from: variable }] : [];
    }),
    ...names.flatMap((one): Found[] => {
      const key = keyOf(one);
      return Object.hasOwn(file, key) ? [{ raw: file[key], source: 'file', from: `${given?.path}, "${key}"` }] : [];
    }),
  ];
}

/** As text, for a file has numbers and switches where flags have text. */
function isSame(a: unknown, b: unknown): boolean {
  const text = (value: unknown) => JSON.stringify(Array.isArray(value) ? value.map(String) : [String(value)]);
  return text(a) === text(b);
}

/** `NAME`, and `NAME_1`, `NAME_2`, … for what may be given more than once. */
function variables(name: string, env: ConfigInput['env'], isSeparated: boolean): string[] {
  const keys = Object.keys(env).filter((key) => key === name || new RegExp(`^${name}_\\d+$`).test(key));
  // By number, for 10 comes after 2.
  const number = (key: string) => Number(key.slice(name.length + 1));
  const values = keys.toSorted((a, b) => number(a) - number(b)).flatMap((key) => env[key] || []);
  if (!isSeparated) return values;
  return values.flatMap((value) => value.split(/[,\n]/).map((part) => part.trim())).filter((part) => part !== '');
}
