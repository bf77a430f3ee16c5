import { Command, CommanderError, Help } from 'commander';
import { safeText } from '../../reports/characters/safe-text.ts';
import { asNoCommand } from '../../reports/no-command.ts';
import { wrapCommand } from '../../reports/wrap.ts';
import { FIRST_FAULT } from '../applications/default.ts';
import { didYouMean } from '../config/did-you-mean.ts';
import { HopcheckError, USAGE_EXIT_CODE } from '../model/hopcheck-error.ts';
import { HOPCHECK_VERSION } from '../system/version.ts';
import { asCalled } from './called-as.ts';
import { COMMANDS } from './commands.ts';
import type { CommandContext } from './context.ts';
import { EndedError } from './ending.ts';
import type { Io, Output } from './io.ts';
import { columnsOf, say } from './output.ts';

/** Characters of a message's line; a list of all finding codes has about half as many. */
const LONGEST_LINE = 1000;
const UNKNOWN_COMMAND = 'commander.unknownCommand';

const EPILOGUE = `
where to begin:
  see how a broken hop is reported, on this machine alone
    hopcheck demo --fault ${FIRST_FAULT}
  find out whether a mesh can be checked, then check it
    hopcheck doctor --kube
    hopcheck run --kube
  test one service without a mesh
    hopcheck contract --help

exit codes:
  0        all promises hold
  1        an expectation failed
  2        inconclusive: could not decide, or the environment was not ready
  64       usage or configuration
  130, 143 interrupted
Every report is written before the end, whatever happened.`;

/** Runs one command of the table in commands.ts. Resolves to the exit code, and never rejects. */
export async function main(argv: readonly string[], world: CommandContext): Promise<number> {
  const { called } = world.io;
  const io: Io = { ...world.io, stdout: quoting(world.io.stdout, called), stderr: quoting(world.io.stderr, called) };
  const context: CommandContext = { ...world, io };
  let exitCode = USAGE_EXIT_CODE;
  const done = (code: number) => {
    exitCode = code;
  };
  const program = new Command('hopcheck')
    .description('checks that the traces of a mesh hold together, and names the hop that breaks them')
    .version(HOPCHECK_VERSION)
    .addHelpText('after', EPILOGUE)
    .showSuggestionAfterError()
    .exitOverride()
    .configureHelp(helpTexts(io.stdout.asCalled))
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => columnsOf(io.stdout),
      getErrHelpWidth: () => columnsOf(io.stderr),
      outputError: (text) => say(io.stderr, text.trimEnd()),
    });
  for (const { name, about, examples, define } of COMMANDS) {
    const command = program.command(name).description(about);
    define(command, context, done);
    command.exitOverride().copyInheritedSettings(program);
    command.showHelpAfterError(`e.g. ${examples.toSorted((a, b) => a.length - b.length)[0]}`);
    command.addHelpText('after', () => `\nexamples:\n${examplesIn(io.stdout, examples).join('\n')}`);
  }
  const names = program.commands.map((command) => command.name());
  const [first, asked] = argv;
  try {
    // commander shows the help of the whole, as if nothing were wrong.
    if (first === 'help' && asked !== undefined && ![...names, 'help'].includes(asked) && !asked.startsWith('-')) {
      const near = didYouMean(asked, names);
      const perhaps = near === undefined ? '' : `\n(Did you mean ${near}?)`;
      program.error(`error: unknown command '${asked}'${perhaps}`, { code: UNKNOWN_COMMAND });
    }
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.code === UNKNOWN_COMMAND)
        say(
          io.stderr,
          `expected one of ${names.join(', ')}; hopcheck --help says what each does, e.g. hopcheck run --kube`,
        );
      return error.exitCode === 0 ? 0 : USAGE_EXIT_CODE;
    }
    if (error instanceof HopcheckError) {
      // What ended it was announced when the signal came.
      if (!(error instanceof EndedError)) say(io.stderr, messageOf(error));
      return error.exitCode;
    }
    io.stderr.write(`hopcheck failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 2;
  }
}

/** To be pasted as they stand: one that is too long as it has to be called here goes on in the next line. */
function examplesIn(output: Output, examples: readonly string[]): readonly string[] {
  return examples.flatMap((example) => {
    const command = output.asCalled?.(example) ?? example;
    if (command.length + 2 <= columnsOf(output)) return [`  ${command}`];
    const [first = '', ...rest] = wrapCommand(command, columnsOf(output) - 2, '  ');
    return [first, ...rest.map((line) => `  ${line}`)];
  });
}

/** Commands in the help are as they have to be called here before lines are broken, so that no line is too long. */
function helpTexts(asCalledHere: (text: string) => string = (text) => text): Partial<Help> {
  const help = new Help();
  return {
    // commander quotes a default as JSON; a default of the table of options is written as a person gives it.
    optionDescription: (option) =>
      asCalledHere(help.optionDescription(option).replace(/\(default: (?:"([^"]*)"|(\d+))\)$/, '(default $1$2)')),
    argumentDescription: (argument) => asCalledHere(help.argumentDescription(argument)),
  };
}

/** It may quote foreign text, such as a file. */
function messageOf({ message, hint }: HopcheckError): string {
  const text = hint === undefined ? message : `${message}\n${hint}`;
  return text
    .split('\n')
    .map((line) => safeText(line, LONGEST_LINE))
    .join('\n');
}

const NAMES = COMMANDS.map(({ name }) => name);

/** Text for people may quote a foreign one. Commands in it are as a person has to call them. */
function quoting(output: Output, called: string | undefined): Output {
  const asCalledHere = (text: string) => asCalled(text, called, NAMES);
  return { ...output, asCalled: asCalledHere, write: (text) => output.write(asNoCommand(asCalledHere(text))) };
}
