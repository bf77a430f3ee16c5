/**
 * Text that a CI runner would read as a command, because it looks at every line of a step's output: in GitHub Actions
 * `::name …::` at a line's start, white space aside, and `##[name …]` anywhere (actions/runner, ActionCommand.cs); in
 * Azure Pipelines `##vso[…]`.
 */
const AT_START = /^([^\S\n\r]*)(?=::[^\n\r]*::)/gm;
const ANYWHERE = /(##[a-z]*)\[/gi;

/**
 * Text for people that no runner takes for a command: a backslash stands in what would be one, and nowhere else, so that
 * what is to be copied stays as it is. Not a character without width: the runner compares by culture, which ignores these.
 */
export function asNoCommand(text: string): string {
  return text.replace(AT_START, '$1\\').replace(ANYWHERE, '$1\\[');
}

/** The same for formats that can write a character by its number: what is read from them stays the same. */
export function withoutCommands(text: string, bracket: '\\u005b' | '&#91;'): string {
  return text.replace(ANYWHERE, (_, start: string) => `${start}${bracket}`);
}

/** JSON to be read by people too. */
export function jsonText(value: unknown): string {
  return `${withoutCommands(JSON.stringify(value, null, 2), '\\u005b')}\n`;
}
