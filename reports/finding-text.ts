import { CODES } from '../harness/model/codes.ts';
import type { Finding } from '../harness/model/finding.ts';
import { safeText } from './safe-text.ts';
import { docsOf, shareInBrackets, subjectInWords, waiverInWords } from './words.ts';

/** A finding in plain lines, for the text fields of formats that have no place for its parts. */
export function findingText(finding: Finding): string {
  const { code, severity, subject, expected, received, causes, remedy, evidence, waived, baseline, explainedBy } =
    finding;
  return [
    `${code} ${severity}: ${subjectInWords(subject)}: ${CODES[code].title}${shareInBrackets(finding)}`,
    ...(waived === undefined ? [] : [`  waived: ${waiverInWords(waived)}`]),
    ...(baseline === undefined ? [] : [`  baseline: ${baseline}`]),
    ...(explainedBy === undefined
      ? []
      : [`  follows from: ${explainedBy.code} ${subjectInWords(explainedBy.subject)}`]),
    `  expected: ${safeText(expected)}`,
    `  received: ${safeText(received)}`,
    ...(causes.length === 0 ? [] : [`  cause: ${causes.join(' or ')}`]),
    `  do: ${safeText(remedy)}`,
    ...evidence.links.slice(0, 1).map((link) => `  trace: ${safeText(link)}`),
    `  more: ${docsOf(finding)}`,
  ].join('\n');
}
