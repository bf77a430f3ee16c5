import type { RunDetail } from '../../harness/model/detail.ts';
import type { ReportedShare, ReportedVersions } from '../../harness/model/reported-versions.ts';
import { PLAIN, round } from './picture.ts';
import { type HtmlElement, h } from './shared/element.ts';
import { count, percent } from './shared/format.ts';
import { foreign, versionClass } from './shared/trace-words.ts';
import { shownName } from './show-run.ts';

/** Turns on one line of the strip: a reader can distinguish so many on a desk, and a third of them on a telephone. */
const TURNS_A_LINE = 150;
/** Lines of the strip; the rest is counted, not shown. */
const LINES_SHOWN = 12;
const VERSIONS_SHOWN = 24;

/** How often each version served, against what was expected, and in which order: turns taken are seen at a glance. */
export function versionsSection(
  reported: ReportedVersions,
  shares: RunDetail['shares'],
  known: readonly string[],
): HtmlElement {
  const { service, counts, attempts, unit, sequence, shares: counted } = reported;
  const all = [...new Set([...Object.keys(shares?.of ?? {}), ...Object.keys(counts)])];
  const names = all.slice(0, VERSIONS_SHOWN);
  const shown = sequence.slice(0, TURNS_A_LINE * LINES_SHOWN);
  const rows = names.map((version) => {
    const served = Object.hasOwn(counts, version) ? (counts[version] ?? 0) : 0;
    const expected = shares !== undefined && Object.hasOwn(shares.of, version) ? shares.of[version] : undefined;
    const colour = versionClass(known, shownName(version));
    const interval = Object.hasOwn(counted, version) ? counted[version] : undefined;
    return h(
      'tr',
      {},
      h('th', { scope: 'row' }, foreign(shownName(version))),
      h('td', { class: 'number' }, `${served} of ${attempts}`),
      h('td', { class: 'when' }, shareBar(served / attempts, expected, interval, colour)),
      h(
        'td',
        {},
        percent(served / attempts),
        interval !== undefined && [
          ' ',
          h('span', { class: 'faint whole' }, `(${percent(interval.low)} – ${percent(interval.high)})`),
        ],
        expected !== undefined && [
          h('span', { class: 'faint' }, ', '),
          h('span', { class: 'faint whole' }, `expected ${percent(expected)}`),
        ],
        amongOthers(interval) &&
          h(
            'span',
            { class: 'faint' },
            `, tested as ${percent(interval.tested.expected)} of the versions that were served`,
          ),
      ),
    );
  });
  const width = Math.min(shown.length, TURNS_A_LINE);
  const line = (turns: readonly string[]) =>
    names.map((version) =>
      h(
        'tr',
        {},
        h('th', { scope: 'row' }, foreign(shownName(version))),
        h('td', { class: 'lane' }, lane(turns, version, versionClass(known, shownName(version)), width)),
      ),
    );
  const lines = Array.from({ length: Math.ceil(shown.length / TURNS_A_LINE) }, (_, index) =>
    shown.slice(index * TURNS_A_LINE, (index + 1) * TURNS_A_LINE),
  );
  const from =
    shares === undefined
      ? ''
      : shares.source === 'assumed'
        ? ' The expected shares are assumed: no option or file sets them.'
        : ` The expected shares come from ${shares.from}.`;
  const notes = [lines.length > 1 ? `${TURNS_A_LINE} turns a line, line after line` : 'first to last, left to right'];
  if (sequence.length > shown.length) notes.push(`${sequence.length - shown.length} more are left out`);
  if (all.length > names.length) notes.push(`${all.length - names.length} more versions are left out`);
  if (sequence.includes('?')) notes.push('gaps where the version is not known');
  const title = h('h2', {}, 'Versions of ', foreign(service));
  if (attempts === 0) return h('section', { id: 'versions' }, title, h('p', {}, 'No answer showed its version.'));
  return h(
    'section',
    { id: 'versions' },
    title,
    h(
      'p',
      { class: 'faint' },
      `${count(attempts, unit.replace(/s$/, ''))} counted.`,
      from,
      ' The whisker is what chance allows around the count; the dashed line is the share expected.',
    ),
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Shares' },
      h(
        'table',
        { class: 'times' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            h('th', { scope: 'col' }, 'version'),
            h('th', { scope: 'col', class: 'number' }, unit),
            h('th', { scope: 'col', class: 'when' }, 'share'),
            h('th', { scope: 'col' }, 'of all'),
          ),
        ),
        h('tbody', {}, rows),
      ),
    ),
    shown.length > 0 && [
      h('h3', {}, 'In the order of the probes'),
      lines.map((turns) => h('table', { class: 'strip' }, h('tbody', {}, line(turns)))),
      h('p', { class: 'faint' }, `${notes.join('; ')}.`, rotationWords(reported)),
    ],
  );
}

/** Held to another share than the configured one, because some version was not served at all. */
function amongOthers(
  share: ReportedShare | undefined,
): share is ReportedShare & { readonly tested: NonNullable<ReportedShare['tested']> } {
  const { expected, tested } = share ?? {};
  return expected !== undefined && tested !== undefined && Math.abs(tested.expected - expected) > 0.001;
}

/** Why fewer steps are counted than the strip shows: what was not traced shows its version, and not its turn. */
function rotationWords({ rotation, sequence }: ReportedVersions): string {
  if (rotation === undefined || rotation.of === 0) return '';
  const unseen =
    rotation.callers > 0 && rotation.of < sequence.length - 1
      ? ' Only calls that left a span have a place in it, so that each one between them that left none looks like a step out of turn.'
      : '';
  const word =
    rotation.verdict === 'not-decidable' ? 'cannot be decided' : rotation.verdict === 'seen' ? 'is seen' : 'is broken';
  return ` Rotation ${word}: ${rotation.steps} of ${count(rotation.of, 'step')} ${rotation.callers > 0 ? `in the order in which ${rotation.callers === 1 ? 'the caller' : 'each caller'} made its calls` : 'in the order of the probes'} follow the turns.${unseen}`;
}

/** 0–1; exact, with 95 % confidence. */
type Interval = Pick<ReportedShare, 'low' | 'high'>;

function shareBar(
  share: number,
  expected: number | undefined,
  interval: Interval | undefined,
  colour: string,
): HtmlElement {
  const x = (part: number) => round(Math.min(1, Math.max(0, part)) * 1000);
  const wire = { stroke: PLAIN.ink, fill: 'none', 'vector-effect': 'non-scaling-stroke' };
  return h(
    'svg',
    { viewBox: '0 0 1000 24', preserveAspectRatio: 'none', height: 24, width: '100%', 'aria-hidden': 'true' },
    h('rect', { class: 'track', x: 0, y: 6, width: 1000, height: 12, fill: '#eeeeee' }),
    h('rect', { class: `bar ${colour}`, x: 0, y: 6, width: x(share), height: 12, fill: PLAIN.bar }),
    interval !== undefined &&
      h('path', {
        class: 'whisker',
        d: `M${x(interval.low)},12H${x(interval.high)}M${x(interval.low)},7V17M${x(interval.high)},7V17`,
        ...wire,
      }),
    expected !== undefined &&
      h('path', {
        class: 'expected',
        d: `M${x(expected)},1V23`,
        ...wire,
        'stroke-width': 2,
        'stroke-dasharray': '3 2',
      }),
  );
}

function lane(sequence: readonly string[], version: string, colour: string, width: number): HtmlElement {
  const gap = 0.12;
  const d = sequence
    .map((served, index) => (served === version ? `M${index + gap},0h${1 - 2 * gap}v1h${2 * gap - 1}z` : ''))
    .join('');
  return h(
    'svg',
    {
      viewBox: `0 0 ${width} 1`,
      preserveAspectRatio: 'none',
      height: 14,
      width: '100%',
      role: 'img',
      'aria-label': `Turns of ${shownName(version)}`,
    },
    h('path', { class: `bar ${colour}`, d, fill: PLAIN.bar }),
  );
}
