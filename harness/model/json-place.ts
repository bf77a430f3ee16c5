/** Looking for the place parses the text some twenty times; in a longer one that would take seconds, characters. */
const LONGEST = 2 ** 20;

/**
 * Where a text stops being JSON: `line 2 column 10`, both from 1, or, where it is long and the engine does not
 * tell, `one of its 300 lines`. Nothing of the text is quoted, because it may be a secret.
 * @param error what JSON.parse threw at this text
 */
export function jsonPlace(text: string, error: unknown): string {
  const [, stated] = /at position (\d+)/.exec(messageOf(error)) ?? [];
  const isCut = /end of JSON input/.test(messageOf(error));
  if (stated === undefined && !isCut && text.length > LONGEST) return `one of its ${text.split('\n').length} lines`;
  const at = isCut ? text.length : stated === undefined ? firstUnexpected(text) : Number(stated);
  const before = text.slice(0, at).split('\n');
  return `line ${before.length} column ${(before.at(-1) ?? '').length + 1}`;
}

/**
 * The engine names an unexpected token without its position. But a beginning of the text has that token in it exactly
 * if it is long enough, so halving finds the place. No beginning has one: the text ends too early.
 */
function firstUnexpected(text: string): number {
  let fits = 0;
  let breaks = text.length + 1;
  while (breaks - fits > 1) {
    const middle = Math.floor((fits + breaks) / 2);
    if (hasUnexpected(text.slice(0, middle))) breaks = middle;
    else fits = middle;
  }
  return breaks - 1;
}

function hasUnexpected(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return false;
  } catch (error) {
    return messageOf(error).startsWith('Unexpected token');
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}
