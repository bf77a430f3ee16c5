import { pathToFileURL } from 'node:url';

/** What a module exports as configuration, or what is expected of it. */
export type ImportedConfig =
  | { readonly values: object; readonly trouble?: never }
  | { readonly values?: never; readonly trouble: string };

/**
 * The export of the first of these names that is there; a promise of it is waited for.
 * @param absolute path of the module.
 */
export async function importConfig(absolute: string, names: readonly string[]): Promise<ImportedConfig> {
  let config: unknown;
  try {
    const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(absolute).href);
    config = await names.map((name) => module[name]).find((one) => one !== undefined);
  } catch (error) {
    const place = placeIn(absolute, error);
    const why = error instanceof Error ? error.message : String(error);
    return { trouble: `a module that loads (${place === undefined ? '' : `${place}: `}${why})` };
  }
  if (isPlain(config)) return { values: config };
  return {
    trouble: `an export \`${names[0]}\` that is a plain object of ${names[0] === 'config' ? 'options' : 'its definition'}`,
  };
}

/**
 * Refuses a Map or a class, because their options are not plain keys. Takes an object of any realm: a test has another
 * `Object`.
 */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * Where in the file it broke: a syntax error's stack begins with `path:line` and has a caret below the column, another
 * one's names the place behind `at` (V8's stack traces).
 */
function placeIn(absolute: string, error: unknown): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const lines = stack.split('\n');
  const atTop = [absolute, pathToFileURL(absolute).href].find((name) => lines[0]?.startsWith(`${name}:`));
  if (atTop !== undefined) {
    const line = lines[0]?.slice(atTop.length + 1);
    const caret = lines.slice(1, 4).find((text) => /^\s*\^+\s*$/.test(text));
    return caret === undefined ? `line ${line}` : `line ${line} column ${caret.indexOf('^') + 1}`;
  }
  for (const text of lines) {
    const [, path = '', line, column] = /\(?([^\s(]+):(\d+):(\d+)\)?$/.exec(text) ?? [];
    if (path === absolute || path === pathToFileURL(absolute).href) return `line ${line} column ${column}`;
  }
  return undefined;
}
