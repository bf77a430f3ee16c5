import { safeText } from './characters/safe-text.ts';

/** Longest piece of foreign text once it is escaped: a character may become eight. */
const LONGEST = 1200;

/**
 * Foreign text as text: the punctuation that Markdown reads is escaped (CommonMark §2.4), & and < become entities, for
 * HTML is read first, and what GitHub makes links and mentions of by itself is broken by a character without width.
 */
export function plain(text: string): string {
  for (let kept = 400; ; kept = Math.floor(kept / 2)) {
    const escaped = escapeText(safeText(text, kept));
    if (escaped.length <= LONGEST) return escaped;
  }
}

function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_{}[\]()+!|~>$^]/g, (character) => `\\${character}`)
    .replace(/[@#]/g, (character) => `${character}&#8203;`)
    .replace(/:(?=\/\/)|\b(?:www|mailto|xmpp)(?=[.:])/gi, (found) => `${found}&#8203;`);
}

/** A command to copy: nothing is read inside a code span but its end. */
export function codeSpan(command: string): string {
  const safe = safeText(command, 500);
  return safe.includes('`') ? plain(safe) : `\`${safe}\``;
}

/** Only what is a web address becomes a link; what could end it is percent-encoded. */
export function linkOf(link: string): string {
  const safe = safeText(link, 2000);
  if (!/^https?:\/\//.test(safe)) return plain(safe);
  const target = safe.replace(/[\s<>()[\]\\"`|*_]/g, (character) =>
    encodeURIComponent(character).replace(/[()*_]/g, hex),
  );
  return `[open](<${target}>)`;
}

function hex(character: string): string {
  return `%${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map(row).join('\n');
}

export function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
