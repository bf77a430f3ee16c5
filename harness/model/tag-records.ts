/** Most sets of keys that are kept; spans of a mesh have a few dozen. */
const MOST_SHAPES = 4000;
/** A record of more tags is made the plain way. */
const MOST_TAGS = 100;
/** Most texts that are kept to be shared, and the longest, characters. */
const MOST_TEXTS = 50_000;
const LONGEST_TEXT = 200;

interface Key {
  readonly name: string;
  /** A separate number. The sum of those of a set is the mark of the set. */
  readonly mark: number;
  /** The last record that had it. */
  record: number;
}

/** A set of keys, in the order of their names. */
interface Shape {
  readonly keys: readonly Key[];
  readonly places: ReadonlyMap<Key, number>;
  /** As JSON.parse makes it, so that a copy is an object with a fixed layout and no dictionary. */
  readonly template: Readonly<Record<string, string>>;
  /** Of the last record. */
  readonly texts: string[];
}

/**
 * Makes records of tags that take little memory: records with the same keys share one layout, and equal texts are one
 * text. A record that is filled key by key becomes a dictionary of 1.6 kB for 25 tags; one of these has 232 bytes, and is
 * made eight times as fast (measured on Node 24). Backends give tags in any order, another one for each span; here they
 * are in the order of their keys.
 */
export class TagRecords {
  readonly #texts = new Map<string, string>();
  readonly #keys = new Map<string, Key>();
  readonly #shapes = new Map<number, Shape>();
  #record = 0;
  #mark = 0;
  #own: Key[] = [];
  #values: string[] = [];

  start(): void {
    this.#record += 1;
    this.#mark = 0;
    this.#own = [];
    this.#values = [];
  }

  /** The first of several texts of one key counts. */
  add(name: string, text: string): void {
    const key = this.#keys.get(name) ?? this.#newKey(name);
    if (key.record === this.#record) return;
    key.record = this.#record;
    this.#mark = (this.#mark + key.mark) % 2 ** 52;
    this.#own.push(key);
    this.#values.push(text);
  }

  finish(): Record<string, string> {
    const own = this.#own;
    const shape = this.#shapes.get(this.#mark) ?? this.#newShape();
    if (shape === undefined || shape.keys.length !== own.length) return this.#plain();
    const record: Record<string, string> = { ...shape.template };
    for (let index = 0; index < own.length; index += 1) {
      const place = shape.places.get(own[index] as Key);
      // Another set of keys with the same mark.
      if (place === undefined) return this.#plain();
      const before = shape.texts[place] ?? '';
      let text = this.#values[index] ?? '';
      if (text === before) text = before;
      else {
        text = this.text(text);
        shape.texts[place] = text;
      }
      record[(own[index] as Key).name] = text;
    }
    return record;
  }

  /** One text for all that are equal, as long as there are not too many different ones. */
  text(text: string): string {
    if (text.length > LONGEST_TEXT) return text;
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    if (this.#texts.size >= MOST_TEXTS) this.#texts.clear();
    this.#texts.set(text, text);
    return text;
  }

  #newKey(name: string): Key {
    const turn = this.#keys.size + 1;
    const key = { name, mark: mixed(turn) * 2 ** 26 + mixed(turn ^ 0x9e3779b9), record: 0 };
    // A hostile dump has a new key for each tag: those are not kept.
    if (this.#keys.size < MOST_TEXTS) this.#keys.set(name, key);
    return key;
  }

  #newShape(): Shape | undefined {
    const isPlain =
      this.#own.length > MOST_TAGS ||
      this.#own.some((key) => key.name === '__proto__' || this.#keys.get(key.name) !== key);
    if (isPlain || this.#shapes.size >= MOST_SHAPES) return undefined;
    const keys = this.#own.toSorted(byName);
    const template = JSON.parse(
      `{${keys.map(({ name }) => `${JSON.stringify(name)}:""`).join(',')}}`,
    ) as Shape['template'];
    const shape = {
      keys,
      template,
      places: new Map(keys.map((key, place) => [key, place])),
      texts: keys.map(() => ''),
    };
    this.#shapes.set(this.#mark, shape);
    return shape;
  }

  #plain(): Record<string, string> {
    const pairs = this.#own.map((key, index) => ({ ...key, text: this.#values[index] ?? '' })).toSorted(byName);
    const tags: Record<string, string> = {};
    for (const { name, text } of pairs) setTag(tags, name, text);
    return tags;
  }
}

/** 26 bits that say nothing of the number: sums of a few are different for different numbers. */
function mixed(number: number): number {
  let bits = Math.imul(number ^ (number >>> 16), 0x45d9f3b);
  bits = Math.imul(bits ^ (bits >>> 16), 0x45d9f3b);
  return (bits ^ (bits >>> 16)) >>> 6;
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** As an own property even for `__proto__`. */
function setTag(tags: Record<string, string>, key: string, text: string): void {
  if (Object.hasOwn(tags, key)) return;
  if (key === '__proto__')
    Object.defineProperty(tags, key, { value: text, enumerable: true, configurable: true, writable: true });
  else tags[key] = text;
}
