import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SHELLS } from '../completion.ts';

export type CompletingShell = (typeof SHELLS)[number];

/** Why a shell's tests cannot run here; undefined: they can. Under CI it has to be there. */
export function missingShell(shell: CompletingShell): string | undefined {
  return spawnSync(shell, ['-c', 'exit 0']).status === 0 ? undefined : `no ${shell}: apt-get install ${shell}`;
}

/** What Tab offers at the end of a command line, in a real shell that has read the script; the folder is the shell's own. */
export function completeIn(shell: CompletingShell, script: string, line: string, folder: string): string[] {
  const path = join(folder, `completion.${shell}`);
  writeFileSync(path, script);
  return COMPLETE[shell](path, line, folder).filter((word) => word !== '');
}

type Complete = (script: string, line: string, folder: string) => string[];

const COMPLETE: Readonly<Record<CompletingShell, Complete>> = {
  bash(script, line, cwd) {
    // As COMP_WORDBREAKS has it: `=` is a separate word.
    const words = line
      .split(' ')
      .flatMap((word) => word.split(/(=)/))
      .filter((word, index, all) => word !== '' || index === all.length - 1);
    const current = words.at(-1) === '' && words.at(-2) === '=' ? words.slice(0, -1) : words;
    const ask = `source ${script}; COMP_WORDS=(${current.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${current.length - 1}; _hopcheck; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', ask], { cwd, encoding: 'utf8' }).split('\n');
  },
  fish(script, line, cwd) {
    const ask = `source ${script}; complete -C "${line}"`;
    const home = { HOME: cwd, XDG_CONFIG_HOME: cwd, XDG_DATA_HOME: cwd };
    const text = execFileSync('fish', ['--no-config', '-c', ask], {
      cwd,
      encoding: 'utf8',
      env: { ...process.env, ...home },
    });
    // Behind a tab it says what a word means.
    return text.split('\n').map((offer) => offer.split('\t')[0] ?? '');
  },
  zsh(script, line, cwd) {
    const [driver, offers] = [join(cwd, 'driver.zsh'), join(cwd, 'offers')];
    writeFileSync(driver, ZSH_DRIVER);
    execFileSync('zsh', ['-f', driver, line, offers, script], { cwd, env: { ...process.env, HOME: cwd } });
    const [end, ...words] = readFileSync(offers, 'utf8').trimEnd().split('\n').toReversed();
    if (end !== 'END') throw new Error(`zsh did not reach the end of its completion, only: ${end}`);
    return words.toReversed();
  },
};

/**
 * zsh completes only in a line editor, and that wants a terminal: its own module makes one. It writes down the words
 * where completions are added (compadd), except in calls by which a function only asks what fits.
 */
const ZSH_DRIVER = `
zmodload zsh/zpty
line=$1 offers=$2 script=$3
: > $offers
zpty shell zsh -f -i
zpty -w shell "unsetopt promptsp; PS1=; offers=$offers; autoload -Uz compinit; compinit -u -d $offers.dump; source $script"
zpty -w shell 'compadd () {
  if [[ " \${(j: :)@[1,(i)(-|--)]} " == *" -"[a-zA-Z]#[OAD]* ]]; then builtin compadd "$@"; return; fi
  local -a hits
  builtin compadd -O hits "$@"
  (( $#hits )) && print -rl -- $hits >> $offers
  builtin compadd "$@"
}'
zpty -w shell "bindkey '^I' complete-word; finish() { print -r -- END >> $offers }; zle -N finish; bindkey '^G' finish"
zpty -n -w shell "$line"$'\\t\\a'
for (( round = 0; round < 400; round++ )); do
  grep -q END $offers && break
  sleep 0.05
done
zpty -d shell
`;
