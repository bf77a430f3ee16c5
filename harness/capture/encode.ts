import { createHash } from 'node:crypto';
import { ownWordsOf } from './own-words.ts';
import type { CapturePart } from './part.ts';
import { KEEP_ALL, type Redactor, redactedJson } from './redact.ts';
import { RECORDS } from './schema.ts';

const OWN_WORDS = ownWordsOf(Object.values(RECORDS));

/** A body beyond this is kept up to here; the reader of the application has seen all of it. Bytes of UTF-8. */
export const BODY_CAP_BYTES = 64 * 1024;

/**
 * Writes parts as lines of the file: one JSON object each. An answer's body is written once, as a separate line, and
 * named by its hash after that: sixty equal pages are one.
 */
export class CaptureEncoder {
  readonly #redact: Redactor;
  readonly #bodies = new Set<string>();

  constructor(redact: Redactor = KEEP_ALL) {
    this.#redact = redact;
  }

  /** The lines of one part, each with its line end. */
  encode(part: CapturePart): string {
    if (part.type === 'exchange') return this.#exchange(part.exchange);
    if (part.type !== 'preflight') return this.#line(part);
    const { requests, ...preflight } = part.preflight;
    const lines = requests.map((exchange) => this.#withoutBody(exchange));
    const bodies = lines.map(({ body }) => body).join('');
    return (
      bodies + this.#line({ type: 'preflight', preflight: { ...preflight, requests: lines.map(({ bare }) => bare) } })
    );
  }

  #exchange(exchange: Extract<CapturePart, { type: 'exchange' }>['exchange']): string {
    const { body, bare } = this.#withoutBody(exchange);
    return body + this.#line({ type: 'exchange', exchange: bare });
  }

  #withoutBody(exchange: Extract<CapturePart, { type: 'exchange' }>['exchange']): { body: string; bare: unknown } {
    if (exchange.answer === undefined) return { body: '', bare: exchange };
    const { body, ...answer } = exchange.answer;
    // Before it is cut, for half a secret would not be known.
    const text = capped(this.#redact(body));
    const id = createHash('sha256').update(text).digest('hex').slice(0, 16);
    const bare = { ...exchange, answer: { ...answer, bodyRef: id } };
    if (this.#bodies.has(id)) return { body: '', bare };
    this.#bodies.add(id);
    return { body: `${JSON.stringify({ type: 'body', id, bytes: Buffer.byteLength(body), text })}\n`, bare };
  }

  #line(value: unknown): string {
    return `${redactedJson(value, this.#redact, OWN_WORDS)}\n`;
  }
}

/** Cut at a character, not inside one. */
function capped(body: string): string {
  const bytes = Buffer.from(body.slice(0, BODY_CAP_BYTES), 'utf8');
  if (bytes.length <= BODY_CAP_BYTES) return body.slice(0, BODY_CAP_BYTES).toWellFormed();
  let end = BODY_CAP_BYTES;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end).toString('utf8');
}
