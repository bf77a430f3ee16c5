import { axisX, figure, label, line, PICTURE_WIDTH, PLAIN, round, svg } from './picture.ts';
import { logScale, quantile } from './scale.ts';
import { type HtmlElement, h } from './shared/element.ts';
import { count, duration, roundDuration, shortened } from './shared/format.ts';
import type { ShownRun } from './shared/shown.ts';
import { serviceClass } from './shared/trace-words.ts';

const BINS = 44;
const ROW = 54;
const TOP = 8;
/** In the margin: no values stand beside the rows. */
const LEFT = -14;
const SERVICES_SHOWN = 12;
/** Beside it stands the median, and longer names would run into it. */
const LONGEST_NAME = 24;

/** How long spans take, a row of bars a service, all on one axis of factors; the mark is the median. */
export function histogram({ traces, services }: ShownRun): HtmlElement | undefined {
  const spans = traces.flatMap((trace) => trace.spans);
  if (spans.length === 0) return undefined;
  const all = spans.map(({ durationMicros }) => Math.max(1, durationMicros));
  const least = all.reduce((a, b) => Math.min(a, b));
  const most = Math.max(
    least * 2,
    all.reduce((a, b) => Math.max(a, b)),
  );
  const right = PICTURE_WIDTH - 10;
  const x = logScale(least, most * 1.01, [LEFT, right]);
  const byService = Map.groupBy(spans, ({ service }) => service);
  const rows = services.filter((service) => byService.has(service)).slice(0, SERVICES_SHOWN);
  const bottom = TOP + rows.length * ROW;
  const medians = rows.map((service) => {
    const sorted = (byService.get(service) ?? []).map(({ durationMicros }) => durationMicros).toSorted((a, b) => a - b);
    return { service, sorted, median: quantile(sorted, 0.5) };
  });
  const drawn = medians.map(({ service, sorted, median }, row) => {
    const base = TOP + (row + 1) * ROW;
    const bins = new Array<number>(BINS).fill(0);
    const width = (right - LEFT) / BINS;
    for (const value of sorted) {
      const bin = Math.min(BINS - 1, Math.floor((x(value) - LEFT) / width));
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    const highest = Math.max(...bins);
    const d = bins
      .map((number, bin) =>
        number === 0
          ? ''
          : `M${round(LEFT + bin * width + 0.5)},${base}v${-round(Math.max(1.5, (number / highest) * (ROW - 24)))}h${round(width - 1)}V${base}z`,
      )
      .join('');
    return [
      h('path', { class: `bar ${serviceClass(services, service)}`, d, fill: PLAIN.bar }),
      line(LEFT, base, right, base, 'axis'),
      line(x(median), base - ROW + 22, x(median), base, 'median'),
      label(LEFT, base - ROW + 16, shortened(service, LONGEST_NAME), 'start', 'name'),
      label(
        right,
        base - ROW + 16,
        [`median ${duration(median)}`, h('tspan', { class: 'if-room' }, ` · ${count(sorted.length, 'span')}`)],
        'end',
      ),
    ];
  });
  const left = byService.size - rows.length;
  return figure(
    'Durations of spans, by service',
    `From ${duration(least)} to ${duration(most)}, calls made and calls answered together${left > 0 ? `; ${count(left, 'more service')} left out` : ''}. The scale is logarithmic, and each row is as high as its own highest bar.`,
    svg(
      `Histograms of span durations, one a service: ${medians.map(({ service, median }) => `${service} median ${duration(median)}`).join(', ')}`,
      bottom + 24,
      axisX(x, TOP, bottom, roundDuration),
      drawn,
    ),
    { id: 'histogram' },
  );
}
