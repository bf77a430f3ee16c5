import type { OwnWords } from './own-words.ts';

/** A value that must not be seen, and what is written instead. */
export interface Secret {
  readonly value: string;
  /** `$HOPCHECK_TRACES_TOKEN` */
  readonly placeholder: string;
}

/** A shorter beginning of a secret reveals little and is found in innocent words, characters. */
const STUMP = 8;

export type Redactor = (text: string) => string;

/** Where nothing is to be hidden. */
export const KEEP_ALL: Redactor = (text) => text;

/** Shorter ones would be found in innocent ids and words; they are kept out by not being collected at all. */
const SHORTEST = 6;

/**
 * Replaces every secret by its placeholder, in whatever form it may have travelled: as it is, URL-encoded, in base64, as
 * text inside JSON, and line by line. A secret encoded together with other text, such as the base64 of `user:password`,
 * is another secret, which the caller must name. The last guard, not the first: secrets are never put anywhere on
 * purpose.
 */
export function createRedactor(secrets: readonly Secret[]): Redactor {
  const placeholders = new Map<string, string>();
  for (const { value, placeholder } of secrets) {
    for (const form of formsOf(value)) if (form.length >= SHORTEST) placeholders.set(form, placeholder);
  }
  if (placeholders.size === 0) return KEEP_ALL;
  // Longest first, so that a secret inside a longer one does not leave the rest of it standing.
  const forms = [...placeholders.keys()].toSorted((a, b) => b.length - a.length);
  const pattern = new RegExp(forms.map(escaped).join('|'), 'g');
  return (text) => {
    const redacted = text.replace(pattern, (found) => placeholders.get(found) ?? '$SECRET');
    return forms.reduce((rest, form) => withoutStump(rest, form, placeholders.get(form) ?? '$SECRET'), redacted);
  };
}

/** A secret that was cut before an ellipsis: messages quote only the beginning of what came. */
function withoutStump(text: string, secret: string, placeholder: string): string {
  if (!text.includes('…')) return text;
  const head = secret.slice(0, STUMP);
  let result = text;
  for (let at = result.indexOf(head); at >= 0; at = result.indexOf(head, at + 1)) {
    let end = at + head.length;
    while (end < result.length && result[end] === secret[end - at]) end += 1;
    if (result[end] === '…') result = result.slice(0, at) + placeholder + result.slice(end);
  }
  return result;
}

/** {@link redactDeep}, as JSON. */
export function redactedJson(value: unknown, redact: Redactor, own?: OwnWords): string {
  return JSON.stringify(redact === KEEP_ALL ? value : redactDeep(value, redact, own));
}

/**
 * A copy of a JSON value with every text redacted, and the names in maps such as tags, which come from outside as their
 * values do. Words and ids of the file itself that a secret is part of by chance stay: without them it is not readable.
 * @param own what the file's schema has at this place; absent: nothing.
 */
export function redactDeep(value: unknown, redact: Redactor, own?: OwnWords): unknown {
  if (typeof value === 'string') return redactField(value, redact, own);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => redactDeep(item, redact, own?.items));
  // As JSON.stringify does.
  if ('toJSON' in value && typeof value.toJSON === 'function') return redactDeep(value.toJSON(), redact, own);
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) =>
      own?.isMap === true
        ? [redact(name), redactDeep(item, redact, own.items)]
        : [name, redactDeep(item, redact, own?.fields.get(name))],
    ),
  );
}

const ID = /^(?:[0-9a-f]{16}|[0-9a-f]{32})$/;

function redactField(text: string, redact: Redactor, own?: OwnWords): string {
  const redacted = redact(text);
  if (redacted === text || own?.words.has(text) === true) return text;
  // An id that is itself a secret goes; a secret of fewer digits than an id is in it by chance.
  const hasShorter = [text.slice(1), text.slice(0, -1)].some((part) => redact(part) !== part);
  return hasShorter && own?.isId === true && ID.test(text) ? text : redacted;
}

function formsOf(value: string): readonly string[] {
  const lines = value.split(/\r?\n/).filter((line) => line.length >= SHORTEST && !line.startsWith('-----'));
  return [...new Set([value, ...(lines.length > 1 ? lines : [])])].flatMap((text) => {
    const url = encodeURIComponent(text.toWellFormed());
    return [
      text,
      url,
      // The case of the digits is free (RFC 3986 §2.1), and forms write a space as a plus.
      url.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase()),
      url.replaceAll('%20', '+'),
      JSON.stringify(text).slice(1, -1),
      base64(text),
      base64(text).replace(/=+$/, ''),
      Buffer.from(text, 'utf8').toString('base64url'),
    ];
  });
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
