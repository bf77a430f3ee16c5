import { type Child, type HtmlElement, h } from './element.ts';
import { duration } from './format.ts';
import type { ShownSpan, ShownTrace } from './shown.ts';
import { depthClass, levelsClass, plainIndent, spanName } from './span-name.ts';
import { foreign, MARK_WORDS, serviceClass, wrongMarks } from './trace-words.ts';

/** Bars lie on this many units, whatever the width of the page. */
const WIDTH = 1000;
const HEIGHT = 20;
const TICKS = 4;

/** A call made, in a viewer without styles; filled is one answered. */
const HOLLOW = { fill: '#ffffff', stroke: '#5b7ea4', 'stroke-width': 2, 'vector-effect': 'non-scaling-stroke' };

interface Axis {
  readonly fromMicros: number;
  readonly lengthMicros: number;
}

/**
 * One trace as a tree with bars over time, one row per span. A missing call has a row where it should hang. Spans found
 * under another trace id follow below, on the same axis. Rows carry `data-span`: their place among spans and then
 * fragments' spans.
 */
export function waterfall(trace: ShownTrace, services: readonly string[], backend: string): HtmlElement {
  const axis = axisOf(trace);
  let place = 0;
  const rows = trace.spans.flatMap((span, index) => [
    spanRow(span, parentIn(trace.spans, span), place++, axis, services),
    ...trace.gaps.filter(({ below }) => below === index).map((gap) => gapRow(gap, span, axis)),
  ]);
  const lost = trace.gaps.filter(({ below }) => below === undefined).map((gap) => gapRow(gap, undefined, axis));
  const fragments = trace.fragments.flatMap(({ id, spans, spansLeftOut }) => [
    heading(['the same request, under another trace id ', h('code', {}, id)], 'elsewhere'),
    ...spans.map((span) => spanRow(span, parentIn(spans, span), place++, axis, services, true)),
    ...more(spansLeftOut, backend),
  ]);
  const drawn = [trace.spans, ...trace.fragments.map(({ spans }) => spans)].flat();
  const levels = levelsClass([
    ...drawn.map(({ depth }) => depth),
    ...trace.gaps.map(({ below }) => (trace.spans[below ?? -1]?.depth ?? -1) + 1),
  ]);
  return h(
    'table',
    {
      class: `waterfall ${levels}`,
      role: 'treegrid',
      'aria-label': `Spans of trace ${trace.id}`,
      'data-trace': trace.id,
    },
    h('colgroup', {}, h('col', { class: 'who' }), h('col', { class: 'when' }), h('col', { class: 'long' })),
    h('thead', { role: 'rowgroup' }, header(axis)),
    h('tbody', { role: 'rowgroup' }, lost, rows, more(trace.spansLeftOut, backend), fragments),
  );
}

function parentIn(spans: readonly ShownSpan[], { parent }: ShownSpan): ShownSpan | undefined {
  return parent === undefined ? undefined : spans[parent];
}

function axisOf({ spans, fragments }: ShownTrace): Axis {
  const all = [...spans, ...fragments.flatMap((fragment) => fragment.spans)];
  const from = all.reduce((least, { offsetMicros }) => Math.min(least, offsetMicros), 0);
  const to = all.reduce((most, span) => Math.max(most, span.offsetMicros + span.durationMicros), 0);
  return { fromMicros: from, lengthMicros: Math.max(1, to - from) };
}

function header({ fromMicros, lengthMicros }: Axis): HtmlElement {
  const ticks = Array.from({ length: TICKS + 1 }, (_, n) => [
    h('span', {}, duration(fromMicros + (lengthMicros * n) / TICKS)),
    ' ',
  ]);
  return h(
    'tr',
    { role: 'row' },
    h('th', { role: 'columnheader', scope: 'col' }, 'service and span'),
    h('th', { role: 'columnheader', scope: 'col', class: 'when' }, h('div', { class: 'ticks' }, ticks)),
    h('th', { role: 'columnheader', scope: 'col', class: 'number' }, 'took'),
  );
}

function spanRow(
  span: ShownSpan,
  above: ShownSpan | undefined,
  place: number,
  axis: Axis,
  services: readonly string[],
  elsewhere = false,
): HtmlElement {
  const { service, proxy, depth, marks, codes, status, flags } = span;
  const wrong = wrongMarks(marks);
  const answered =
    status === undefined || (status >= 200 && status < 400) ? '' : status === 0 ? 'no answer' : `${status}`;
  const bad = wrong.length > 0 || codes.length > 0;
  const classes = ['span', elsewhere && 'elsewhere', bad && 'bad', answered !== '' && 'failed']
    .filter(Boolean)
    .join(' ');
  return h(
    'tr',
    {
      class: classes,
      role: 'row',
      'aria-level': depth + 1,
      'data-span': place,
      tabindex: -1,
    },
    h(
      'td',
      { role: 'gridcell', class: `name ${depthClass(depth)}` },
      plainIndent(depth),
      spanName(span, above, services),
      !proxy && [' ', h('span', { class: 'tagged' }, 'application')],
      wrong.map((mark) => [' ', h('span', { class: 'mark' }, `✗ ${MARK_WORDS[mark]}`)]),
      codes.map((code) => [' ', h('span', { class: 'mark' }, `✗ ${code}: wrong link`)]),
    ),
    h('td', { role: 'gridcell', class: 'when' }, bar(span, axis, serviceClass(services, service))),
    h(
      'td',
      { role: 'gridcell', class: 'number' },
      duration(span.durationMicros),
      (answered !== '' || flags.length > 0) &&
        h('span', { class: 'mark' }, ' ', [answered, ...flags].filter(Boolean).join(' ')),
    ),
  );
}

function bar({ offsetMicros, durationMicros, kind, proxy }: ShownSpan, axis: Axis, colour: string): HtmlElement {
  const x = at(offsetMicros, axis);
  const width = Math.max(3, at(offsetMicros + durationMicros, axis) - x);
  const thin = !proxy;
  return canvas(
    h('rect', {
      class: `bar ${colour} ${kind}`,
      x: Math.min(x, WIDTH - 3),
      y: thin ? 7 : 4,
      width,
      height: thin ? 6 : 12,
      rx: 2,
      ...(kind === 'client' ? HOLLOW : { fill: '#5b7ea4' }),
    }),
  );
}

/** Where something should be and is not. */
function gapRow(gap: ShownTrace['gaps'][number], below: ShownSpan | undefined, axis: Axis): HtmlElement {
  const { callee, half } = gap;
  const depth = (below?.depth ?? -1) + 1;
  const x = below === undefined ? 0 : at(below.offsetMicros, axis);
  const end = below === undefined ? WIDTH : at(below.offsetMicros + below.durationMicros, axis);
  const what =
    half === 'client'
      ? ['✗ → ', foreign(callee), ': not in this trace']
      : ['✗ ', foreign(callee), ': no span of the call'];
  return h(
    'tr',
    { class: 'gap', role: 'row', 'aria-level': depth + 1, tabindex: -1 },
    h(
      'td',
      { role: 'gridcell', class: `name ${depthClass(depth)}` },
      plainIndent(depth),
      h('span', { class: 'mark' }, what),
    ),
    h(
      'td',
      { role: 'gridcell', class: 'when' },
      canvas(
        h('rect', {
          class: 'hole',
          x,
          y: 3,
          width: Math.max(8, end - x),
          height: 14,
          fill: 'none',
          stroke: '#b3261e',
          'stroke-dasharray': '4 3',
        }),
      ),
    ),
    h('td', { role: 'gridcell', class: 'number mark' }, 'missing'),
  );
}

function heading(text: Child, name: string): HtmlElement {
  return h(
    'tr',
    { class: `heading ${name}`, role: 'row', 'aria-level': 1, tabindex: -1 },
    h('td', { role: 'gridcell', colspan: 3 }, text),
  );
}

function more(spans: number, backend: string): HtmlElement[] {
  return spans > 0 ? [heading(`${spans} more spans are left out here; ${backend} shows all of them`, 'more')] : [];
}

function canvas(...children: readonly Child[]): HtmlElement {
  return h(
    'svg',
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: 'none',
      height: HEIGHT,
      width: '100%',
      'aria-hidden': 'true',
    },
    children,
  );
}

function at(micros: number, { fromMicros, lengthMicros }: Axis): number {
  return Math.round(((micros - fromMicros) * WIDTH * 10) / lengthMicros) / 10;
}
