const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Of a byte outside of texts: 0 nothing, 1 a space, 2 opens, 3 closes, 4 comma, 5 colon, 6 quote. */
export const KINDS = new Uint8Array(256);
for (const byte of [0x20, 0x09, 0x0a, 0x0d]) KINDS[byte] = 1;
for (const byte of [0x5b, 0x7b]) KINDS[byte] = 2;
for (const byte of [0x5d, 0x7d]) KINDS[byte] = 3;
KINDS[0x2c] = 4;
KINDS[0x3a] = 5;
KINDS[QUOTE] = 6;

/** Passes over JSON in bytes that come piece by piece. It checks nothing but texts and depths. */
export class JsonSkip {
  depth = 0;
  inText = false;
  #escaped = false;

  /**
   * Goes on through an object or a list.
   * @param top the depth at which it is over
   * @returns behind its end, or the end of the chunk
   */
  inside(chunk: Buffer, start: number, top: number): number {
    const length = chunk.length;
    let depth = this.depth;
    let at = start;
    if (this.inText) at = this.textEnd(chunk, at);
    if (this.inText) return at;
    while (at < length) {
      const kind = KINDS[chunk[at] as number] as number;
      at += 1;
      if (kind === 6) {
        for (;;) {
          if (at >= length) {
            this.inText = true;
            this.#escaped = at > length;
            this.depth = depth;
            return length;
          }
          const byte = chunk[at];
          at += 1;
          if (byte === QUOTE) break;
          if (byte === BACKSLASH) at += 1;
        }
      } else if (kind === 2) depth += 1;
      else if (kind === 3) {
        depth -= 1;
        if (depth === top) break;
      }
    }
    this.depth = depth;
    return at;
  }

  /** @returns behind the quote that ends the text, or the end of the chunk. */
  textEnd(chunk: Buffer, start: number): number {
    let at = start;
    if (this.#escaped) {
      this.#escaped = false;
      at += 1;
    }
    const length = chunk.length;
    while (at < length) {
      const byte = chunk[at];
      at += 1;
      if (byte === QUOTE) {
        this.inText = false;
        return at;
      }
      if (byte !== BACKSLASH) continue;
      if (at === length) this.#escaped = true;
      at += 1;
    }
    return Math.min(at, length);
  }
}
