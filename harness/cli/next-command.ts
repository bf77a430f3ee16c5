import { OPTION_NAMES, optionDefinition } from '../config/options.ts';
import type { ConfiguredOption } from '../model/capture.ts';
import { shellWord } from './output.ts';

/**
 * The command with the options that this call was given by flags; those of the environment and of the file are there
 * again anyway. Secrets are placeholders, as everywhere.
 * @param instead values that replace those given, by option.
 */
export function commandAgain(
  command: string,
  configuration: readonly ConfiguredOption[],
  config: string | undefined,
  instead: Readonly<Record<string, string>> = {},
): string {
  const known = new Set<string>(OPTION_NAMES);
  const given = configuration.filter(
    ({ name, source }) => known.has(name) && (source === 'flag' || instead[name] !== undefined),
  );
  const words = given.flatMap(({ name, value }) => {
    const { value: placeholder } = optionDefinition(name as (typeof OPTION_NAMES)[number]);
    if (placeholder === undefined) return value === 'true' ? [`--${name}`] : [];
    return listOf(instead[name] ?? value).flatMap((one) => [`--${name}`, shellWord(one)]);
  });
  return [command, ...(config === undefined ? [] : ['--config', shellWord(config)]), ...words].join(' ');
}

/** A repeatable option is shown as a JSON list. */
function listOf(text: string): readonly string[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.map(String) : [text];
  } catch {
    return [text];
  }
}
