import { CODES } from '../harness/model/codes.ts';
import type { Finding } from '../harness/model/finding.ts';
import { baselineInWords } from './baseline-words.ts';
import { calleeLines, versionsText } from './breakdown.ts';
import { safeText } from './characters/safe-text.ts';
import { docsOf, limitInWords, shareInBrackets, subjectInWords, waiverInWords } from './words.ts';

/** A finding in plain lines, for the text fields of formats that have no place for its parts. */
export function findingText(finding: Finding): string {
  const { code, severity, subject, expected, received, causes, remedy, evidence, waived, baseline, explainedBy } =
    finding;
  const versions = versionsText(finding);
  return [
    `${code} ${severity}: ${subjectInWords(subject)}: ${CODES[code].title}${shareInBrackets(finding)}`,
    ...(waived === undefined ? [] : [`  waived: ${waiverInWords(waived)}`]),
    ...(baseline === undefined ? [] : [`  baseline: ${baselineInWords(finding)}`]),
    ...(explainedBy === undefined
      ? []
      : [`  follows from: ${explainedBy.code} ${subjectInWords(explainedBy.subject)}`]),
    ...(finding.limit === undefined ? [] : [`  limit: ${limitInWords(finding)}`]),
    `  expected: ${safeText(expected)}`,
    `  received: ${safeText(received)}`,
    ...calleeLines(finding).map((text) => `  calls to: ${text}`),
    ...(versions === undefined ? [] : [`  versions: ${versions}`]),
    ...(causes.length === 0 ? [] : [`  cause: ${causes.join(' or ')}`]),
    `  do: ${safeText(remedy)}`,
    ...evidence.links.slice(0, 1).map((link) => `  trace: ${safeText(link)}`),
    `  more: ${docsOf(finding)}`,
  ].join('\n');
}

/**
 * For places that have room for some of them: the n-th finding of every code before any code's next one, and within a
 * code what was seen most often first.
 */
export function oneOfEachFirst(findings: readonly Finding[]): readonly Finding[] {
  const ranked = [...Map.groupBy(findings, ({ code }) => code).values()].flatMap((same) =>
    same
      .toSorted((one, other) => other.share.affected - one.share.affected)
      .map((finding, rank) => ({ finding, rank })),
  );
  return ranked.toSorted((one, other) => one.rank - other.rank).map(({ finding }) => finding);
}

/** `HC304 × 12, HC406 × 3` */
export function countsInWords(names: readonly string[]): string {
  return [...Map.groupBy(names, (name) => name)].map(([name, same]) => `${name} × ${same.length}`).join(', ');
}
