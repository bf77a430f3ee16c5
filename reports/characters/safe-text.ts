/** Longest piece of foreign text that is shown. */
const LONGEST = 400;

/**
 * Makes text from outside (pages, service names, URLs) harmless in a terminal and in XML: control characters, escape
 * sequences, line ends and direction marks become visible, lone surrogates go, and long text is cut.
 */
export function safeText(text: string, longest = LONGEST): string {
  const visible = text
    .slice(0, longest + 1)
    .toWellFormed()
    .replace(UNSAFE, (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
  return visible.length > longest ? `${visible.slice(0, longest).toWellFormed()}…` : visible;
}

/** C0 and C1 controls, line and paragraph separators, direction marks, and what XML 1.0 does not allow. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is for
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g;
