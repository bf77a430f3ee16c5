import { type Command, Option } from 'commander';
import stringWidth from 'string-width';
import { FORMATS } from '../../reports/formats.ts';
import { createProgress, type Progress } from '../../reports/progress.ts';
import type { View } from '../../reports/terminal.ts';
import { wrap } from '../../reports/wrap.ts';
import { OPTION_GROUPS } from '../config/options.ts';
import type { CommandContext } from './context.ts';
import type { Output } from './io.ts';
import { addGroups, addOptions, collect } from './options.ts';

/** The options of every command that ends with a report. */
export interface OutputFlags {
  readonly report: readonly string[];
  /** Where the HTML report will be published. */
  readonly reportUrl?: string;
  readonly color: boolean;
  readonly verbose?: true;
  readonly short?: true;
  readonly quiet?: true;
}

export function addOutputOptions(command: Command): Command {
  addGroups(command, ['policy']);
  return addOptions(command.optionsGroup(OPTION_GROUPS.output), ['write-baseline', 'report-url'])
    .addOption(
      new Option(
        '--report <format[=path]>',
        `${Object.keys(FORMATS).join(', ')}; to a file, or to standard output (repeatable)`,
      )
        .argParser(collect)
        .default([], 'terminal'),
    )
    .option('--verbose', 'also print what was observed for promises that hold')
    .option('--short', 'only findings and failing promises, one line each')
    .option('--quiet', 'only the verdict')
    .option('--no-color', 'no colours (also NO_COLOR)');
}

/** Every format in one folder; of run and judge, where import and demo have an option of that name for another thing. */
export function addOutOption(command: Command): Command {
  return command.option('--out <folder>', 'every format, and the capture of a run, into this folder');
}

/** The least that was asked for. */
export function viewOf({ quiet, short, verbose }: Pick<OutputFlags, 'quiet' | 'short' | 'verbose'>): View {
  return quiet ? 'quiet' : short ? 'short' : verbose ? 'verbose' : 'normal';
}

/**
 * A message on lines that fit; an example that does not fit into the line fills the next one, to be copied. A shell
 * command is not broken at all.
 */
export function say(output: Output, message: string): void {
  const columns = columnsOf(output);
  const lines = (output.asCalled?.(message) ?? message).split('\n').flatMap((line) => {
    if (stringWidth(line) <= columns || /: curl /.test(line)) return [line];
    const [indent = ''] = /^ */.exec(line) ?? [];
    return line
      .slice(indent.length)
      .split(/(?<=,) (?=e\.g\. )/)
      .flatMap((part) => wrap(part, columns, indent));
  });
  output.write(`${lines.join('\n')}\n`);
}

/** A log has 80. Lines stay short on a very wide terminal too, because an eye loses its place on long ones. */
export function columnsOf({ isTTY, columns }: Output): number {
  return isTTY && columns ? Math.min(Math.max(columns, 40), 100) : 80;
}

/** Progress on standard error: one line redrawn in place on a terminal, few plain lines in a log. */
export function progressOn({ io, clock }: Pick<CommandContext, 'io' | 'clock'>): Progress {
  return createProgress({
    tty: io.stderr.isTTY && io.env.TERM !== 'dumb',
    ...(io.stderr.columns !== undefined && { columns: io.stderr.columns }),
    write: (text) => io.stderr.write(text),
    now: () => clock.now(),
  });
}

/** For a POSIX shell, in double quotes; a `$NAME` placeholder of a secret stays one. */
export function shellQuote(text: string): string {
  const escaped = text.replace(/["\\`]/g, (character) => `\\${character}`).replace(/\$(?![A-Z][A-Z0-9_]*\b)/g, '\\$');
  return `"${escaped}"`;
}

/** Quoted only where a shell would read it otherwise. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : shellQuote(text);
}
