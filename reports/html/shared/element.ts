import { safeText } from '../../characters/safe-text.ts';

/** Longest text shown as one piece; our own is shorter, other people's is cut. */
const LONGEST_TEXT = 2000;

/** An element as data: one description, written as text into the file and built as nodes in the browser. */
export interface HtmlElement {
  readonly tag: string;
  readonly attributes: Attributes;
  readonly children: readonly Child[];
}

/** undefined and false: no such attribute; true: the attribute alone. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Text is text: it is escaped where it is written, and never read as markup. */
export type Child = HtmlElement | string | number | undefined | false | readonly Child[];

/** `h('a', { href }, 'text')`; nothing here runs, loads or styles by attribute, so a strict policy can hold. */
export function h(tag: string, attributes: Attributes = {}, ...children: readonly Child[]): HtmlElement {
  return { tag, attributes, children };
}

/** Text as it may be shown: harmless and of a bearable length. */
export function shownText(text: string | number): string {
  return safeText(String(text), LONGEST_TEXT);
}

/**
 * The attribute as it may be written, or undefined. Addresses are web addresses, anchors of this page or pages beside it; handlers and
 * styles in attributes are a mistake of ours.
 * @throws Error on an attribute that could run or load something
 */
export function attributeText(name: string, value: string | number | boolean | undefined): string | undefined {
  if (/^on|^style$|^src|^action$|^formaction$/i.test(name)) throw new Error(`${name} is not for this page`);
  if (value === undefined || value === false) return undefined;
  if (name === 'href' && !/^(https?:\/\/|#|\.\/[\w.-]+\.html$)/i.test(String(value))) return undefined;
  if (value === true) return '';
  return safeText(String(value), name === 'd' ? Number.POSITIVE_INFINITY : LONGEST_TEXT);
}
