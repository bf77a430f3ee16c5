/**
 * A command line as words, as shells split one: spaces between words, quotes around them, a backslash before a character.
 * Nothing else of a shell is in it: `$HOME`, `*` and `|` stay what they are (`--shell` is for those).
 * @returns undefined where a quote is not closed.
 */
export function wordsOf(line: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote: '"' | "'" | undefined;
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (quote !== undefined) {
      if (character === quote) quote = undefined;
      else if (character === '\\' && quote === '"' && /["\\]/.test(line.charAt(at + 1))) {
        at += 1;
        word = `${word ?? ''}${line.charAt(at)}`;
      } else word = `${word ?? ''}${character}`;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === '\\' && process.platform !== 'win32' && at + 1 < line.length) {
      at += 1;
      word = `${word ?? ''}${line.charAt(at)}`;
    } else word = `${word ?? ''}${character}`;
  }
  if (quote !== undefined) return undefined;
  return word === undefined ? words : [...words, word];
}
