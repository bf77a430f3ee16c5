/** A value that must not be seen, and what is written instead. */
export interface Secret {
  readonly value: string;
  /** `$HOPCHECK_JAEGER_TOKEN` */
  readonly placeholder: string;
}

export type Redactor = (text: string) => string;

/** Shorter ones would be found in ids and words that are no secrets; they are kept out by not being collected at all. */
const SHORTEST = 6;

/**
 * Replaces every secret by its placeholder, in whatever form it may have travelled: as it is, URL-encoded, in base64, or
 * as a part of a base64 `user:password`. The last guard, not the first: secrets are never put anywhere on purpose.
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
  return (text) => text.replace(pattern, (found) => placeholders.get(found) ?? '$SECRET');
}

/** The same for every string in a value that goes to JSON, keys apart. */
export function redactedJson(value: unknown, redact: Redactor): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'string' ? redact(item) : item));
}

function formsOf(value: string): readonly string[] {
  const lines = value.split(/\r?\n/).filter((line) => line.length >= SHORTEST && !line.startsWith('-----'));
  return [...new Set([value, ...(lines.length > 1 ? lines : [])])].flatMap((text) => [
    text,
    encodeURIComponent(text.toWellFormed()),
    base64(text),
    base64(text).replace(/=+$/, ''),
  ]);
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
