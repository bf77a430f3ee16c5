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
import { docsOf, limitInWords, shareInBrackets, subjectInWords, waiverInWords } from './words.ts';
import { wrap, wrapCommand } from './wrap.ts';

export interface Drawing {
  readonly ink: Paint;
  readonly columns: number;
  readonly verbose: boolean;
}

/** Information that a person needs to read the traces themselves. */
const ALWAYS_SHOWN: ReadonlySet<string> = new Set(['HC402']);
/** The code to paste, where the service's stack is known; as it is, because it is to be copied. */
function codeLines({ facts }: Finding): readonly string[] {
  const snippet = snippetOf(facts?.remedy);
  return snippet === undefined ? [] : ['', ...snippetText(snippet).replaceAll('\t', '    ').split('\n'), ''];
}

/** A finding in full, where it counts; what does not count, follows from another or only informs has a line. */
export function findingLines(report: RunReport, finding: Finding, drawing: Drawing): string[] {
  const { ink, columns, verbose } = drawing;
  const { code, severity, subject, received, explainedBy, waived } = finding;
  const line = (text: string) => wrap(text, columns, `    ${code} `).map(ink.faint);
  if (waived !== undefined && !verbose)
    return line(
      `${subjectInWords(subject)}: ${CODES[code].title}${shareInBrackets(finding)} · ${waiverInWords(waived)}`,
    );
  if (explainedBy !== undefined) {
    const by = `${explainedBy.code} ${subjectInWords(explainedBy.subject)}`;
    return line(`${subjectInWords(subject)}: ${CODES[code].title}: follows from ${by}`);
  }
  if (severity === 'info')
    return verbose || ALWAYS_SHOWN.has(code) || isWorthALine(finding)
      ? line(`info · ${subjectInWords(subject)}: ${safeText(received)}`)
      : [];
  return fullLines(report, finding, drawing);
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

function fullLines(report: RunReport, finding: Finding, { ink, columns }: Drawing): string[] {
  const { code, severity, causes, subject, expected, received, evidence, remedy, waived, baseline } = finding;
  const word = severity === 'error' ? ink.bad(severity) : ink.unsure(severity);
  const row = (name: string, text: string) => wrap(text, columns, `      ${name.padEnd(9)} `);
  const [link] = evidence.links;
  const versions = versionsText(finding);
  const parts = [`${code} ${severity}`, subjectInWords(subject), shareWords(finding), baseline ?? ''];
  const [head = '', ...rest] = wrap(parts.filter((part) => part !== '').join(' · '), columns, '    ');
  return [
    head.replace(`${code} ${severity}`, `${ink.strong(code)} ${word}`),
    ...rest,
    ...wrap(CODES[code].title, columns, '      ').map(ink.strong),
    ...(waived === undefined ? [] : row('waived', waiverInWords(waived))),
    ...(finding.comparison === undefined ? [] : row('baseline', baselineInWords(finding))),
    ...(finding.limit === undefined ? [] : row('limit', limitInWords(finding))),
    ...row('expected', safeText(expected)),
    ...row('received', safeText(received)),
    ...calleeLines(finding).flatMap((text, index) => row(index === 0 ? 'calls to' : '', text)),
    ...(versions === undefined ? [] : row('versions', versions)),
    ...(causes.length === 0 ? [] : row('cause', causes.join(' or '))),
    ...hopTree(report, finding, ink, columns),
    ...row('do', safeText(remedy)),
    ...codeLines(finding).map((text) => `      ${' '.repeat(10)}${text}`.trimEnd()),
    ...(link === undefined ? [] : row('trace', safeText(link))),
    ...(evidence.curl === undefined
      ? []
      : wrapCommand(safeText(evidence.curl, 2000), columns, `      ${'again'.padEnd(9)} `)),
    ...row('hint', `hopcheck explain ${code} · ${docsOf(finding)}#what-to-do`).map(ink.faint),
  ];
}
