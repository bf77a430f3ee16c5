import { PLAIN, round } from './picture.ts';
import { type HtmlElement, h } from './shared/element.ts';
import { foreign, versionClass } from './shared/trace-words.ts';

/** Each version has its shape beside its colour. Outlines around 0,0, about 8 wide. */
const SHAPES: Readonly<Record<string, string>> = {
  v0: 'M0,-4A4,4 0 1 1 0,4A4,4 0 1 1 0,-4Z',
  v1: 'M0,-4.6L4.4,3.4L-4.4,3.4Z',
  v2: 'M-3.6,-3.6H3.6V3.6H-3.6Z',
  v3: 'M0,-5L4,0L0,5L-4,0Z',
  v4: 'M-1.4,-4.4H1.4V-1.4H4.4V1.4H1.4V4.4H-1.4V1.4H-4.4V-1.4H-1.4Z',
  v5: 'M0,4.6L4.4,-3.4L-4.4,-3.4Z',
  vx: 'M-3,-3L3,3M3,-3L-3,3',
};

/** The mark of a version at a place of a picture. */
export function versionMark(
  name: string,
  x: number,
  y: number,
  scale = 1,
  attributes: Readonly<Record<string, string | number>> = {},
): HtmlElement {
  const stroke = name === 'vx' ? { stroke: PLAIN.faint, 'stroke-width': 1.5 } : {};
  return h('path', {
    class: `mark-of ${name}`,
    d: SHAPES[name] ?? SHAPES.vx,
    transform: `translate(${round(x)},${round(y)})${scale === 1 ? '' : ` scale(${scale})`}`,
    fill: PLAIN.bar,
    ...stroke,
    ...attributes,
  });
}

/** Shape, colour and name of every version. */
export function versionLegend(versions: readonly string[], others: boolean): HtmlElement {
  const items = [...versions.map((version) => [version, versionClass(versions, version)] as const)];
  return h(
    'ul',
    { class: 'legend' },
    items.map(([version, name]) => h('li', {}, glyph(name), ' ', foreign(version))),
    others && h('li', {}, glyph('vx'), ' version not known'),
  );
}

function glyph(name: string): HtmlElement {
  return h('svg', { viewBox: '-6 -6 12 12', width: 14, height: 14, 'aria-hidden': 'true' }, versionMark(name, 0, 0));
}
