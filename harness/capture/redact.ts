import { isId, isOwnWord } from './own-words.ts';

/** A value that must not be seen, and what is written instead. */
export interface Secret {
  readonly value: string;
  /** `$HOPCHECK_JAEGER_TOKEN` */
  readonly placeholder: string;
}

/** A beginning of a secret that is shorter tells little and is found in innocent words, characters. */
const STUMP = 8;

export type Redactor = (text: string) => string;

/** Shorter ones would be found in ids and words that are no secrets; they are kept out by not being collected at all. */
const SHORTEST = 6;

/**
 * Replaces every secret by its placeholder, in whatever form it may have travelled: as it is, URL-encoded, in base64, as
 * text inside JSON, and line by line. What is encoded together with other text, such as the base64 of `user:password`,
 * is a secret of its own for the caller to name. The last guard, not the first: secrets are never put anywhere on purpose.
 */
export function createRedactor(secrets: readonly Secret[]): Redactor {
  const placeholders = new Map<string, string>();
  for (const { value, placeholder } of secrets) {
    for (const form of formsOf(value)) if (form.length >= SHORTEST) placeholders.set(form, placeholder);
  }
  if (placeholders.size === 0) return (text) => text;
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
export function redactedJson(value: unknown, redact: Redactor): string {
  return JSON.stringify(redactDeep(value, redact));
}

/**
 * A copy of a JSON value with every text redacted, and the names of tags, which come from outside as their values do.
 * The file's own words and ids that a secret is a part of by chance stay as they are: without them the file is none.
 */
export function redactDeep(value: unknown, redact: Redactor, name = ''): unknown {
  if (typeof value === 'string') return redactField(name, value, redact);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => redactDeep(item, redact));
  if (name === 'tags')
    return Object.fromEntries(Object.entries(value).map(([tag, item]) => [redact(tag), redactDeep(item, redact)]));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactDeep(item, redact, key)]));
}

function redactField(name: string, text: string, redact: Redactor): string {
  const redacted = redact(text);
  if (redacted === text || isOwnWord(name, text)) return text;
  // An id that is itself a secret goes; a secret of fewer digits than an id is in it by chance.
  const hasShorter = [text.slice(1), text.slice(0, -1)].some((part) => redact(part) !== part);
  return hasShorter && isId(name, text) ? text : redacted;
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
