import type { Scale } from './scale.ts';
import { type Child, type HtmlElement, h } from './shared/element.ts';

/** All pictures are drawn this wide and scaled; the style sheet makes letters larger where the picture is small (styles/pictures.css). */
export const PICTURE_WIDTH = 440;

/** As wide as a character of a tick may be, in the fonts people have and the largest letters. */
const TICK_CHARACTER = 10;
/** Room for large letters before the values at the left, and below the words at the bottom. */
const MARGIN = { left: 16, bottom: 4 } as const;

/** Colours for a viewer that applies no style sheet; with one, classes say it (styles/). */
export const PLAIN = { ink: '#333333', faint: '#767676', line: '#cccccc', fail: '#b3261e', bar: '#5b7ea4' } as const;

/** A picture with its title, what it says in words (for who does not see it, and for who does), and its legend. */
export function figure(
  title: string,
  says: Child,
  picture: HtmlElement,
  options: { readonly legend?: Child; readonly wide?: boolean; readonly id?: string } = {},
): HtmlElement {
  return h(
    'figure',
    { class: options.wide ? 'card wide' : 'card', id: options.id },
    h('figcaption', {}, h('h3', {}, title), h('p', { class: 'faint' }, says), options.legend),
    picture,
  );
}

/** An image to assistive technology: its label says what there is, the caption what it means. */
export function svg(label: string, height: number, ...children: readonly Child[]): HtmlElement {
  return h(
    'svg',
    {
      class: 'picture',
      viewBox: `${-MARGIN.left} 0 ${MARGIN.left + PICTURE_WIDTH} ${height + MARGIN.bottom}`,
      // For a viewer without styles: without a width, it would be as wide as the page.
      width: MARGIN.left + PICTURE_WIDTH,
      height: height + MARGIN.bottom,
      role: 'img',
      'aria-label': label,
      'font-size': 12,
      'font-family': 'system-ui, sans-serif',
      fill: PLAIN.ink,
    },
    children,
  );
}

export function line(x1: number, y1: number, x2: number, y2: number, name = 'grid'): HtmlElement {
  return h('path', {
    class: name,
    d: `M${round(x1)},${round(y1)}L${round(x2)},${round(y2)}`,
    stroke: PLAIN.line,
    fill: 'none',
  });
}

export function label(
  x: number,
  y: number,
  text: Child,
  anchor: 'start' | 'middle' | 'end' = 'start',
  name = 'tick',
): HtmlElement {
  return h('text', { class: name, x: round(x), y: round(y), 'text-anchor': anchor }, text);
}

/** Values across the bottom, as light lines from `top` to `bottom` with their words below, none of which leaves the picture. */
export function axisX(scale: Scale, top: number, bottom: number, words: (value: number) => string): HtmlElement {
  return h(
    'g',
    {},
    scale.ticks.map((tick) => {
      // Zero needs no decimals, and would lie over the zero of the other axis with them.
      const text = tick === 0 ? '0' : words(tick);
      const half = (text.length * TICK_CHARACTER) / 2;
      return [
        line(scale(tick), top, scale(tick), bottom),
        label(Math.min(Math.max(scale(tick), half - MARGIN.left), PICTURE_WIDTH - half), bottom + 15, text, 'middle'),
      ];
    }),
  );
}

export function axisY(scale: Scale, left: number, right: number, words: (value: number) => string): HtmlElement {
  return h(
    'g',
    {},
    scale.ticks.map((tick) => [
      line(left, scale(tick), right, scale(tick)),
      label(left - 6, scale(tick) + 4, words(tick), 'end'),
    ]),
  );
}

/** One tenth of a unit is finer than an eye sees, and half the bytes. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
