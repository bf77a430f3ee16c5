import { CODES } from '../harness/model/codes.ts';
import type { Finding } from '../harness/model/finding.ts';
import type { RunReport } from '../harness/model/report.ts';
import { safeText } from './safe-text.ts';
import { shareInBrackets, subjectInWords, verdictInWords, waiverInWords } from './words.ts';

/**
 * Workflow commands of GitHub Actions: an annotation a finding that counts, then the verdict. What follows from another
 * finding or only informs has none, for a run shows ten of each kind at most.
 */
export function renderGithub(report: RunReport): string {
  const findings = report.promises.flatMap((promise) => promise.findings);
  const shown = findings.filter(({ explainedBy, severity }) => explainedBy === undefined && severity !== 'info');
  const unsure = report.promises.filter(
    ({ status, findings: found }) => status === 'inconclusive' && found.length === 0,
  );
  const level = report.verdict === 'pass' ? 'notice' : 'error';
  return [
    ...shown.map(annotation),
    ...unsure.map(({ id, title, reason }) =>
      command('warning', `${id}: not decided`, `${title}: ${safeText(reason ?? '')}`),
    ),
    command(level, `hopcheck: ${verdictInWords(report)} (exit ${report.exitCode})`, safeText(report.sentence)),
    '',
  ].join('\n');
}

function annotation(finding: Finding): string {
  const { code, severity, subject, received, causes, remedy, waived } = finding;
  const level = waived !== undefined ? 'notice' : severity === 'error' ? 'error' : 'warning';
  const lines = [
    `${CODES[code].title}${shareInBrackets(finding)}`,
    safeText(received),
    ...(causes.length === 0 ? [] : [`cause: ${causes.join(' or ')}`]),
    ...(waived === undefined ? [] : [waiverInWords(waived)]),
    safeText(remedy),
  ];
  return command(level, `${code} ${subjectInWords(subject)}`, lines.join('\n'));
}

/** As actions/toolkit writes them: in the data % and line ends are escaped, in a property also : and the comma. */
function command(level: 'error' | 'warning' | 'notice', title: string, message: string): string {
  const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
  return `::${level} title=${property(title)}::${data(message)}`;
}
