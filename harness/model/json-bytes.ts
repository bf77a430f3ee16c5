// Over 250 lines: the kinds of values of JSON, which share one place in the bytes.
/** Values that are nested deeper are not looked at here. */
const DEEPEST = 64;

export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_LIST = 0x5b;
export const CLOSE_LIST = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
const SPACE = 0x20;

/** 1: a hex digit in lower case; 2: may stand behind a backslash; 4: a digit */
const CLASS = new Uint8Array(256);
for (const one of '0123456789abcdef') CLASS[one.charCodeAt(0)] = 1;
for (const one of '0123456789') CLASS[one.charCodeAt(0)] = 1 | 4;
for (const one of '"\\/bfnrt') CLASS[one.charCodeAt(0)] = (CLASS[one.charCodeAt(0)] ?? 0) | 2;

const NOTHING = new Uint8Array(0);

/**
 * Goes through the bytes of JSON without making values of them. Each method begins at {@link at}. Where it returns true, the
 * bytes that it passed are JSON, and {@link at} is behind them. Where it returns false they may be JSON all the same, and a
 * caller leaves them to JSON.parse.
 */
export class JsonBytes {
  bytes: Uint8Array = NOTHING;
  view: DataView = new DataView(NOTHING.buffer);
  at = 0;
  /** The hash of what {@link text} or {@link object} went over last. */
  hash = 0;

  start(bytes: Uint8Array, at: number): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = at;
  }

  /** Holds the bytes no longer. */
  stop(): void {
    this.bytes = NOTHING;
    this.view = new DataView(NOTHING.buffer);
  }

  /** The same digits as at another place, in quotes. */
  same(from: number, count: number): boolean {
    if (this.bytes[this.at] !== QUOTE) this.space();
    const { bytes, at } = this;
    if (bytes[at] !== QUOTE || bytes[at + count + 1] !== QUOTE || !this.isSame(at + 1, from, count)) return false;
    this.at = at + count + 2;
    return true;
  }

  isSame(one: number, other: number, count: number): boolean {
    const { view } = this;
    if (Math.max(one, other) + count > view.byteLength) return false;
    for (let at = 0; at < count; at += 4)
      if (view.getInt32(one + at, true) !== view.getInt32(other + at, true)) return false;
    return true;
  }

  space(): void {
    const { bytes } = this;
    let { at } = this;
    for (;;) {
      const byte = bytes[at];
      if (byte !== SPACE && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
      at += 1;
    }
    this.at = at;
  }

  /** This byte, with space before it. */
  byte(wanted: number): boolean {
    if (this.bytes[this.at] !== wanted) {
      this.space();
      if (this.bytes[this.at] !== wanted) return false;
    }
    this.at += 1;
    return true;
  }

  /** Exactly these bytes. */
  literal(wanted: Uint8Array): boolean {
    const { bytes, at } = this;
    for (let index = 0; index < wanted.length; index += 1) if (bytes[at + index] !== wanted[index]) return false;
    this.at = at + wanted.length;
    return true;
  }

  /** A text without backslashes and control characters; its hash is that of its bytes with the quotes. */
  text(): boolean {
    const { bytes } = this;
    const { length } = bytes;
    if (bytes[this.at] !== QUOTE) this.space();
    if (bytes[this.at] !== QUOTE) return false;
    let hash = 0;
    let at = this.at + 1;
    while (at < length) {
      const byte = bytes[at] as number;
      at += 1;
      if (byte === QUOTE) {
        this.at = at;
        this.hash = hash;
        return true;
      }
      if (byte === BACKSLASH || byte < SPACE) return false;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    return false;
  }

  /** `count` hex digits in quotes, in lower case and not all of them 0. */
  id(count: number): boolean {
    if (this.bytes[this.at] !== QUOTE) this.space();
    const { bytes, at } = this;
    const end = at + count + 1;
    if (bytes[at] !== QUOTE || bytes[end] !== QUOTE) return false;
    let some = 0;
    for (let index = at + 1; index < end; index += 1) {
      const byte = bytes[index] as number;
      if (((CLASS[byte] as number) & 1) === 0) return false;
      some |= byte ^ 0x30;
    }
    this.at = end + 1;
    return some !== 0;
  }

  /** A whole number that is not negative. @returns -1: it is not one, or one beyond 2^53 */
  integer(): number {
    this.space();
    const { bytes } = this;
    const start = this.at;
    let at = start;
    let number = 0;
    for (;;) {
      const digit = (bytes[at] ?? 0) - 0x30;
      if (!(digit >= 0 && digit <= 9)) break;
      number = number * 10 + digit;
      at += 1;
    }
    this.at = at;
    const follows = bytes[at];
    const isWhole = follows === COMMA || follows === CLOSE_OBJECT || (follows !== undefined && follows <= SPACE);
    const isPlain = at > start && (at === start + 1 || bytes[start] !== 0x30) && at - start <= 16;
    return isWhole && isPlain && Number.isSafeInteger(number) ? number : -1;
  }

  /**
   * From an opening brace to the closing one that belongs to it. It is not checked that this is JSON; the hash is that of its
   * bytes, so that a caller can know them by it.
   */
  object(): boolean {
    const { bytes } = this;
    const { length } = bytes;
    if (bytes[this.at] !== OPEN_OBJECT) this.space();
    if (bytes[this.at] !== OPEN_OBJECT) return false;
    let hash = 0;
    let depth = 1;
    let at = this.at + 1;
    while (at < length) {
      let byte = bytes[at] as number;
      at += 1;
      hash = (Math.imul(hash, 31) + byte) | 0;
      if (byte === QUOTE) {
        while (at < length) {
          byte = bytes[at] as number;
          at += 1;
          hash = (Math.imul(hash, 31) + byte) | 0;
          if (byte === QUOTE) break;
          if (byte === BACKSLASH) at += 1;
        }
      } else if (byte === CLOSE_OBJECT) {
        depth -= 1;
        if (depth > 0) continue;
        if (at > length) return false;
        this.at = at;
        this.hash = hash;
        return true;
      } else if (byte === OPEN_OBJECT) depth += 1;
    }
    return false;
  }

  /** Any value. */
  value(depth = 0): boolean {
    this.space();
    switch (this.bytes[this.at]) {
      case QUOTE:
        return this.anyText();
      case OPEN_OBJECT:
        return depth < DEEPEST && this.#members(depth);
      case OPEN_LIST:
        return depth < DEEPEST && this.#items(depth);
      case 0x6e:
        return this.literal(NULL);
      case 0x74:
        return this.literal(TRUE);
      case 0x66:
        return this.literal(FALSE);
      default:
        return this.#number();
    }
  }

  /** A text, whatever is in it; its hash is as that of {@link text}. */
  anyText(): boolean {
    const { bytes } = this;
    const { length } = bytes;
    if (bytes[this.at] !== QUOTE) return false;
    let hash = 0;
    let at = this.at + 1;
    while (at < length) {
      const byte = bytes[at] as number;
      at += 1;
      if (byte === QUOTE) {
        this.at = at;
        this.hash = hash;
        return true;
      }
      hash = (Math.imul(hash, 31) + byte) | 0;
      if (byte < SPACE) return false;
      if (byte !== BACKSLASH) continue;
      // A code point by its number is left to JSON.parse.
      if (((CLASS[bytes[at] ?? 0] as number) & 2) === 0) return false;
      at += 1;
    }
    return false;
  }

  #members(depth: number): boolean {
    this.at += 1;
    if (this.byte(CLOSE_OBJECT)) return true;
    do {
      this.space();
      if (!this.anyText() || !this.byte(COLON) || !this.value(depth + 1)) return false;
    } while (this.byte(COMMA));
    return this.byte(CLOSE_OBJECT);
  }

  #items(depth: number): boolean {
    this.at += 1;
    if (this.byte(CLOSE_LIST)) return true;
    do if (!this.value(depth + 1)) return false;
    while (this.byte(COMMA));
    return this.byte(CLOSE_LIST);
  }

  /** A number without fraction and exponent. */
  #number(): boolean {
    if (this.bytes[this.at] === 0x2d) this.at += 1;
    const start = this.at;
    while (((CLASS[this.bytes[this.at] ?? 0] as number) & 4) !== 0) this.at += 1;
    const digits = this.at - start;
    return digits > 0 && (digits === 1 || this.bytes[start] !== 0x30);
  }
}

/** The bytes of a text of ASCII characters. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (one) => one.charCodeAt(0));
}
const NULL = bytesOf('null');
const TRUE = bytesOf('true');
const FALSE = bytesOf('false');
