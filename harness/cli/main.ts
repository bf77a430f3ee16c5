import { Command, CommanderError } from 'commander';
import { asNoCommand } from '../../reports/no-command.ts';
import { safeText } from '../../reports/safe-text.ts';
import { CaptureError } from '../capture/part.ts';
import { ConfigError, USAGE_EXIT_CODE } from '../config/config-error.ts';
import { didYouMean } from '../config/did-you-mean.ts';
import { ImportError } from '../import/import-error.ts';
import { FaultError } from '../lab/faults.ts';
import { HOPCHECK_VERSION } from '../system/version.ts';
import { COMMANDS } from './commands.ts';
import type { CommandContext } from './context.ts';
import { EndedError } from './ending.ts';
import type { Io, Output } from './io.ts';
import { columnsOf, say } from './output.ts';

const UNKNOWN_COMMAND = 'commander.unknownCommand';

const EXIT_CODES = `
exit codes:
  0        all promises hold
  1        an expectation failed
  2        inconclusive: could not decide, or the environment was not ready
  64       usage or configuration
  130, 143 interrupted
Every report is written before the end, whatever happened.`;

/** Runs one command of the table in commands.ts. Resolves to the exit code, and never rejects. */
export async function main(argv: readonly string[], world: CommandContext): Promise<number> {
  const io: Io = { ...world.io, stdout: quoting(world.io.stdout), stderr: quoting(world.io.stderr) };
  const context: CommandContext = { ...world, io };
  let exitCode = USAGE_EXIT_CODE;
  const done = (code: number) => {
    exitCode = code;
  };
  const program = new Command('hopcheck')
    .description('checks that the traces of a mesh hold together and, when not, names the hop that breaks them')
    .version(HOPCHECK_VERSION)
    .addHelpText('after', EXIT_CODES)
    .showSuggestionAfterError()
    .exitOverride()
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
    command.addHelpText('after', `\nexamples:\n${examples.map((example) => `  ${example}`).join('\n')}`);
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
    if (error instanceof EndedError) return error.exitCode;
    if (error instanceof ConfigError) {
      say(io.stderr, error.message);
      return error.exitCode;
    }
    if (error instanceof CaptureError || error instanceof FaultError) {
      say(io.stderr, error.message);
      return USAGE_EXIT_CODE;
    }
    if (error instanceof ImportError) {
      // It quotes what somebody else wrote.
      const lines = error.message.split('\n').map((line) => safeText(line, 1000));
      say(io.stderr, lines.join('\n'));
      return USAGE_EXIT_CODE;
    }
    io.stderr.write(`hopcheck failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 2;
  }
}

/** Whatever is told may quote somebody else. */
function quoting(output: Output): Output {
  return { ...output, write: (text) => output.write(asNoCommand(text)) };
}
