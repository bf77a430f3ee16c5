import type { ReportedCell, ReportedHop, RunReport } from '../../harness/model/report.ts';
import { commandLine } from './command-line.ts';
import { matrixLegend } from './legends.ts';
import { type Child, type HtmlElement, h } from './shared/element.ts';
import { count } from './shared/format.ts';
import { foreign, prose } from './shared/trace-words.ts';
import { shownName } from './show-run.ts';

const SIGNS: Readonly<Record<ReportedCell['cell'], string>> = {
  kept: '✓',
  lost: '✗',
  changed: '≠',
  'not-observable': '·',
};
const WORDS: Readonly<Record<ReportedCell['cell'], string>> = {
  kept: 'kept',
  lost: 'lost',
  changed: 'changed',
  'not-observable': 'unseen',
};

const NOTHING_TO_LOSE = 'the gateway writes these headers itself, so that no application can lose any';

/**
 * Which header survived which hop. Each cell opens its reason (a popover: needs no script); a list below repeats what
 * is lost or changed, for print and for viewers without popovers. Headers that no hop shows are folded.
 */
export function matrix({ hops }: RunReport): HtmlElement | undefined {
  const names = [...new Set(hops.flatMap(({ headers }) => Object.keys(headers)))];
  if (names.length === 0) return undefined;
  const isSeen = (name: string) => hops.some(({ headers }) => cellOf(headers, name)?.cell.startsWith('not-') === false);
  const seen = names.filter(isSeen);
  const hidden = names.filter((name) => !isSeen(name));
  const bare = hops.some(({ headers }) => Object.keys(headers).length === 0);
  const said = hops.flatMap((hop) =>
    seen.flatMap((name) => {
      const found = cellOf(hop.headers, name);
      return found?.cell === 'lost' || found?.cell === 'changed' ? [h('li', {}, reason(hop, name, found))] : [];
    }),
  );
  return h(
    'section',
    { id: 'propagation' },
    h('h2', {}, 'Which header survives which hop'),
    seen.length > 0 && [
      cells(hops, seen, 'Propagation matrix', 'why'),
      h('p', { class: 'faint' }, 'Open a cell to see why.'),
      matrixLegend(bare && NOTHING_TO_LOSE),
    ],
    said.length > 0 && h('ul', { class: 'said' }, said),
    hidden.length > 0 &&
      h(
        'details',
        { class: 'unseen' },
        h(
          'summary',
          {},
          `${count(hidden.length, 'header')} that no span shows: `,
          hidden.map((name, index) => [index > 0 && ', ', h('code', {}, breakable(shownName(name)))]),
        ),
        cells(hops, hidden, 'Headers that no span shows', 'why-unseen'),
      ),
  );
}

function cellOf(headers: ReportedHop['headers'], name: string): ReportedCell | undefined {
  return Object.hasOwn(headers, name) ? headers[name] : undefined;
}

/** @param prefix of the ids of its reasons */
function cells(hops: readonly ReportedHop[], names: readonly string[], label: string, prefix: string): Child {
  const whys: HtmlElement[] = [];
  const rows = hops.map((hop, row) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, foreign(hop.caller), ' → ', foreign(hop.callee)),
      names.map((name, column) => {
        const found = cellOf(hop.headers, name);
        if (found === undefined) return h('td', { class: 'none' }, '–');
        const id = `${prefix}-${row}-${column}`;
        const text = reason(hop, name, found);
        whys.push(h('div', { id, class: `why ${found.cell}`, popover: 'auto', role: 'note' }, h('p', {}, text)));
        return h(
          'td',
          { class: found.cell },
          h(
            'button',
            {
              type: 'button',
              popovertarget: id,
              'aria-label': `${SIGNS[found.cell]} ${WORDS[found.cell]}: ${shownName(name)}, ${hop.caller} to ${hop.callee}. Why?`,
            },
            `${SIGNS[found.cell]} ${WORDS[found.cell]}`,
          ),
        );
      }),
    ),
  );
  const head = names.map((name) => h('th', { scope: 'col' }, h('code', {}, breakable(shownName(name)))));
  return [
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label },
      h(
        'table',
        { class: 'matrix' },
        h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'hop'), head)),
        h('tbody', {}, rows),
      ),
    ),
    whys,
  ];
}

function reason({ caller, callee }: ReportedHop, name: string, { cell, why, command }: ReportedCell): Child {
  return [
    h('b', {}, WORDS[cell]),
    ': ',
    h('code', {}, foreign(name)),
    ' from ',
    foreign(caller),
    ' to ',
    foreign(callee),
    '. ',
    prose(why),
    command !== undefined && [' Without a mesh: ', h('code', {}, commandLine(command))],
  ];
}

/** A header's name may break after its hyphens. */
function breakable(name: string): (HtmlElement | string)[] {
  return name.split(/(?<=-)/).flatMap((part, index) => (index === 0 ? [part] : [h('wbr'), part]));
}
