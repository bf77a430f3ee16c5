/** The space between a number and its unit. */
const UNIT = /(?<=\d) (?=(?:[µm]?s|min|h|%|‰|[KMG]i?B|bytes)(?![\p{L}\d]))/gu;

/** The space between how many of how many and what they are, as shareWords says it. */
const COUNTED = /(?<=\d[ \u00a0]of[ \u00a0]\d+) (?=(?:probe|trace|call|attempt|span)s?\b)/g;

/**
 * "4 of 4 calls", "72 × 7", "± 3" and "12.1 s" are one thing each: a number at the end of a line would be read without its
 * unit. Joins them by spaces that do not break (U+00A0).
 */
export function keepTogether(text: string): string {
  return text
    .replace(COUNTED, '\u00a0')
    .replace(/(?<=\d) (of|×) (?=\d)/g, '\u00a0$1\u00a0')
    .replace(/± (?=\d)/g, '±\u00a0')
    .replace(UNIT, '\u00a0');
}
