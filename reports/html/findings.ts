import { CODES } from '../../harness/model/codes.ts';
import type { RunDetail } from '../../harness/model/detail.ts';
import type { Finding } from '../../harness/model/finding.ts';
import type { RunReport } from '../../harness/model/report.ts';
import { shareWords } from '../../harness/model/share-words.ts';
import { baselineInWords, newsFirst } from '../baseline-words.ts';
import { versionsText } from '../breakdown.ts';
import { byTelling, culpritOf } from '../text/culprit.ts';
import { ticketText } from '../ticket.ts';
import { docsOf, explainCommand, limitInWords, shareInBrackets, subjectInWords, waiverInWords } from '../words.ts';
import type { Anchors } from './anchors.ts';
import { commandLine } from './command-line.ts';
import { type Child, type HtmlElement, h } from './shared/element.ts';
import { count } from './shared/format.ts';
import { foreign, prose, traceAnchor } from './shared/trace-words.ts';
import { snippetTabs } from './snippets.ts';

/** Longest curl line shown. */
const LONGEST_CURL = 2000;

const BASELINE_WORDS = {
  new: 'new since the baseline',
  known: 'known to the baseline',
  worse: 'worse than the baseline',
} as const;
const SEVERITY_WORDS = { error: '✗ error', warning: '! warning', info: 'i information' } as const;

/** What the page knows of its findings. */
export interface FindingsInput {
  readonly report: RunReport;
  readonly anchors: Anchors;
  /** Traces that are in the page without a script; their evidence leads to them. */
  readonly drawn: ReadonlySet<string>;
}

/** The finding that the verdict is about, in full, below its sentence: what to do, then how it is known. */
export function culpritSection(input: FindingsInput): HtmlElement | undefined {
  const culprit = culpritOf(input.report);
  if (culprit === undefined || input.anchors.of(culprit) === undefined) return undefined;
  return h('section', { id: 'culprit', 'aria-label': 'What to do' }, findingCard(culprit, input, 2));
}

/**
 * Everything else that was found, worst first and in the order of the verdict's sentence: what to do, what was expected,
 * what was received, and how it is known.
 */
export function findingsSection(input: FindingsInput): HtmlElement {
  const { report, anchors } = input;
  const culprit = culpritOf(report);
  const all = byTelling(report.promises)
    .flatMap((promise) => promise.findings)
    .filter((finding) => anchors.of(finding) !== undefined);
  const waived = all.filter((finding) => finding.waived !== undefined);
  const explained = all.filter((finding) => finding.waived === undefined && finding.explainedBy !== undefined);
  const standing = all.filter((finding) => finding.waived === undefined && finding.explainedBy === undefined);
  const worth = standing.filter((finding) => finding.severity !== 'info' && finding !== culprit);
  const told = standing.filter(({ severity }) => severity === 'info');
  return h(
    'section',
    { id: 'findings' },
    h('h2', {}, culprit === undefined ? 'Findings' : 'Other findings'),
    worth.length === 0 &&
      h(
        'p',
        {},
        culprit === undefined
          ? 'Nothing that counts is wrong, as far as could be decided.'
          : 'Nothing else that counts is wrong, as far as could be decided.',
      ),
    newsFirst(worth.toSorted((a, b) => weight(a) - weight(b))).map((finding) => findingCard(finding, input)),
    anchors.leftOut > 0 &&
      h('p', {}, `${count(anchors.leftOut, 'more finding')} left out here; the JSON report has all.`),
    toldList('What follows from these', explained, anchors),
    toldList('Found, and not counted', waived, anchors),
    toldList('Good to know', told, anchors),
  );
}

function toldList(title: string, findings: readonly Finding[], anchors: Anchors): Child {
  const items = findings.map((finding) => toldItem(finding, anchors));
  return items.length > 0 && [h('h3', {}, title), h('ul', { class: 'told' }, items)];
}

const weight = ({ severity }: Finding) => (severity === 'error' ? 0 : 1);

/** @param level of its heading, one below the heading above it */
function findingCard(finding: Finding, { report, anchors, drawn }: FindingsInput, level: 2 | 3 = 3): HtmlElement {
  const { code, severity, subject, causes, expected, received, evidence, remedy, baseline } = finding;
  const anchor = anchors.of(finding);
  const share = shareWords(finding);
  return h(
    'article',
    { class: `finding ${severity}`, id: anchor, 'aria-label': `${code}: ${CODES[code].title}` },
    h(
      'header',
      {},
      h(
        'p',
        { class: 'kicker' },
        h('span', { class: `code ${severity}` }, SEVERITY_WORDS[severity]),
        ' ',
        h('a', { href: `#${anchor ?? ''}` }, code),
        ' · ',
        CODES[code].title,
      ),
      h(`h${level}`, { class: 'subject' }, foreign(subjectInWords(subject))),
      (share !== '' || baseline !== undefined) &&
        h(
          'p',
          {},
          share !== '' && h('b', {}, share),
          share !== '' && baseline !== undefined && ' · ',
          baseline !== undefined && BASELINE_WORDS[baseline],
        ),
      finding.limit !== undefined && h('p', { class: 'faint' }, prose(limitInWords(finding))),
      finding.comparison !== undefined && h('p', { class: 'faint' }, prose(baselineInWords(finding))),
    ),
    h(
      'div',
      { class: 'body' },
      h(
        'div',
        { class: 'act' },
        h('p', { class: 'remedy' }, h('b', {}, 'What to do: '), prose(remedy)),
        snippetTabs(finding, `code-${anchor ?? code}`),
      ),
      h(
        'div',
        { class: 'known' },
        h(
          'dl',
          { class: 'compare' },
          h('div', { class: 'expected' }, h('dt', {}, 'expected'), h('dd', {}, prose(expected))),
          h('div', { class: 'received' }, h('dt', {}, 'received'), h('dd', {}, prose(received))),
        ),
        breakdown(finding),
        causes.length > 0 &&
          h(
            'p',
            { class: 'causes' },
            h('span', { class: 'faint' }, causes.length === 1 ? 'cause ' : 'causes, likeliest first '),
            causes.map((cause) => [h('span', { class: 'cause' }, cause), ' ']),
          ),
        evidenceBlock(evidence, knownTraces(report.detail, drawn), `h${level + 1}`),
        h(
          'details',
          { class: 'to-copy' },
          h('summary', {}, 'As Markdown for the ticket'),
          h('pre', { tabindex: 0 }, ...linesOf(ticketText(report, finding))),
        ),
        h(
          'p',
          { class: 'faint' },
          h('a', { href: `#about-${code}` }, `what ${code} means`),
          ` (${docsOf(finding)}, or ${explainCommand(finding, report)})`,
        ),
      ),
    ),
  );
}

/** Lines as they are: each is short enough not to be cut, and the file keeps their ends. */
function linesOf(text: string): Child[] {
  return text.split('\n').map((line, index) => [index > 0 && h('br'), line]);
}

function breakdown(finding: Finding): Child {
  const { callees = [] } = finding;
  const versions = versionsText(finding);
  return [
    callees.length > 0 &&
      h(
        'ul',
        { class: 'told' },
        callees.map(({ callee, share }) =>
          h('li', {}, 'calls to ', h('b', {}, foreign(callee)), `: ${share.affected} of ${share.of}`),
        ),
      ),
    versions !== undefined && h('p', {}, h('span', { class: 'faint' }, 'versions '), foreign(versions)),
  ];
}

/** Where a trace can be looked at in this page: itself, or as the other half of one. */
type KnownTraces = ReadonlyMap<string, { readonly shown: string; readonly words: string; readonly href: string }>;

function knownTraces(detail: RunDetail | undefined, drawn: ReadonlySet<string>): KnownTraces {
  const known = new Map<string, { shown: string; words: string; href: string }>();
  for (const { id, probe, fragments } of detail?.traces ?? []) {
    const href = drawn.has(id) ? `#${traceAnchor(probe)}` : '#traces';
    known.set(id, { shown: id, words: `trace of ${probe}`, href });
    for (const fragment of fragments) known.set(fragment.id, { shown: id, words: `other half of ${probe}`, href });
  }
  return known;
}

function evidenceBlock({ probes, traces, links, curl }: Finding['evidence'], known: KnownTraces, title: string): Child {
  const list = traces.map((trace, index) => {
    const here = known.get(trace);
    const link = links[index];
    return h(
      'li',
      {},
      here === undefined ? 'trace' : h('a', { href: here.href, 'data-show': here.shown }, here.words),
      ' ',
      h('code', { class: 'id', 'data-copy': 'trace id' }, trace),
      link !== undefined && [
        ' ',
        /^https?:/.test(link)
          ? h('a', { href: link, rel: 'noreferrer', 'data-copy': 'link' }, 'open the trace')
          : foreign(link),
      ],
    );
  });
  return [
    list.length > 0 && [h(title, { class: 'evidence-title' }, 'Evidence'), h('ul', { class: 'evidence' }, list)],
    list.length === 0 && probes.length > 0 && h('p', {}, h('b', {}, 'Evidence: '), `probes ${probes.join(', ')}`),
    curl !== undefined &&
      h(
        'details',
        { class: 'curl to-copy' },
        h('summary', {}, 'Send such a probe again'),
        h('pre', { tabindex: 0 }, commandLine(curl.slice(0, LONGEST_CURL))),
      ),
  ];
}

function toldItem(finding: Finding, anchors: Anchors): HtmlElement {
  const { code, subject, received, explainedBy, waived } = finding;
  const target = explainedBy === undefined ? undefined : anchors.to(explainedBy);
  const by = explainedBy === undefined ? '' : `${explainedBy.code} ${subjectInWords(explainedBy.subject)}`;
  return h(
    'li',
    { id: anchors.of(finding) },
    h('a', { href: `#about-${code}`, class: 'code info' }, code),
    ' ',
    h('b', {}, foreign(subjectInWords(subject))),
    `: ${CODES[code].title}`,
    waived !== undefined && [`${shareInBrackets(finding)} – `, prose(waiverInWords(waived))],
    waived === undefined && explainedBy === undefined && [' – ', prose(received)],
    explainedBy !== undefined && [
      ' – follows from ',
      target === undefined ? foreign(by) : h('a', { href: `#${target}` }, foreign(by)),
    ],
  );
}
