import { type HtmlElement, h } from './shared/element.ts';

/** A part of the page, by its address. */
export interface Place {
  readonly id: string;
  readonly name: string;
}

/** Links to the parts of the page, always in sight (styles/contents.css). */
export function contents(places: readonly Place[]): HtmlElement {
  return h(
    'nav',
    { id: 'contents', 'aria-label': 'Contents' },
    h(
      'ul',
      {},
      places.map(({ id, name }) => h('li', {}, h('a', { href: `#${id}` }, name))),
    ),
  );
}
