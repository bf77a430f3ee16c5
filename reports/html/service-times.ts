import { type HtmlElement, h } from './element.ts';
import { duration } from './format.ts';
import { PLAIN, round } from './picture.ts';
import type { ShownRun, ShownSpan, ShownTrace } from './shown.ts';
import { foreign, serviceClass } from './trace-words.ts';

interface ServiceTime {
  readonly service: string;
  readonly traces: number;
  readonly selfMicros: number;
  readonly totalMicros: number;
}

/**
 * Where the time of a trace goes, a service a row, as means of the traces it takes part in. Total: its topmost spans.
 * Self: its spans less the time that spans below them cover; a call's self time is the way to the callee and back.
 */
export function serviceTimes({ traces, services }: ShownRun): HtmlElement | undefined {
  const times = measure(traces);
  if (times.length === 0) return undefined;
  const mean = (micros: number, { traces: of }: ServiceTime) => micros / of;
  const most = times.reduce((longest, time) => Math.max(longest, mean(time.totalMicros, time)), 1);
  const rows = times
    .toSorted((a, b) => services.indexOf(a.service) - services.indexOf(b.service))
    .map((time) => {
      const self = mean(time.selfMicros, time);
      const total = mean(time.totalMicros, time);
      const colour = serviceClass(services, time.service);
      const width = (micros: number) => Math.max(2, round((1000 * Math.max(0, micros)) / most));
      return h(
        'tr',
        {},
        h(
          'th',
          { scope: 'row' },
          h('span', { class: `dot ${colour} server`, 'aria-hidden': 'true' }),
          foreign(time.service),
        ),
        h(
          'td',
          { class: 'when' },
          h(
            'svg',
            { viewBox: '0 0 1000 20', preserveAspectRatio: 'none', height: 20, width: '100%', 'aria-hidden': 'true' },
            h('rect', { class: `total ${colour}`, x: 0, y: 4, width: width(total), height: 12, fill: PLAIN.line }),
            h('rect', { class: `bar ${colour}`, x: 0, y: 4, width: width(self), height: 12, fill: PLAIN.bar }),
          ),
        ),
        h('td', { class: 'number' }, duration(self)),
        h('td', { class: 'number' }, duration(total)),
      );
    });
  return h(
    'figure',
    { class: 'card', id: 'services' },
    h(
      'figcaption',
      {},
      h('h3', {}, 'Time by service'),
      h(
        'p',
        { class: 'faint' },
        'Mean of the traces it takes part in. Total: from its first span to the end of it. Self (the filled part): less what spans below cover.',
      ),
    ),
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Time by service' },
      h(
        'table',
        { class: 'times' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            h('th', { scope: 'col' }, 'service'),
            h('th', { scope: 'col', class: 'when' }, 'self of total'),
            h('th', { scope: 'col', class: 'number' }, 'self'),
            h('th', { scope: 'col', class: 'number' }, 'total'),
          ),
        ),
        h('tbody', {}, rows),
      ),
    ),
  );
}

function measure(traces: readonly ShownTrace[]): ServiceTime[] {
  const sums = new Map<string, { traces: number; selfMicros: number; totalMicros: number }>();
  for (const { spans } of traces) {
    const children = Map.groupBy(spans, ({ parent }) => parent);
    const seen = new Set<string>();
    spans.forEach((span, index) => {
      const sum = sums.get(span.service) ?? { traces: 0, selfMicros: 0, totalMicros: 0 };
      sums.set(span.service, sum);
      if (!seen.has(span.service)) sum.traces += 1;
      seen.add(span.service);
      sum.selfMicros += span.durationMicros - coveredMicros(span, children.get(index) ?? []);
      const above = span.parent === undefined ? undefined : spans[span.parent];
      if (above?.service !== span.service) sum.totalMicros += span.durationMicros;
    });
  }
  return [...sums].map(([service, sum]) => ({ service, ...sum }));
}

/** The part of a span during which at least one span below it was open. */
function coveredMicros(span: ShownSpan, children: readonly ShownSpan[]): number {
  const end = span.offsetMicros + span.durationMicros;
  let covered = 0;
  let until = span.offsetMicros;
  for (const child of children.toSorted((a, b) => a.offsetMicros - b.offsetMicros)) {
    const from = Math.max(until, child.offsetMicros);
    const to = Math.min(end, child.offsetMicros + child.durationMicros);
    if (to > from) covered += to - from;
    until = Math.max(until, to);
  }
  return covered;
}
