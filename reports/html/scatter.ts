import { axisX, axisY, figure, label, PICTURE_WIDTH, PLAIN, round, svg } from './picture.ts';
import { linearScale, logScale, quantile, tickWords } from './scale.ts';
import { type HtmlElement, h } from './shared/element.ts';
import { count, duration, roundDuration } from './shared/format.ts';
import type { ShownRun } from './shared/shown.ts';
import { isWrong, versionClass } from './shared/trace-words.ts';
import { versionLegend, versionMark } from './versions-shape.ts';

const HEIGHT = 260;
/** More traces get smaller points. */
const MANY = 500;
const BOX = { left: 52, right: PICTURE_WIDTH - 10, top: 12, bottom: HEIGHT - 34 } as const;

/**
 * How long each trace took, over the time it began; colour and shape by version, a ring where it is broken.
 * Points carry `data-point`, the place of their trace, so that a script can open the trace.
 */
export function scatter({ traces, versions }: ShownRun, service: string | undefined): HtmlElement | undefined {
  if (traces.length === 0) return undefined;
  const starts = traces.map(({ startMicros }) => startMicros);
  const first = starts.reduce((least, start) => Math.min(least, start), Number.POSITIVE_INFINITY);
  const last = starts.reduce((most, start) => Math.max(most, start), first);
  const sorted = traces.map(({ durationMicros }) => Math.max(1, durationMicros)).toSorted((a, b) => a - b);
  const x = linearScale(0, Math.max(1, last - first) / 1e6, [BOX.left + 8, BOX.right - 8]);
  const y = logScale((sorted[0] ?? 1) * 0.8, (sorted.at(-1) ?? 1) * 1.25, [BOX.bottom, BOX.top]);
  const place = (micros: number) => [x((micros - first) / 1e6), 0] as const;
  const scale = traces.length > MANY ? 0.6 : 1;
  const points = traces.map(({ startMicros, durationMicros, version, state }, index) => {
    const [left] = place(startMicros);
    const top = y(durationMicros);
    const ring =
      isWrong(state) &&
      h('circle', { class: 'ring', cx: round(left), cy: round(top), r: 7 * scale, fill: 'none', stroke: PLAIN.fail });
    return [versionMark(versionClass(versions, version), left, top, scale, { 'data-point': index }), ring];
  });
  const slowest = traces.reduce((most, trace) => (trace.durationMicros > most.durationMicros ? trace : most));
  const broken = traces.filter(({ state }) => isWrong(state)).length;
  const says = [
    `${count(traces.length, 'trace')}: half of them took up to ${duration(quantile(sorted, 0.5))}, `,
    `the slowest ${duration(slowest.durationMicros)} (${slowest.probe}). The scale of durations is logarithmic.`,
  ];
  const legend = h(
    'div',
    {},
    versionLegend(
      versions,
      traces.some(({ version }) => version === undefined),
    ),
    broken > 0 && h('p', { class: 'faint' }, h('span', { class: 'mark' }, '◯'), ` ringed: broken (${broken})`),
  );
  const title = service === undefined ? 'Duration of each trace' : `Duration of each trace, by version of ${service}`;
  return figure(
    title,
    says,
    svg(
      `Scatter of ${count(traces.length, 'trace')}: duration over time since the first`,
      HEIGHT,
      axisY(y, BOX.left, BOX.right, roundDuration),
      axisX(x, BOX.top, BOX.bottom, tickWords(x)),
      label(BOX.right, HEIGHT - 3, 'seconds since the first trace', 'end'),
      h('g', { class: 'points' }, points),
    ),
    { legend, id: 'scatter' },
  );
}
