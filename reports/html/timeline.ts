import type { SettleReason } from '../../harness/model/capture.ts';
import type { RunDetail } from '../../harness/model/detail.ts';
import { axisX, axisY, figure, label, PICTURE_WIDTH, PLAIN, round, svg } from './picture.ts';
import { linearScale, tickWords } from './scale.ts';
import { type HtmlElement, h } from './shared/element.ts';
import { count } from './shared/format.ts';
import { settledInWords } from './shared/trace-words.ts';

const HEIGHT = 250;
const BOX = { left: 40, right: PICTURE_WIDTH - 10, top: 26, bottom: HEIGHT - 34 } as const;
const LINES = [
  ['sent', 'probe sent', ''],
  ['answered', 'answered', '7 3'],
  ['arrived', 'first span seen', '2 3'],
  ['changed', 'complete: last span seen', '9 3 2 3'],
] as const;

/** How the run went: probes sent and answered, spans arriving, and what was waited for. The way between two lines is a lag. */
export function timeline({ probes, waiting }: RunDetail): HtmlElement | undefined {
  if (probes.length === 0) return undefined;
  const { preflightMs, probeMs, settleMs } = waiting;
  const times = {
    sent: probes.map(({ sentAtMs }) => sentAtMs),
    answered: probes.flatMap(({ answeredAtMs, status }) => (status === undefined ? [] : answeredAtMs)),
    arrived: probes.flatMap(({ firstSpanAtMs }) => firstSpanAtMs ?? []),
    changed: probes.flatMap(({ lastChangeAtMs }) => lastChangeAtMs ?? []),
  };
  const end = Object.values(times)
    .flat()
    .reduce((most, time) => Math.max(most, time), preflightMs + probeMs + settleMs);
  const x = linearScale(0, end / 1000, [BOX.left, BOX.right], 6);
  const y = linearScale(0, probes.length, [BOX.bottom, BOX.top], 4);
  const phases = [
    ['preflight', 0, preflightMs],
    ['probing', preflightMs, preflightMs + probeMs],
    ['waiting', preflightMs + probeMs, preflightMs + probeMs + settleMs],
  ] as const;
  const bands = phases
    .filter(([, from, to]) => to > from)
    .map(([name, from, to]) => {
      const width = x(to / 1000) - x(from / 1000);
      return [
        h('rect', {
          class: `phase ${name}`,
          x: round(x(from / 1000)),
          y: 4,
          width: round(Math.max(1, width)),
          height: BOX.bottom - 4,
          fill: name === 'probing' ? '#e8eef5' : '#f7f7f7',
        }),
        width > name.length * 6.5 && label(x((from + to) / 2000), 17, name, 'middle'),
      ];
    });
  const drawn = LINES.filter(([name]) => times[name].length > 0);
  const curves = drawn.map(([name, , dash]) =>
    h('path', {
      class: `curve ${name}`,
      d: steps(times[name], x, y, end),
      fill: 'none',
      stroke: PLAIN.ink,
      'stroke-width': 2,
      ...(dash !== '' && { 'stroke-dasharray': dash }),
    }),
  );
  const legend = h(
    'ul',
    { class: 'legend' },
    drawn.map(([name, words, dash]) =>
      h(
        'li',
        {},
        h(
          'svg',
          { viewBox: '0 0 30 8', width: 30, height: 8, 'aria-hidden': 'true' },
          h('path', {
            class: `curve ${name}`,
            d: 'M0,4H30',
            stroke: PLAIN.ink,
            'stroke-width': 2,
            fill: 'none',
            ...(dash !== '' && { 'stroke-dasharray': dash }),
          }),
        ),
        ` ${words}`,
      ),
    ),
  );
  return figure(
    'How the run went',
    waitingText(waiting, probes),
    svg(
      `Over ${round(end / 1000)} s: ${drawn.map(([name, words]) => `${words} ${times[name].length}`).join(', ')} of ${probes.length} probes`,
      HEIGHT,
      bands,
      axisY(y, BOX.left, BOX.right, (value) => (Number.isInteger(value) ? String(value) : '')),
      axisX(x, BOX.top, BOX.bottom, tickWords(x)),
      label(BOX.right, HEIGHT - 3, 'seconds since the start', 'end'),
      curves,
    ),
    { legend, id: 'timeline' },
  );
}

function waitingText(
  { settled, graceMs, flushMs, flushFrom, longestLagMs }: RunDetail['waiting'],
  probes: RunDetail['probes'],
): (HtmlElement | false)[] {
  const reasons = Object.entries(settled) as [SettleReason, number][];
  const off = probes.filter(({ purpose, spans }) => purpose === 'forced-off' && spans === 0).length;
  return [
    h(
      'span',
      {},
      'Why what was seen of each probe was believed: ',
      reasons.map(([reason, number]) => `${count(number, 'probe')} – ${settledInWords(reason, graceMs)}`).join('; ') ||
        'none was looked up',
      '. ',
    ),
    off > 0 && h('span', {}, `${count(off, 'probe')} forced off, which must leave no span. `),
    h(
      'span',
      {},
      `A proxy may hold a span for ${seconds(flushMs)} (${flushFrom}); the grace time was ${seconds(graceMs)}.`,
      longestLagMs === undefined ? '' : ` The slowest span came ${seconds(longestLagMs)} after it ended.`,
    ),
  ];
}

const seconds = (ms: number) => `${round(ms / 1000)}\u00a0s`;

/** How many until then, as a staircase; at most a few hundred steps, because no screen shows more. */
function steps(times: readonly number[], x: (s: number) => number, y: (n: number) => number, end: number): string {
  const sorted = times.toSorted((a, b) => a - b);
  const every = Math.max(1, Math.ceil(sorted.length / 300));
  const kept = sorted.flatMap((time, index) =>
    (index + 1) % every === 0 || index === sorted.length - 1 ? [[time, index + 1] as const] : [],
  );
  const d = kept.map(([time, reached]) => `H${round(x(time / 1000))}V${round(y(reached))}`).join('');
  return `M${round(x((sorted[0] ?? 0) / 1000))},${round(y(0))}${d}H${round(x(end / 1000))}`;
}
