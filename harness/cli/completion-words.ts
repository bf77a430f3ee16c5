import type { Argument, Command, Option } from 'commander';
import { z } from 'zod';
import { FORMATS } from '../../reports/formats.ts';
import { OPTION_NAMES, optionDefinition } from '../config/options.ts';
import { FAIL_ON_WORDS } from '../config/policy-values.ts';
import { CODES, type FindingCode } from '../model/codes.ts';
import { ALL_PROMISES, TAGS } from '../model/promises.ts';
import { OpenOption } from './options.ts';

/** The words that may stand somewhere: one of these, a path, or text that cannot be listed beforehand. */
export type Values = readonly string[] | 'path' | 'anything';

export interface OptionWords {
  readonly flag: string;
  readonly about: string;
  /** Absent: a switch. */
  readonly values?: Values;
}

export interface CommandWords {
  readonly name: string;
  readonly about: string;
  readonly options: readonly OptionWords[];
  /** What its argument may be; absent: it has none. */
  readonly values?: Values;
}

/** From the tree of commands itself, so that it cannot be behind. */
export async function wordsOf(program: Command): Promise<readonly CommandWords[]> {
  const commands = await Promise.all(
    program.commands.map(async (command) => {
      const [argument] = command.registeredArguments;
      return {
        name: command.name(),
        about: plain(command.description()),
        options: [
          ...(await Promise.all(command.options.filter(({ long, hidden }) => long && !hidden).map(optionWords))),
          HELP,
        ],
        ...(argument !== undefined && { values: argumentValues(command.name(), argument) }),
      };
    }),
  );
  const names = commands.map(({ name }) => name);
  return [...commands, { name: 'help', about: 'display help for command', options: [], values: names }];
}

/** commander makes it for every command, and it is in no list of ours. */
const HELP: OptionWords = { flag: '--help', about: 'say what there is' };
export const OWN_OPTIONS: readonly OptionWords[] = [HELP, { flag: '--version', about: 'say which version this is' }];

async function optionWords(option: Option): Promise<OptionWords> {
  const { long, description, flags, required, optional, argChoices } = option;
  const flag = long ?? '';
  const words = { flag, about: plain(description) };
  if (!required && !optional) return words;
  if (option instanceof OpenOption) return { ...words, values: await option.words() };
  return { ...words, values: argChoices ?? KNOWN[flag] ?? enumOf(flag) ?? (isPath(flags) ? 'path' : 'anything') };
}

function argumentValues(command: string, argument: Argument): Values {
  return command === 'explain' ? Object.keys(CODES) : (argument.argChoices ?? 'path');
}

function isPath(text: string): boolean {
  return /<(path|folder)>/.test(text);
}

const isSelectable = (code: FindingCode) => CODES[code].promise !== 'environment';
/** Whether the run could decide is always judged: it cannot be left out. */
const SELECTIONS = [
  ...ALL_PROMISES.map(({ id }) => id).filter((id) => id !== 'environment'),
  ...Object.keys(TAGS),
  ...(Object.keys(CODES) as FindingCode[]).filter(isSelectable),
];
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  '--report': Object.keys(FORMATS),
  '--only': SELECTIONS,
  '--skip': SELECTIONS,
  '--tolerate': Object.keys(CODES),
  '--fail-on': FAIL_ON_WORDS,
};

/** The words of an option that takes one of a few, from its own schema. */
function enumOf(flag: string): readonly string[] | undefined {
  const name = OPTION_NAMES.find((one) => `--${one}` === flag);
  if (name === undefined) return undefined;
  const { enum: words } = z.toJSONSchema(optionDefinition(name).schema, { io: 'input', unrepresentable: 'any' });
  return words?.map(String);
}

/** The first clause, and nothing of it that a shell would read. */
function plain(text: string): string {
  const [clause = ''] = text.split(/[;(:]/);
  return clause.replace(/['"\\`$[\]]/g, '').trim();
}
