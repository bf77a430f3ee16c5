import { Argument } from 'commander';
import { type CommandWords, OWN_OPTIONS, type Values, wordsOf } from './completion-words.ts';
import type { CommandRow } from './context.ts';
import { withChoices } from './options.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

export const completionCommand: CommandRow = {
  name: 'completion',
  about: 'print a script that completes commands and options',
  examples: ['source <(hopcheck completion bash)', 'hopcheck completion fish | source'],
  define(command, { io }, done) {
    command.addArgument(withChoices(new Argument('<shell>', 'whose'), SHELLS));
    command.action(async (shell: Shell) => {
      io.stdout.data(SCRIPTS[shell](await wordsOf(command.parent ?? command)));
      done(0);
    });
  },
};

const SCRIPTS: Readonly<Record<Shell, (commands: readonly CommandWords[]) => string>> = { bash, zsh, fish };

/** bash takes `=` and `:` for ends of words (COMP_WORDBREAKS): the option may be two words back. */
function bash(commands: readonly CommandWords[]): string {
  const offer = (values: Values | undefined) => {
    if (values === 'path') return 'paths=1';
    return values === undefined || values === 'anything' ? ':' : `words='${values.join(' ')}'`;
  };
  const cases = commands.flatMap(({ name, options, values }) => {
    const flags = options.map(({ flag }) => flag).join(' ');
    const valued = options.filter((option) => option.values !== undefined);
    return [
      ...valued.map((option) => `    ${name},${option.flag}) ${offer(option.values)} ;;`),
      // A word without a dash may be the argument, where there is one.
      ...(values === undefined
        ? [`    ${name},*) words='${flags}' ;;`]
        : [`    ${name},*) case "$current" in -*) words='${flags}' ;; *) ${offer(values)} ;; esac ;;`]),
    ];
  });
  return `# bash completion for hopcheck: source <(hopcheck completion bash)
_hopcheck() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words='' paths=''
  if [ "$current" = '=' ]; then current=''
  elif [ "$previous" = '=' ]; then
    previous="\${COMP_WORDS[COMP_CWORD-2]}"
    case "$previous" in --*) ;; *) paths=1 ;; esac
  fi
  if [ -n "$paths" ]; then :
  elif [ "$COMP_CWORD" -eq 1 ]; then
    words='${[...commands.map(({ name }) => name), ...OWN_OPTIONS.map(({ flag }) => flag)].join(' ')}'
  else case "\${COMP_WORDS[1]},$previous" in
${cases.join('\n')}
  esac; fi
  if [ -n "$paths" ]; then
    local IFS=$'\\n'
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -f -- "$current"))
  else COMPREPLY=($(compgen -W "$words" -- "$current")); fi
}
complete -F _hopcheck hopcheck
`;
}

function zsh(commands: readonly CommandWords[]): string {
  const list = commands.map(({ name, about }) => `    '${name}:${about}'`).join('\n');
  const action = (values: Values) =>
    values === 'path' ? '_files' : values === 'anything' ? ' ' : `(${values.join(' ')})`;
  const cases = commands.map(({ name, options, values }) => {
    const specs = options.map(({ flag, about, values: given }) =>
      // `=`: the value may also stand in the same word.
      given === undefined ? `'*${flag}[${about}]'` : `'*${flag}=[${about}]:value:${action(given)}'`,
    );
    const rest = values === undefined ? [] : [values === 'path' ? "'*:file:_files'" : `'1:value:${action(values)}'`];
    return `    ${name}) _arguments ${[...specs, ...rest].join(' ')} ;;`;
  });
  return `#compdef hopcheck
# zsh completion for hopcheck: source <(hopcheck completion zsh)
# or for every shell: hopcheck completion zsh > "\${fpath[1]}/_hopcheck"
_hopcheck() {
  local -a commands=(
${list}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    _arguments ${OWN_OPTIONS.map(({ flag, about }) => `'${flag}[${about}]'`).join(' ')}
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

function fish(commands: readonly CommandWords[]): string {
  const given = (values: Values | undefined) => {
    if (values === undefined) return '';
    return values === 'path' ? ' -r -F' : values === 'anything' ? ' -x' : ` -x -a '${values.join(' ')}'`;
  };
  const lines = commands.flatMap(({ name, about, options, values }) => {
    const seen = `complete -c hopcheck -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c hopcheck -n __fish_use_subcommand -a ${name} -d '${about}'`,
      ...options.map(({ flag, about: text, values: its }) => `${seen} -l ${flag.slice(2)} -d '${text}'${given(its)}`),
      // Without it fish offers files.
      ...(values === 'path' ? [] : [`${seen} -f${typeof values === 'object' ? ` -a '${values.join(' ')}'` : ''}`]),
    ];
  });
  const own = OWN_OPTIONS.map(
    ({ flag, about }) => `complete -c hopcheck -n __fish_use_subcommand -l ${flag.slice(2)} -d '${about}'`,
  );
  const start = 'complete -c hopcheck -n __fish_use_subcommand -f';
  return `# fish completion for hopcheck: hopcheck completion fish | source\n${[start, ...own, ...lines].join('\n')}\n`;
}
