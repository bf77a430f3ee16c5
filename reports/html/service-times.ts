import { PLAIN, round } from './picture.ts';
import { type HtmlElement, h } from './shared/element.ts';
import { duration } from './shared/format.ts';
import type { ShownRun, ShownSpan, ShownTrace } from './shared/shown.ts';
import { foreign, serviceClass } from './shared/trace-words.ts';

interface ServiceTime {
  readonly service: string;
  readonly traces: number;
  readonly selfMicros: number;
  readonly totalMicros: number;
}

/**
 * Where the time of a trace goes: one row per service, as means of the traces it takes part in. Total: how long it had
 * a span open. Self: of that, how long no service that it called had one; the way to the callee and back is the
 * caller's.
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
        'Mean of the traces it takes part in. Total: the time in which it had a span open. Self (the filled part): of that, the time in which no service that it called had one.',
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
    const called = Map.groupBy(
      spans.filter(({ service, parent }) => parent !== undefined && spans[parent]?.service !== service),
      ({ parent }) => (parent === undefined ? undefined : spans[parent]?.service),
    );
    for (const [service, all] of Map.groupBy(spans, (span) => span.service)) {
      const sum = sums.get(service) ?? { traces: 0, selfMicros: 0, totalMicros: 0 };
      sums.set(service, sum);
      const below = called.get(service) ?? [];
      const total = openMicros(all);
      sum.traces += 1;
      sum.totalMicros += total;
      // What only its own spans cover.
      sum.selfMicros += openMicros([...all, ...below]) - openMicros(below);
    }
  }
  return [...sums].map(([service, sum]) => ({ service, ...sum }));
}

/** For how long at least one of the spans was open. */
function openMicros(spans: readonly ShownSpan[]): number {
  let sum = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const { offsetMicros, durationMicros } of spans.toSorted((a, b) => a.offsetMicros - b.offsetMicros)) {
    const end = offsetMicros + durationMicros;
    if (end > until) sum += end - Math.max(until, offsetMicros);
    until = Math.max(until, end);
  }
  return sum;
}
