import { create } from 'xmlbuilder2';
import type { ReportedPromise, RunReport } from '../harness/model/report.ts';
import { safeText } from './characters/safe-text.ts';
import { findingText } from './finding-text.ts';
import { withoutCommands } from './no-command.ts';
import { importInWords } from './run-words.ts';
import { STALE_TEST, staleFailure } from './toleration-words.ts';
import { findingInWords, policyInWords, primaryFinding } from './words.ts';

/**
 * For CI systems: a test case a promise. `fail` is a failure, `inconclusive` an error, for neither is green; `skipped` and
 * `not-supported` are skipped, with their reason.
 */
export function renderJunit(report: RunReport): string {
  const count = (...statuses: readonly ReportedPromise['status'][]) =>
    String(report.promises.filter(({ status }) => statuses.includes(status)).length);
  const stale = staleFailure(report);
  const more = stale === undefined ? 0 : 1;
  const counts = {
    tests: String(report.promises.length + more),
    failures: String(Number(count('fail')) + more),
    errors: count('inconclusive'),
    skipped: count('skipped', 'not-supported'),
    time: (report.run.durationMs / 1000).toFixed(3),
  };
  // Jenkins' schema allows `skipped` on a suite, and not on the whole.
  const { skipped: _, ...totals } = counts;
  const root = create({ version: '1.0', encoding: 'UTF-8' }).ele('testsuites', { name: 'hopcheck', ...totals });
  const suite = root.ele('testsuite', { name: 'hopcheck', timestamp: safeText(report.run.startedAt), ...counts });
  const properties = suite.ele('properties');
  for (const [name, value] of withOwnNames(propertiesOf(report)))
    properties.ele('property', { name, value: safeText(value) });
  for (const promise of report.promises) {
    const { id, title, status, observed, reason, findings } = promise;
    const testcase = suite.ele('testcase', { classname: `hopcheck.${id}`, name: title, time: '0' });
    const telling = primaryFinding(promise);
    const why = telling === undefined ? safeText(observed) : findingInWords(telling);
    const text = [`observed: ${safeText(observed)}`, ...findings.map(findingText)].join('\n');
    if (status === 'fail') testcase.ele('failure', { type: telling?.code ?? id, message: why }).txt(text);
    if (status === 'inconclusive')
      testcase.ele('error', { type: telling?.code ?? 'inconclusive', message: safeText(reason ?? '') }).txt(text);
    if (status === 'skipped' || status === 'not-supported')
      testcase.ele('skipped', { message: safeText(reason ?? status) });
    if (status === 'pass' && findings.length > 0) testcase.ele('system-out').txt(text);
  }
  if (stale !== undefined) {
    const testcase = suite.ele('testcase', { classname: 'hopcheck.tolerations', name: STALE_TEST, time: '0' });
    testcase.ele('failure', { type: 'stale', message: stale });
  }
  return `${withoutCommands(root.end({ prettyPrint: true }), '&#91;')}\n`;
}

function propertiesOf({
  verdict,
  sentence,
  exitCode,
  run,
  hops,
  policy,
  timings,
}: RunReport): (readonly [string, string])[] {
  return [
    ...Object.entries({
      verdict,
      sentence,
      exitCode: String(exitCode),
      run: run.id,
      ingress: run.target.ingress,
      traceBackend: run.target.traceBackend.url,
      imported: importInWords(run) ?? '',
      probes: String(run.probes),
      traces: String(run.traces),
      settleMs: run.imported === undefined ? String(timings.settleMs) : '',
    }).filter(([, value]) => value !== ''),
    ...hops.flatMap(({ caller, callee, seen, expected, headers }): (readonly [string, string])[] => [
      [`hop ${safeText(caller)} → ${safeText(callee)}`, `${seen} of ${expected}`],
      ...Object.entries(headers).map(
        ([header, { cell }]) => [`hop ${safeText(caller)} → ${safeText(callee)} ${safeText(header)}`, cell] as const,
      ),
    ]),
    ...(policy === undefined ? [] : policyInWords(policy)),
  ];
}

/** Who makes a map of properties keeps the last of a name: the second `gone` is `gone 2`. */
function withOwnNames(properties: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] {
  const taken = new Set<string>();
  return properties.map(([name, value]) => {
    let own = name;
    for (let number = 2; taken.has(own); number += 1) own = `${name} ${number}`;
    taken.add(own);
    return [own, value];
  });
}
