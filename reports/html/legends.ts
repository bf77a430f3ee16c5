import { type Child, type HtmlElement, h } from './shared/element.ts';
import { STATE_SIGNS, STATE_WORDS } from './shared/trace-words.ts';

const SWATCH = { width: 28, height: 12 } as const;
const FILL = '#5b7ea4';

/** What the bars of a trace and the signs of the list mean. */
export function traceLegend(): HtmlElement {
  const states = Object.entries(STATE_SIGNS).map(
    ([state, sign]) =>
      [h('b', { class: `state ${state}` }, sign), ` ${STATE_WORDS[state as keyof typeof STATE_WORDS]}`] as const,
  );
  return legend([
    [bar('server', 2, 8, { fill: FILL }), ' a call answered (SERVER)'],
    [bar('client', 2, 8, { fill: '#ffffff', stroke: FILL }), ' a call made (CLIENT)'],
    [bar('server', 4, 4, { fill: FILL }), " a span of the application's own SDK"],
    [
      swatch(
        h('rect', {
          class: 'hole',
          x: 1,
          y: 1,
          width: 26,
          height: 10,
          fill: 'none',
          stroke: '#b3261e',
          'stroke-dasharray': '4 3',
        }),
      ),
      ' missing here',
    ],
    ...states,
    [h('b', {}, '7+2 spans'), ' two of them under another trace id'],
  ]);
}

/** What the cells of the matrix mean. */
export function matrixLegend(dash: Child): HtmlElement {
  return legend([
    [h('b', { class: 'cell kept' }, '✓'), ' kept: the call carries it as it came'],
    [h('b', { class: 'cell lost' }, '✗'), ' lost: the call does not carry it'],
    [h('b', { class: 'cell changed' }, '≠'), ' changed: the call carries another value'],
    [h('b', {}, '·'), ' unseen: no span shows it'],
    ...(dash ? [[h('b', {}, '–'), ' ', dash]] : []),
  ]);
}

function legend(items: readonly (readonly Child[])[]): HtmlElement {
  return h(
    'ul',
    { class: 'legend' },
    items.map((item) => h('li', {}, h('span', {}, item))),
  );
}

function bar(
  kind: 'server' | 'client',
  y: number,
  height: number,
  colours: Readonly<Record<string, string>>,
): HtmlElement {
  return swatch(h('rect', { class: `bar ${kind}`, x: 1, y, width: 26, height, rx: 2, ...colours }));
}

function swatch(shape: HtmlElement): HtmlElement {
  const { width, height } = SWATCH;
  return h('svg', { class: 'swatch', viewBox: `0 0 ${width} ${height}`, width, height, 'aria-hidden': 'true' }, shape);
}
