import { create } from 'xmlbuilder2';
import { CODES } from '../harness/model/codes.ts';
import type { Finding } from '../harness/model/finding.ts';
import type { ReportedPromise, RunReport } from '../harness/model/report.ts';
import { safeText } from './safe-text.ts';
import { docsOf, shareInWords, subjectInWords } from './words.ts';

/**
 * For CI systems: a test case a promise. `fail` is a failure, `inconclusive` an error, for neither is green; `skipped` and
 * `not-supported` are skipped, with their reason.
 */
export function renderJunit(report: RunReport): string {
  const count = (...statuses: readonly ReportedPromise['status'][]) =>
    String(report.promises.filter(({ status }) => statuses.includes(status)).length);
  const counts = {
    tests: String(report.promises.length),
    failures: count('fail'),
    errors: count('inconclusive'),
    skipped: count('skipped', 'not-supported'),
    time: (report.run.durationMs / 1000).toFixed(3),
  };
  const root = create({ version: '1.0', encoding: 'UTF-8' }).ele('testsuites', { name: 'hopcheck', ...counts });
  const suite = root.ele('testsuite', { name: 'hopcheck', timestamp: safeText(report.run.startedAt), ...counts });
  const properties = suite.ele('properties');
  const { verdict, sentence, exitCode, run } = report;
  for (const [name, value] of Object.entries({ verdict, sentence, exitCode: String(exitCode), run: run.id }))
    properties.ele('property', { name, value: safeText(value) });
  for (const promise of report.promises) {
    const { id, title, status, observed, reason, findings } = promise;
    const testcase = suite.ele('testcase', { classname: `hopcheck.${id}`, name: title, time: '0' });
    const [first] = findings;
    const text = [`observed: ${safeText(observed)}`, ...findings.map(findingText)].join('\n');
    if (status === 'fail') testcase.ele('failure', { type: first?.code ?? id, message: summary(promise) }).txt(text);
    if (status === 'inconclusive')
      testcase.ele('error', { type: first?.code ?? 'inconclusive', message: safeText(reason ?? '') }).txt(text);
    if (status === 'skipped' || status === 'not-supported')
      testcase.ele('skipped', { message: safeText(reason ?? status) });
    if (status === 'pass' && findings.length > 0) testcase.ele('system-out').txt(text);
  }
  return `${root.end({ prettyPrint: true })}\n`;
}

function summary({ observed, findings }: ReportedPromise): string {
  const [first] = findings;
  if (first === undefined) return safeText(observed);
  return `${first.code} ${subjectInWords(first.subject)}: ${CODES[first.code].title} (${shareInWords(first)})`;
}

function findingText(finding: Finding): string {
  const { code, severity, subject, expected, received, causes, remedy, evidence } = finding;
  return [
    `${code} ${severity}: ${subjectInWords(subject)}: ${CODES[code].title} (${shareInWords(finding)})`,
    `  expected: ${safeText(expected)}`,
    `  received: ${safeText(received)}`,
    ...(causes.length === 0 ? [] : [`  cause: ${causes.join(' or ')}`]),
    `  do: ${safeText(remedy)}`,
    ...evidence.links.slice(0, 1).map((link) => `  trace: ${safeText(link)}`),
    `  more: ${docsOf(finding)}`,
  ].join('\n');
}
