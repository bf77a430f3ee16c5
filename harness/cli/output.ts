import type { Command } from 'commander';
import { FORMATS } from '../../reports/formats.ts';
import type { View } from '../../reports/terminal.ts';
import { POLICY_OPTIONS } from '../config/options.ts';
import type { Output } from './io.ts';
import { addOptions, collect } from './options.ts';

/** The options of every command that ends with a report. */
export interface OutputFlags {
  readonly report: readonly string[];
  readonly color: boolean;
  readonly verbose?: true;
  readonly short?: true;
  readonly quiet?: true;
}

export function addOutputOptions(command: Command): Command {
  command.optionsGroup('What counts:');
  addOptions(command, POLICY_OPTIONS);
  return command
    .optionsGroup('What is written:')
    .option(
      '--report <format[=path]>',
      `${Object.keys(FORMATS).join(', ')}; to a file, or to standard output (repeatable)`,
      collect,
      [],
    )
    .option('--verbose', 'also what was observed where all is well')
    .option('--short', 'only what is not as it should be, a line each')
    .option('--quiet', 'only the verdict')
    .option('--no-color', 'no colours (also NO_COLOR)');
}

/** The least that was asked for. */
export function viewOf({ quiet, short, verbose }: Pick<OutputFlags, 'quiet' | 'short' | 'verbose'>): View {
  return quiet ? 'quiet' : short ? 'short' : verbose ? 'verbose' : 'normal';
}

/** A log has 80; a very wide terminal is no reason for lines that nobody can follow. */
export function columnsOf({ isTTY, columns }: Output): number {
  return isTTY && columns ? Math.min(Math.max(columns, 40), 100) : 80;
}
