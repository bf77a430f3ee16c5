import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Argument, type Command, InvalidArgumentError, Option } from 'commander';
import type { ConfigInput } from '../config/config-input.ts';
import { didYouMean } from '../config/did-you-mean.ts';
import { loadConfigFile } from '../config/load-config-file.ts';
import {
  keyOf,
  namesOf,
  OPTION_GROUPS,
  OPTION_NAMES,
  type OptionGroup,
  type OptionName,
  optionDefinition,
  optionsOf,
} from '../config/options.ts';
import type { CommandContext } from './context.ts';

/** Adds options of the one table (harness/config/options.ts) to a command; the environment is read with the file, not by commander. */
export function addOptions(command: Command, names: readonly OptionName[]): Command {
  for (const name of names) {
    const { value, doc, alias, default: byDefault, repeatable } = optionDefinition(name);
    // A map of names is for the file only.
    if (name === 'services') continue;
    const shown = byDefault === undefined || value === undefined ? '' : ` (default ${byDefault})`;
    const text = `${doc}${shown}${repeatable ? ' (repeatable)' : ''}`;
    const option = new Option(value === undefined ? `--${name}` : `--${name} ${value}`, text);
    if (repeatable) option.argParser(collect);
    command.addOption(option);
    if (alias === undefined) continue;
    const earlier = new Option(value === undefined ? `--${alias}` : `--${alias} ${value}`).hideHelp();
    if (repeatable) earlier.argParser(collect);
    command.addOption(earlier);
  }
  return command;
}

/** Adds the options of these groups, each under its heading. */
export function addGroups(command: Command, groups: readonly OptionGroup[]): Command {
  for (const group of groups) addOptions(command.optionsGroup(OPTION_GROUPS[group]), optionsOf([group]));
  return command;
}

export function addConfigOption(command: Command): Command {
  return command.option('--config <path>', 'configuration file (default hopcheck.config.ts, .yaml or .json)');
}

/** Flags, environment and file as the configuration takes them. @throws ConfigError */
export async function readInput(
  given: object,
  { io, application }: Pick<CommandContext, 'io' | 'application'>,
): Promise<ConfigInput> {
  const flags: Readonly<Record<string, unknown>> = { ...given };
  const file = await loadConfigFile(io.cwd, typeof flags.config === 'string' ? flags.config : undefined);
  const known = new Set<string>(OPTION_NAMES.flatMap(namesOf).map(keyOf));
  return {
    flags: Object.fromEntries(Object.entries(flags).filter(([key]) => known.has(key))),
    env: io.env,
    page: application.definition.request.path,
    readFile: (name) => readFileSync(resolve(io.cwd, name), 'utf8'),
    ...(file !== undefined && { file }),
  };
}

export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** One of these, as commander's own choices. The error for any other value suggests the nearest one. */
export function withChoices<T extends Option | Argument>(taken: T, choices: readonly string[]): T {
  taken.choices(choices);
  const check = (value: string): string => {
    if (choices.includes(value)) return value;
    const near = didYouMean(value, choices);
    const perhaps = near === undefined ? '' : `\n(Did you mean ${near}?)`;
    throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.${perhaps}`);
  };
  taken.argParser(check);
  return taken;
}

/** An option with any value, of which completion offers likely ones. */
export class OpenOption extends Option {
  readonly words: () => Promise<readonly string[]>;
  constructor(flags: string, description: string, words: () => Promise<readonly string[]>) {
    super(flags, description);
    this.words = words;
  }
}
