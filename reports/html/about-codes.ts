import { CODES, type FindingCode } from '../../harness/model/codes.ts';
import type { RunReport } from '../../harness/model/report.ts';
import { type HtmlElement, h } from './shared/element.ts';

/** The pages of the codes in this report, so that it explains itself where there is no network. */
export function aboutCodes({ promises }: RunReport): HtmlElement | undefined {
  const codes = [...new Set(promises.flatMap(({ findings }) => findings.map(({ code }) => code)))].toSorted();
  if (codes.length === 0) return undefined;
  return h('section', { id: 'about' }, h('h2', {}, 'What the codes mean'), codes.map(about));
}

function about(code: FindingCode): HtmlElement {
  const { title, meaning, looks, usualCauses, fix } = CODES[code];
  return h(
    'details',
    { id: `about-${code}`, class: 'about' },
    h('summary', {}, h('b', {}, code), ` ${title}`),
    h('p', {}, meaning),
    h('h3', {}, 'How it looks in the traces'),
    h('p', {}, looks),
    h('h3', {}, 'Usual causes'),
    h(
      'ul',
      {},
      usualCauses.map((cause) => h('li', {}, cause)),
    ),
    h('h3', {}, 'What to do'),
    h('p', {}, fix),
  );
}
