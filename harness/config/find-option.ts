import type { Source } from '../model/source.ts';
import type { ConfigInput } from './config-input.ts';
import { keyOf, type OptionName, optionDefinition, variableOf } from './options.ts';

/** What was found for an option, before it is read. */
export interface Found {
  readonly raw: unknown;
  readonly source: Source;
  readonly from: string;
}

/** Flag > environment > file > discovered > default. @param file the keys of the configuration file. */
export function findOption(
  name: OptionName,
  { flags, env, file: given, discovered }: ConfigInput,
  file: Readonly<Record<string, unknown>>,
): Found | undefined {
  const key = keyOf(name);
  const definition = optionDefinition(name);
  const flag = flags[key];
  if (flag !== undefined && !(Array.isArray(flag) && flag.length === 0))
    return { raw: flag, source: 'flag', from: `--${name}` };
  const variable = variableOf(name);
  const fromEnv = definition.repeatable ? variables(variable, env, definition.separated === true) : env[variable];
  if (name !== 'services' && fromEnv !== undefined && fromEnv.length > 0)
    return { raw: fromEnv, source: 'environment', from: variable };
  if (Object.hasOwn(file, key)) return { raw: file[key], source: 'file', from: `${given?.path}, "${key}"` };
  const found = discovered?.[name];
  if (found !== undefined) return { raw: found.value, source: 'discovered', from: found.from };
  return definition.default === undefined ? undefined : { raw: definition.default, source: 'default', from: 'default' };
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
