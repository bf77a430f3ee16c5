import { placesOf } from './id-places.ts';
import type { SpanId } from './ids.ts';
import { PackedSpan } from './packed-spans.ts';
import { SPAN_KINDS, type Span, tag } from './span.ts';
import type { Rows } from './span-rows.ts';
import type { Frame, SpanWords } from './span-words.ts';
import { REQUEST_ID_TAG, secondName } from './tag-names.ts';
import { byStart } from './trace.ts';

/**
 * The tags that decide what is found in a trace. A judgement that is made once for all traces of a form reads no other
 * (fixtures/recordings/same-report-of-copies.test.ts holds that); of {@link REQUEST_ID_TAG} it reads only which spans have the same.
 */
export const FORM_TAGS: readonly string[] = [
  'component',
  'http.status_code',
  'response_flags',
  'upstream_cluster',
  'grpc.status_code',
  'node_id',
  'istio.canonical_service',
  'istio.canonical_revision',
  'istio.namespace',
];

/** Traces with more spans are looked at one by one. */
const MOST_SPANS = 256;
/** Most forms that are kept apart: where traces have more, they have little in common. */
const MOST_FORMS = 20_000;

/**
 * What traces have in common that differ in ids, times and texts of one request alone: kinds, services, operations, how
 * their spans hang together, the order in which they start, the tags of {@link FORM_TAGS}, and which spans share an
 * x-request-id. An object stands for it.
 */
export class TraceForm {
  readonly #key: Int32Array;

  constructor(key: Int32Array) {
    this.#key = key;
  }

  is(key: Int32Array, length: number): boolean {
    const own = this.#key;
    if (own.length !== length) return false;
    for (let at = 0; at < length; at += 1) if (own[at] !== key[at]) return false;
    return true;
  }
}

/** What finds forms: the same one has to be asked of all traces that are compared. */
export interface FormFinder {
  of(spans: readonly Span[], carriedParent?: SpanId): TraceForm | undefined;
}

/** Finds the forms of traces. Two traces have one form only where both are packed with the same words, or neither is packed. */
export class TraceForms implements FormFinder {
  readonly #words = new Map<SpanWords | undefined, Map<number, TraceForm[]>>();
  /** Of spans that are not packed: each text has a number. */
  readonly #texts = new Map<string, number>();
  readonly #places = new Map<Frame['table'], Int16Array>();
  #key = new Int32Array(1024);
  #used = 0;
  #forms = 0;

  /**
   * @param carriedParent the parent id that the probe carried
   * @returns undefined: it has none, and is looked at by itself: its spans are too many, or some have one id and kind
   */
  of(spans: readonly Span[], carriedParent?: SpanId): TraceForm | undefined {
    const [first] = spans;
    if (spans.length === 0 || spans.length > MOST_SPANS) return undefined;
    const words = first instanceof PackedSpan ? first.rows.words : undefined;
    this.#used = 0;
    this.#add(spans.length);
    for (const span of spans) {
      const isPacked = span instanceof PackedSpan;
      if ((isPacked ? span.rows.words : undefined) !== words) return undefined;
      if (isPacked) this.#tagsOf(span.rows, span.at);
      else this.#tagsOfPlain(span);
    }
    if (!this.#links(spans, carriedParent)) return undefined;
    this.#order(spans);
    this.#requestIds(spans);
    return this.#find(words);
  }

  #add(value: number): void {
    if (this.#used === this.#key.length) {
      const wider = new Int32Array(2 * this.#key.length);
      wider.set(this.#key);
      this.#key = wider;
    }
    this.#key[this.#used] = value;
    this.#used += 1;
  }

  #tagsOf(rows: Rows, at: number): void {
    this.#add(rows.frameNumber(at));
    const places = this.#placesOf(rows.frame(at).table);
    for (let index = 0; index < FORM_TAGS.length; index += 1) {
      const place = places[index] as number;
      if (place >= 0) this.#add(rows.pair(at, place));
    }
  }

  #tagsOfPlain(span: Span): void {
    this.#add(SPAN_KINDS.indexOf(span.kind));
    this.#add(this.#numberOf(span.service));
    this.#add(this.#numberOf(span.operation));
    for (const key of FORM_TAGS) {
      const text = tag(span, key);
      this.#add(text === undefined ? -1 : this.#numberOf(text));
    }
    // Of a gateway's two spans only the upper one has one, whatever it is (docs/facts/envoy.md#healthy-traces).
    this.#add(tag(span, 'user_agent') === undefined ? 0 : 1);
  }

  #numberOf(text: string): number {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const number = this.#texts.size;
    this.#texts.set(text, number);
    return number;
  }

  /** Where the tags lie. */
  #placesOf(table: Frame['table']): Int16Array {
    const known = this.#places.get(table);
    if (known !== undefined) return known;
    const places = Int16Array.from(FORM_TAGS, (key) => {
      const second = secondName(key);
      return table.places.get(key) ?? (second === undefined ? undefined : table.places.get(second)) ?? -1;
    });
    this.#places.set(table, places);
    return places;
  }

  /** Which spans have one id, and which have the parent's. @returns false: two have one id and kind */
  #links(spans: readonly Span[], carriedParent: SpanId | undefined): boolean {
    const ids = placesOf(spans);
    for (let at = 0; at < spans.length; at += 1) {
      const span = spans[at] as Span;
      const own = ids.first(at);
      if (own !== at)
        for (let other = own; other < at; other += 1)
          if (ids.haveSame(other, at) && (spans[other] as Span).kind === span.kind) return false;
      // Under a shared span context the entry takes the id that the probe carried.
      this.#add(2 * own + Number(carriedParent !== undefined && span.id === carriedParent));
      const parent = ids.parent(at);
      if (parent === undefined) this.#add(-1);
      else this.#add(2 * (parent + 1) + Number(carriedParent !== undefined && span.parentId === carriedParent));
    }
    return true;
  }

  #order(spans: readonly Span[]): void {
    let isInOrder = true;
    for (let at = 1; at < spans.length && isInOrder; at += 1)
      isInOrder = byStart(spans[at - 1] as Span, spans[at] as Span) <= 0;
    if (isInOrder) return;
    const places = spans.map((_, place) => place);
    places.sort((a, b) => byStart(spans[a] as Span, spans[b] as Span));
    for (const place of places) this.#add(-2 - place);
  }

  /** For each span, the first one with its x-request-id. */
  #requestIds(spans: readonly Span[]): void {
    const given: string[] = [];
    const texts: string[] = [];
    for (const span of spans) {
      const id = tag(span, REQUEST_ID_TAG);
      if (id === undefined) {
        this.#add(-1);
        continue;
      }
      let same = given.indexOf(id);
      if (same < 0) {
        same = given.length;
        given.push(id);
        texts.push(withoutDecision(id));
      }
      this.#add(texts.indexOf(texts[same] as string));
    }
  }

  #find(words: SpanWords | undefined): TraceForm | undefined {
    let forms = this.#words.get(words);
    if (forms === undefined) {
      forms = new Map();
      this.#words.set(words, forms);
    }
    let hash = 0;
    for (let at = 0; at < this.#used; at += 1) hash = (Math.imul(hash, 31) + (this.#key[at] as number)) | 0;
    const alike = forms.get(hash);
    const known = alike?.find((form) => form.is(this.#key, this.#used));
    if (known !== undefined || this.#forms === MOST_FORMS) return known;
    const form = new TraceForm(this.#key.slice(0, this.#used));
    this.#forms += 1;
    if (alike === undefined) forms.set(hash, [form]);
    else alike.push(form);
    return form;
  }
}

/** Envoy packs its decision into one digit (docs/facts/envoy.md#decision). */
function withoutDecision(id: string): string {
  return id.length === 36 ? `${id.slice(0, 14)}${id.slice(15)}#` : id;
}
