import { CODES } from '../harness/model/codes.ts';
import type { Finding } from '../harness/model/finding.ts';
import type { RunReport } from '../harness/model/report.ts';
import { safeText } from './safe-text.ts';
import {
  findingInWords,
  shareInBrackets,
  subjectInWords,
  tellingFinding,
  verdictInWords,
  waiverInWords,
} from './words.ts';

/**
 * Workflow commands of GitHub Actions: an annotation a finding that counts, then the verdict. What only informs has
 * none, and what follows from another finding only where a promise fails by nothing else, for a step shows ten of each kind.
 */
export function renderGithub(report: RunReport): string {
  const findings = report.promises.flatMap((promise) => promise.findings);
  const shown = findings.filter(({ explainedBy, severity }) => explainedBy === undefined && severity !== 'info');
  const unsure = report.promises.filter(
    ({ status, findings: found }) => status === 'inconclusive' && found.length === 0,
  );
  const following = report.promises.flatMap((promise) => {
    const finding = promise.status === 'fail' ? tellingFinding(promise) : undefined;
    return finding?.explainedBy === undefined ? [] : [{ id: promise.id, finding }];
  });
  const level = report.verdict === 'pass' ? 'notice' : 'error';
  return [
    ...shown.map(annotation),
    ...following.map(({ id, finding }) => command('warning', `${id}: FAIL`, findingInWords(finding))),
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
