import type { Finding } from '../../harness/model/finding.ts';
import type { OutcomeStatus } from '../../harness/model/outcome.ts';
import type { ReportedPromise, RunReport } from '../../harness/model/report.ts';
import { titleNow } from '../text/titles.ts';
import { isWaivedPromise, STATUS_WORDS, subjectInWords } from '../words.ts';
import type { Anchors } from './anchors.ts';
import { type HtmlElement, h } from './shared/element.ts';
import { count } from './shared/format.ts';
import { foreign, prose } from './shared/trace-words.ts';

/** Findings named beside their promise; the section of findings has all. */
const CODES_SHOWN = 4;

export const STATUS_SIGNS: Readonly<Record<OutcomeStatus, string>> = {
  pass: '✓',
  fail: '✗',
  inconclusive: '?',
  skipped: '–',
  'not-supported': '–',
};

export function toneOf(status: OutcomeStatus): 'pass' | 'fail' | 'unsure' | 'none' {
  if (status === 'pass' || status === 'fail') return status;
  return status === 'inconclusive' ? 'unsure' : 'none';
}

/** The promises that do not hold: what is expected (the title), what was observed, and where to read on. Where all hold, all of them. */
export function promisesSection({ promises, verdict }: RunReport, anchors: Anchors): HtmlElement {
  const shown = verdict === 'pass' ? promises : promises.filter((promise) => !isQuiet(promise));
  return h(
    'section',
    { id: 'promises' },
    h('h2', {}, titleOf(promises, verdict)),
    h(
      'ul',
      { class: 'promises' },
      shown.map((promise) => promiseItem(promise, anchors)),
    ),
  );
}

/** Below the map, folded: the promises that hold, and those that were not judged. undefined: they are with the others. */
export function heldSection({ promises, verdict }: RunReport, anchors: Anchors): HtmlElement | undefined {
  const held = verdict === 'pass' ? [] : promises.filter(isQuiet);
  if (held.length === 0) return undefined;
  const pass = held.filter(({ status }) => status === 'pass').length;
  const parts = [
    pass > 0 && `${count(pass, 'promise')} ${pass === 1 ? 'holds' : 'hold'}`,
    held.length > pass && `${held.length - pass} not judged`,
  ];
  return h(
    'section',
    { id: 'held' },
    h(
      'details',
      {},
      h(
        'summary',
        {},
        h('b', { class: 'held' }, `✓ ${parts.filter(Boolean).join(', ')}`),
        `: ${held.map(({ id }) => id).join(', ')}`,
      ),
      h(
        'ul',
        { class: 'promises' },
        held.map((promise) => promiseItem(promise, anchors)),
      ),
    ),
  );
}

function titleOf(promises: RunReport['promises'], verdict: RunReport['verdict']): string {
  const has = (wanted: OutcomeStatus) => promises.some(({ status }) => status === wanted);
  if (verdict === 'pass') return 'Promises';
  if (!has('inconclusive')) return 'Promises that do not hold';
  return has('fail') ? 'Promises that do not hold, or were not decided' : 'Promises that were not decided';
}

function isQuiet(promise: ReportedPromise): boolean {
  const { status } = promise;
  return status === 'skipped' || status === 'not-supported' || (status === 'pass' && !isWaivedPromise(promise));
}

function promiseItem(promise: ReportedPromise, anchors: Anchors): HtmlElement {
  const { id, title, status, observed, reason, findings } = promise;
  const failing = titleNow(promise);
  const waived = isWaivedPromise(promise);
  const tone = waived ? 'unsure' : toneOf(status);
  const codes = findings.filter(({ severity, explainedBy }) => severity !== 'info' || explainedBy !== undefined);
  return h(
    'li',
    { id: `promise-${id}`, class: `promise ${tone}` },
    h('span', { class: 'sign', 'aria-hidden': 'true' }, waived ? '~' : STATUS_SIGNS[status]),
    h(
      'div',
      {},
      h('h3', {}, h('span', { class: 'status' }, waived ? 'WAIVED' : STATUS_WORDS[status]), ' ', id),
      failing !== title && h('p', {}, h('b', {}, failing)),
      h('p', {}, h('span', { class: 'faint' }, 'expected '), title),
      h('p', {}, h('span', { class: 'faint' }, 'observed '), prose(observed)),
      reason !== undefined && h('p', {}, h('span', { class: 'faint' }, 'because '), prose(reason)),
      codes.length > 0 &&
        h(
          'ul',
          { class: 'codes' },
          codes.slice(0, CODES_SHOWN).map((finding) => codeItem(finding, anchors)),
          codes.length > CODES_SHOWN &&
            h('li', {}, h('a', { href: '#findings' }, `and ${count(codes.length - CODES_SHOWN, 'more finding')}`)),
        ),
    ),
  );
}

function codeItem(finding: Finding, anchors: Anchors): HtmlElement | false {
  const anchor = anchors.of(finding);
  if (anchor === undefined) return false;
  const { code, severity, subject, explainedBy } = finding;
  return h(
    'li',
    {},
    h('a', { href: `#${anchor}`, class: `code ${severity}` }, code, ' ', foreign(subjectInWords(subject))),
    explainedBy !== undefined && h('span', { class: 'faint' }, ` follows from ${explainedBy.code}`),
  );
}
