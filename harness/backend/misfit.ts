import { BackendError } from './backend.ts';

/** An answer that does not fit: HC704, with the place (`data[0].spans[3].startTime`), what was expected and what came. */
export function misfit(place: string, expected: string, received: unknown): BackendError {
  const got = show(received);
  return new BackendError('HC704', `${place}: expected ${expected}, received ${got}`, {
    expected: `${place}: ${expected}`,
    received: got,
    misfit: { place, expected },
    hint: 'read the trace raw in a browser; if it looks right there, open an issue with this place',
  });
}

/** Short, and never more than a glimpse of foreign data. */
function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

export type Json = Readonly<Record<string, unknown>>;

export function asObject(value: unknown, place: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw misfit(place, 'object', value);
  return value as Json;
}

/** `null` and a missing list are empty ones: Go writes both (docs/facts/jaeger.md#legacy-envelope, #v3-replies). */
export function asList(value: unknown, place: string): readonly unknown[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw misfit(place, 'list', value);
  return value;
}

export function asText(value: unknown, place: string): string {
  if (typeof value !== 'string') throw misfit(place, 'string', value);
  return value;
}

/** A value that is not text, as JSON. @throws BackendError where it is nested too deep to be a value of a tag. */
export function asJson(value: unknown, place: string): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    throw misfit(place, 'a value that can be written down', value);
  }
}

/** Of 64 bit, as all times and durations are; sums of two of them are still numbers. */
const LARGEST = 2 ** 64;

/** An integer as a number, or as text where it may pass 2^53 (docs/facts/jaeger.md#legacy-fields). */
export function asInteger(value: unknown, place: string): number {
  const number = typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Math.abs(number) <= LARGEST) return number;
  throw misfit(place, 'number', value);
}

/** A JSON object with this key. */
export function hasKey(value: unknown, key: string): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, key);
}
