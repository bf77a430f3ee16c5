import stringWidth from 'string-width';
import { keepTogether } from './characters/keep-together.ts';
import { safeText } from './characters/safe-text.ts';

/** Columns of a log and of a narrow terminal; what every text report fits into. */
export const COLUMNS = 80;

/**
 * Breaks text at spaces so that each line fits; `first` goes before the first line, as many spaces before the others. A
 * word that is too long is broken, but for a URL: it must stay whole to be opened.
 */
export function wrap(text: string, columns: number, first = ''): string[] {
  const indent = ' '.repeat(stringWidth(first));
  const room = Math.max(10, columns - indent.length);
  const lines = [''];
  for (const word of keepTogether(wholeCommands(text, room))
    .split(' ')
    .flatMap((part) => pieces(part, room))) {
    const line = lines.at(-1) ?? '';
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || stringWidth(longer) <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.map((line, index) => `${index === 0 ? first : indent}${line.replaceAll('\u00a0', ' ')}`.trimEnd());
}

/** A command up to where the sentence goes on. */
const COMMAND = /\b(?:kubectl |curl -)[^;,()]*?(?=$|[;,()]|\.(?:\s|$)| (?:and|or|for|in) )/g;

/** Commands inside a sentence stay on one line where that has room, because people copy them. */
function wholeCommands(text: string, room: number): string {
  return text.replace(COMMAND, (command) =>
    stringWidth(command) <= room ? command.replaceAll(' ', '\u00a0') : command,
  );
}

/** A shell command over several lines, each to be continued, broken between its arguments; to be copied as it stands. */
export function wrapCommand(command: string, columns: number, first = ''): string[] {
  const indent = ' '.repeat(stringWidth(first));
  const room = Math.max(10, columns - indent.length - 2);
  // An argument with all of its quotes; what is quoted may hold spaces.
  const words = command.match(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])+|\S+/g) ?? [];
  const lines = [''];
  words.forEach((word, index) => {
    const line = lines.at(-1) ?? '';
    const longer = line === '' ? word : `${line} ${word}`;
    // An option stays with its value.
    const next = words[index + 1];
    const hasValue = /^--?[A-Za-z]/.test(word) && next !== undefined && !next.startsWith('-');
    const withNext = hasValue ? `${longer} ${next}` : longer;
    if (line === '' || stringWidth(withNext) <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  });
  return lines.map((line, index) => {
    const end = index === lines.length - 1 ? '' : ' \\';
    return `${index === 0 ? first : indent}${line}${end}`;
  });
}

/** Cut to a width, with an ellipsis; for cells that have one line. */
export function fit(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  let kept = '';
  for (const character of text) {
    if (stringWidth(`${kept}${character}…`) > columns) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Padded to a width that is counted as a terminal shows it. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - stringWidth(text)));
}

function pieces(word: string, room: number): string[] {
  if (stringWidth(word) <= room || word.includes('://')) return [word];
  const found = [''];
  for (const character of word) {
    const longer = `${found.at(-1)}${character}`;
    if (stringWidth(longer) > room) found.push(character);
    else found[found.length - 1] = longer;
  }
  return found;
}

/**
 * What to do, to be copied: a command can be continued over lines; a manifest keeps its own, from the first column on,
 * because a shell looks for its end there.
 */
export function fixLines(fix: string, columns: number, first: string): string[] {
  const lines = fix.split('\n').map((line) => safeText(line, 1000));
  return lines.length === 1 ? wrapCommand(lines.join(), columns, first) : lines;
}
