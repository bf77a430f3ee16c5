import type { FleetReport, FleetTarget } from '../../harness/model/fleet-report.ts';
import { ALL_PROMISES } from '../../harness/model/promises.ts';
import { STYLE } from '../html/generated/style.ts';
import { policyOf } from '../html/policy.ts';
import { type Child, h } from '../html/shared/element.ts';
import { escapeHtml, toText } from '../html/to-text.ts';
import { STATUS_WORDS } from '../words.ts';
import { alphaInWords, VERDICT_MARKS, VERDICT_WORDS } from './fleet-words.ts';

/** Beside the style of a report's page, of which this has the text, the tables and the colours. */
const OWN_STYLE = `
.fleet td, .fleet th { padding: 0.35rem 0.6rem; text-align: left; vertical-align: top; }
.fleet tbody tr { border-top: 1px solid var(--line, #8884); }
.fleet .status { white-space: nowrap; }
/* The promises take what is left, and scroll: names and sentences stay readable. */
.fleet th[scope=row] { min-width: 8rem; overflow-wrap: break-word; }
.fleet .found { min-width: 20rem; }
.scroll { overflow-x: auto; }
`;
const MARKS = { pass: '✓', fail: '✗', inconclusive: '?', skipped: '–', 'not-supported': '–' } as const;

/**
 * One page of many targets: a row per target, the worst first, a column per promise, and a link to the target's own report
 * beside it. It opens from disk, needs no network and no script.
 * @param pages by target, the file of its report, relative to this page; absent: it has none
 */
export function renderFleetHtml(fleet: FleetReport, pages: ReadonlyMap<string, string> = new Map()): string {
  const ids = ALL_PROMISES.map(({ id }) => id).filter((id) => fleet.promises.some((promise) => promise.id === id));
  const style = `${STYLE}${OWN_STYLE}`;
  const word = VERDICT_WORDS[fleet.verdict];
  const head = h(
    'tr',
    {},
    h('th', { scope: 'col' }, 'target'),
    h('th', { scope: 'col' }, 'verdict'),
    h('th', { scope: 'col' }, 'what was found'),
    ids.map((id) => h('th', { scope: 'col' }, id)),
  );
  const total = h(
    'tr',
    {},
    h('th', { scope: 'row' }, `all ${fleet.targets.length}`),
    h('td', { class: 'status' }, `${VERDICT_MARKS[fleet.verdict]} ${word}`),
    h('td', {}),
    ids.map((id) => h('td', {}, countsText(fleet, id))),
  );
  const rows = fleet.targets.map((target) => rowOf(target, ids, pages.get(target.name)));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policyOf(style, ''))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
${toText(h('title', {}, `${word}: ${fleet.sentence}`))}
<style>${style}</style>
</head>
<body>
${toText([h('header', {}, h('h1', {}, `${VERDICT_MARKS[fleet.verdict]} ${word}: ${fleet.sentence}`), h('p', { class: 'faint' }, alphaInWords(fleet)))])}
<main>
${toText(h('section', { class: 'scroll' }, h('h2', {}, 'Targets, the worst first'), h('table', { class: 'fleet' }, h('thead', {}, head), h('tbody', {}, total, rows))))}
</main>
</body>
</html>
`;
}

function rowOf(target: FleetTarget, ids: readonly string[], page: string | undefined): Child {
  const { name, verdict, sentence, report, parts } = target;
  const missing = parts.missing.length === 0 ? '' : ` (part ${parts.missing.join(', ')} of ${parts.of} missing)`;
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, page === undefined ? name : h('a', { href: page }, name)),
    h('td', { class: 'status' }, `${VERDICT_MARKS[verdict]} ${VERDICT_WORDS[verdict]}`),
    h('td', { class: 'found' }, `${sentence}${report === undefined ? '' : missing}`),
    ids.map((id) => {
      const promise = report?.promises.find((one) => one.id === id);
      if (promise === undefined) return h('td', { class: 'status' }, '');
      const words = STATUS_WORDS[promise.status];
      return h(
        'td',
        { class: 'status', title: promise.reason ?? promise.observed },
        `${MARKS[promise.status]} ${words}`,
      );
    }),
  );
}

function countsText({ promises }: FleetReport, id: string): string {
  const counts = promises.find((promise) => promise.id === id)?.targets ?? {};
  return Object.entries(counts)
    .map(([status, many]) => `${many} ${status}`)
    .join(', ');
}
