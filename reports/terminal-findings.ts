import { CODES } from '../harness/model/codes.ts';
import type { Finding } from '../harness/model/finding.ts';
import type { RunReport } from '../harness/model/report.ts';
import { shareWords } from '../harness/model/share-words.ts';
import { snippetText } from '../harness/model/snippets.ts';
import { baselineInWords } from './baseline-words.ts';
import { calleeLines, isWorthALine, versionsText } from './breakdown.ts';
import { safeText } from './characters/safe-text.ts';
import { hopTree } from './hop-tree.ts';
import type { Paint } from './paint.ts';
import { snippetOf } from './snippet-of.ts';
import { docsOf, explainCommand, limitInWords, shareInBrackets, subjectInWords, waiverInWords } from './words.ts';
import { wrap, wrapCommand } from './wrap.ts';

export interface Drawing {
  readonly ink: Paint;
  readonly columns: number;
  readonly verbose: boolean;
}

/** Information that a person needs to read the traces themselves. */
const ALWAYS_SHOWN: ReadonlySet<string> = new Set(['HC402']);

/** The code to paste, where the service's stack is known; as it is, because it is to be copied. */
function codeLines({ facts }: Finding, row: Row): readonly string[] {
  const snippet = snippetOf(facts?.remedy);
  if (snippet === undefined) return [];
  const [beside = ''] = row('', '.');
  const lines = ['', ...snippetText(snippet).replaceAll('\t', '    ').split('\n'), ''];
  return lines.map((text) => `${beside.slice(0, -1)}${text}`.trimEnd());
}

/**
 * The findings of a promise: in full where they count; what does not count or only informs has a line, and so have those
 * of one code that follow from the same finding, together.
 * @param culprit shown already, above the promises
 */
export function findingsLines(
  report: RunReport,
  findings: readonly Finding[],
  drawing: Drawing,
  culprit: Finding | undefined,
): string[] {
  const keyOf = ({ code, explainedBy, waived }: Finding, index: number) =>
    explainedBy === undefined || (waived !== undefined && !drawing.verbose)
      ? index
      : `${code} ${explainedBy.code} ${subjectInWords(explainedBy.subject)}`;
  return [...Map.groupBy(findings.entries(), ([index, finding]) => keyOf(finding, index))].flatMap(([key, same]) => {
    const all = same.map(([, finding]) => finding);
    return typeof key === 'string'
      ? followingLines(all, drawing)
      : all.flatMap((one) => findingLines(report, one, drawing, culprit));
  });
}

/** `HC301 details, ratings: a service is missing from the traces; follows from HC501 productpage` */
function followingLines(same: readonly Finding[], { ink, columns }: Drawing): string[] {
  const [first] = same;
  if (first?.explainedBy === undefined) return [];
  const { code, explainedBy } = first;
  const subjects = same.map(({ subject }) => subjectInWords(subject)).join(', ');
  const by = `${explainedBy.code} ${subjectInWords(explainedBy.subject)}`;
  const text = `${subjects}: ${CODES[code].title}; follows from ${by}`;
  return wrap(text, columns, `    ${code} `).map(ink.faint);
}

function findingLines(report: RunReport, finding: Finding, drawing: Drawing, culprit: Finding | undefined): string[] {
  const { ink, columns, verbose } = drawing;
  const { code, severity, subject, received, waived } = finding;
  const line = (text: string) => wrap(text, columns, `    ${code} `).map(ink.faint);
  if (finding === culprit) return line(`${subjectInWords(subject)}: ${CODES[code].title}; see above`);
  if (waived !== undefined && !verbose)
    return line(
      `${subjectInWords(subject)}: ${CODES[code].title}${shareInBrackets(finding)} · ${waiverInWords(waived)}`,
    );
  if (severity === 'info')
    return verbose || ALWAYS_SHOWN.has(code) || isWorthALine(finding)
      ? line(`info · ${subjectInWords(subject)}: ${safeText(received)}`)
      : [];
  return fullLines(report, finding, drawing, culprit);
}

/** `✗ HC302 reviews → ratings: a hop is missing … (4 of 4 traces)`, for --short. */
export function shortLine(finding: Finding, { ink, columns }: Drawing): string[] {
  const { code, severity, subject } = finding;
  const news = finding.baseline === undefined ? '' : ` · ${finding.baseline}`;
  const text = `${code} ${subjectInWords(subject)}: ${CODES[code].title}${shareInBrackets(finding)}${news}`;
  const [first = '', ...rest] = wrap(text, columns, '  ');
  const mark = severity === 'error' ? ink.bad('✗') : ink.unsure('!');
  return [`${mark}${first.slice(1)}`, ...rest];
}

/** The remedy first, then the evidence: the first thing below the verdict. */
export function culpritLines(report: RunReport, culprit: Finding, drawing: Drawing): string[] {
  const { ink, columns } = drawing;
  const row: Row = (name, text) => wrap(text, columns, `  ${name.padEnd(9)} `);
  const [head = '', ...rest] = row('finding', headOf(culprit));
  return [
    ...row('do', safeText(culprit.remedy)).map(ink.strong),
    ...codeLines(culprit, row),
    '',
    paintedHead(head, culprit, ink),
    ...rest,
    ...row('', CODES[culprit.code].title),
    ...knownLines(report, culprit, drawing, row),
  ];
}

type Row = (name: string, text: string) => string[];

function fullLines(report: RunReport, finding: Finding, drawing: Drawing, culprit: Finding | undefined): string[] {
  const { ink, columns } = drawing;
  const { code, remedy, waived } = finding;
  const row: Row = (name, text) => wrap(text, columns, `      ${name.padEnd(9)} `);
  const [head = '', ...rest] = wrap(headOf(finding), columns, '    ');
  const isSame = remedy === culprit?.remedy;
  const what = isSame ? row('do', 'the same as above') : [...row('do', safeText(remedy)), ...codeLines(finding, row)];
  return [
    paintedHead(head, finding, ink),
    ...rest,
    ...wrap(CODES[code].title, columns, '      ').map(ink.strong),
    ...(waived === undefined ? what : row('waived', waiverInWords(waived))),
    ...knownLines(report, finding, drawing, row),
    ...(waived === undefined ? [] : what),
  ];
}

/** `HC501 error · reviews v2, v3 → ratings · 48 of 48 calls` */
function headOf(finding: Finding): string {
  const { code, severity, subject, baseline } = finding;
  const parts = [`${code} ${severity}`, subjectInWords(subject), shareWords(finding), baseline ?? ''];
  return parts.filter((part) => part !== '').join(' · ');
}

function paintedHead(head: string, { code, severity }: Finding, ink: Paint): string {
  const word = severity === 'error' ? ink.bad(severity) : ink.unsure(severity);
  return head.replace(`${code} ${severity}`, `${ink.strong(code)} ${word}`);
}

/** Expected beside received, cause, the hop drawn, a trace, and the command that repeats it. */
function knownLines(report: RunReport, finding: Finding, { ink, columns }: Drawing, row: Row): string[] {
  const { causes, expected, received, evidence } = finding;
  const [link] = evidence.links;
  const versions = versionsText(finding);
  const [beside = ''] = row('', '.');
  const indent = beside.slice(0, -1);
  const [again = ''] = row('again', '.');
  return [
    ...(finding.comparison === undefined ? [] : row('baseline', baselineInWords(finding))),
    ...(finding.limit === undefined ? [] : row('limit', limitInWords(finding))),
    ...row('expected', safeText(expected)),
    ...row('received', safeText(received)),
    ...calleeLines(finding).flatMap((text, index) => row(index === 0 ? 'calls to' : '', text)),
    ...(versions === undefined ? [] : row('versions', versions)),
    ...(causes.length === 0 ? [] : row('cause', causes.join(' or '))),
    ...hopTree(report, finding, ink, columns, indent),
    ...(link === undefined ? [] : row('trace', safeText(link))),
    ...(evidence.curl === undefined ? [] : wrapCommand(safeText(evidence.curl, 2000), columns, again.slice(0, -1))),
    ...row('hint', `${explainCommand(finding, report)} · ${docsOf(finding)}#what-to-do`).map(ink.faint),
  ];
}
