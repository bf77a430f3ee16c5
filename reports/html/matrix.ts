import type { ReportedCell, RunReport } from '../../harness/model/report.ts';
import { commandLine } from './command-line.ts';
import { type HtmlElement, h } from './shared/element.ts';
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

const NOTHING_TO_LOSE = 'the gateway writes the headers of its own call, so that no application can lose any.';

/**
 * Which header survived which hop. Each cell opens its reason (a popover: needs no script); what is lost or changed is
 * also said below, for print and for viewers that know no popovers.
 */
export function matrix({ hops }: RunReport): HtmlElement | undefined {
  const names = [...new Set(hops.flatMap(({ headers }) => Object.keys(headers)))];
  if (names.length === 0) return undefined;
  const bare = hops.some(({ headers }) => Object.keys(headers).length === 0);
  const whys: HtmlElement[] = [];
  const said: HtmlElement[] = [];
  const rows = hops.map(({ caller, callee, headers }, row) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, foreign(caller), ' → ', foreign(callee)),
      names.map((name, column) => {
        const found = Object.hasOwn(headers, name) ? headers[name] : undefined;
        if (found === undefined) return h('td', { class: 'none' }, '–');
        const id = `why-${row}-${column}`;
        const text = [
          h('b', {}, WORDS[found.cell]),
          ': ',
          h('code', {}, foreign(name)),
          ' from ',
          foreign(caller),
          ' to ',
          foreign(callee),
          '. ',
          prose(found.why),
          found.command !== undefined && [' Without a mesh: ', h('code', {}, commandLine(found.command))],
        ];
        whys.push(h('div', { id, class: `why ${found.cell}`, popover: 'auto', role: 'note' }, h('p', {}, text)));
        if (found.cell === 'lost' || found.cell === 'changed') said.push(h('li', {}, text));
        return h(
          'td',
          { class: found.cell },
          h(
            'button',
            {
              type: 'button',
              popovertarget: id,
              'aria-label': `${SIGNS[found.cell]} ${WORDS[found.cell]}: ${shownName(name)}, ${caller} to ${callee}. Why?`,
            },
            `${SIGNS[found.cell]} ${WORDS[found.cell]}`,
          ),
        );
      }),
    ),
  );
  return h(
    'section',
    { id: 'propagation' },
    h('h2', {}, 'Which header survives which hop'),
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Propagation matrix' },
      h(
        'table',
        { class: 'matrix' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            h('th', { scope: 'col' }, 'hop'),
            names.map((name) => h('th', { scope: 'col' }, h('code', {}, breakable(shownName(name))))),
          ),
        ),
        h('tbody', {}, rows),
      ),
    ),
    h('p', { class: 'faint' }, 'A cell tells why when it is opened.', bare && ` A dash: ${NOTHING_TO_LOSE}`),
    whys,
    said.length > 0 && h('ul', { class: 'said' }, said),
  );
}

/** A header's name may break after its hyphens. */
function breakable(name: string): (HtmlElement | string)[] {
  return name.split(/(?<=-)/).flatMap((part, index) => (index === 0 ? [part] : [h('wbr'), part]));
}
