import { Argument, type Command, type Option } from 'commander';
import { FORMATS } from '../../reports/formats.ts';
import { CODES } from '../model/codes.ts';
import { ALL_PROMISES, TAGS } from '../model/outcome.ts';
import { withChoices } from './choice.ts';
import type { Io } from './io.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

export function addCompletionCommand(program: Command, io: Io, done: (exitCode: number) => void): void {
  const command = program.command('completion').description('print a script that completes commands and options');
  command.addArgument(withChoices(new Argument('<shell>', 'whose'), SHELLS));
  command.action((shell: Shell) => {
    io.stdout.data(SCRIPTS[shell](wordsOf(program)));
    done(0);
  });
}

interface OptionWords {
  readonly flag: string;
  readonly about: string;
  readonly takesValue: boolean;
  /** What its value may be; empty: anything, a path among it. */
  readonly values: readonly string[];
}

interface CommandWords {
  readonly name: string;
  readonly about: string;
  readonly options: readonly OptionWords[];
  /** What its argument may be. */
  readonly values: readonly string[];
}

/** From the tree of commands itself, so that it cannot be behind. */
function wordsOf(program: Command): readonly CommandWords[] {
  const words = [...ALL_PROMISES.map(({ id }) => id), ...Object.keys(TAGS), ...Object.keys(CODES)];
  const known: Readonly<Record<string, readonly string[]>> = {
    '--report': Object.keys(FORMATS),
    '--only': words,
    '--skip': words,
    '--tolerate': Object.keys(CODES),
    '--fail-on': ['error', 'warning', 'new'],
  };
  return program.commands.map((command) => ({
    name: command.name(),
    about: plain(command.description()),
    options: command.options
      .filter((option) => option.long)
      .map((option: Option) => {
        const flag = option.long ?? '';
        return {
          flag,
          about: plain(option.description),
          takesValue: option.required || option.optional,
          values: option.argChoices ?? known[flag] ?? [],
        };
      }),
    values:
      command.name() === 'explain'
        ? Object.keys(CODES)
        : command.registeredArguments.flatMap((argument) => argument.argChoices ?? []),
  }));
}

/** The first clause, and nothing of it that a shell would read. */
function plain(text: string): string {
  const [clause = ''] = text.split(/[;(:]/);
  return clause.replace(/['"\\`$[\]]/g, '').trim();
}

/** Of hopcheck itself; commander makes them, so that they are in no list of ours. */
const OWN_OPTIONS = [
  ['--help', 'say what there is'],
  ['--version', 'say which version this is'],
] as const;

const SCRIPTS: Readonly<Record<Shell, (commands: readonly CommandWords[]) => string>> = { bash, zsh, fish };

function bash(commands: readonly CommandWords[]): string {
  const cases = commands.flatMap(({ name, options, values }) => [
    ...options
      .filter((option) => option.values.length > 0)
      .map((option) => `    ${name},${option.flag}) words='${option.values.join(' ')}' ;;`),
    `    ${name},*) words='${[...options.map(({ flag }) => flag), ...values].join(' ')}' ;;`,
  ]);
  return `# bash completion for hopcheck: source <(hopcheck completion bash)
_hopcheck() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=''
  if [ "$COMP_CWORD" -eq 1 ]; then
    words='${[...commands.map(({ name }) => name), ...OWN_OPTIONS.map(([flag]) => flag)].join(' ')}'
  else case "\${COMP_WORDS[1]},$previous" in
${cases.join('\n')}
  esac; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ \${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$current"))
}
complete -F _hopcheck hopcheck
`;
}

function zsh(commands: readonly CommandWords[]): string {
  const list = commands.map(({ name, about }) => `    '${name}:${about}'`).join('\n');
  const cases = commands.map(({ name, options, values }) => {
    const specs = options.map(
      ({ flag, about, takesValue, values: choices }) =>
        // `=`: the value may also stand in the same word.
        `'*${flag}${takesValue ? '=' : ''}[${about}]${valueSpec(takesValue, choices)}'`,
    );
    const rest = values.length === 0 ? "'*:file:_files'" : `'1:value:(${values.join(' ')})'`;
    return `    ${name}) _arguments ${[...specs, rest].join(' ')} ;;`;
  });
  return `#compdef hopcheck
# zsh completion for hopcheck: hopcheck completion zsh > "\${fpath[1]}/_hopcheck"
_hopcheck() {
  local -a commands=(
${list}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    _arguments ${OWN_OPTIONS.map(([flag, about]) => `'${flag}[${about}]'`).join(' ')}
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
compdef _hopcheck hopcheck
`;
}

function valueSpec(takesValue: boolean, choices: readonly string[]): string {
  if (choices.length > 0) return `:value:(${choices.join(' ')})`;
  return takesValue ? ':value:_files' : '';
}

function fish(commands: readonly CommandWords[]): string {
  const lines = commands.flatMap(({ name, about, options, values }) => [
    `complete -c hopcheck -n __fish_use_subcommand -a ${name} -d '${about}'`,
    ...options.map(({ flag, about: text, takesValue, values: choices }) => {
      const given = choices.length > 0 ? ` -x -a '${choices.join(' ')}'` : takesValue ? ' -r' : '';
      return `complete -c hopcheck -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)} -d '${text}'${given}`;
    }),
    ...(values.length === 0
      ? []
      : [`complete -c hopcheck -n '__fish_seen_subcommand_from ${name}' -f -a '${values.join(' ')}'`]),
  ]);
  const own = OWN_OPTIONS.map(
    ([flag, about]) => `complete -c hopcheck -n __fish_use_subcommand -l ${flag.slice(2)} -d '${about}'`,
  );
  return `# fish completion for hopcheck: hopcheck completion fish | source\n${[...own, ...lines].join('\n')}\n`;
}
