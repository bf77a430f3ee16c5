import { create } from 'xmlbuilder2';
import type { Finding, Subject } from '../harness/model/finding.ts';
import type { ReportedPromise, RunReport } from '../harness/model/report.ts';
import { safeText } from './characters/safe-text.ts';
import { findingText } from './finding-text.ts';
import { anchorsOf } from './html/anchors.ts';
import { withoutCommands } from './no-command.ts';
import { importInWords } from './run-words.ts';
import { STALE_TEST, staleFailure } from './toleration-words.ts';
import { docsOf, findingInWords, isOwnFinding, policyInWords, primaryFinding, subjectInWords } from './words.ts';

/**
 * For CI systems: a test case per promise, by which they know it from run to run, and one per finding that stands for
 * itself. `fail` is a failure, `inconclusive` an error, because neither is green; `skipped` and `not-supported` are
 * skipped, with their reason. A promise that fails only by what follows from another finding does not fail here: it is
 * skipped, and names it.
 */
export function renderJunit(report: RunReport): string {
  const anchors = anchorsOf(report);
  const cases = casesOf(report, (finding) => {
    const anchor = anchors.of(finding);
    return report.page === undefined ? undefined : `${report.page}${anchor === undefined ? '' : `#${anchor}`}`;
  });
  const count = (outcome: Outcome) => String(cases.filter((one) => one.outcome === outcome).length);
  const counts = {
    tests: String(cases.length),
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: (report.run.durationMs / 1000).toFixed(3),
  };
  // Jenkins' schema allows `skipped` on a suite, and not on the whole.
  const { skipped: _, ...totals } = counts;
  const root = create({ version: '1.0', encoding: 'UTF-8' }).ele('testsuites', { name: 'hopcheck', ...totals });
  const suite = root.ele('testsuite', { name: 'hopcheck', timestamp: safeText(report.run.startedAt), ...counts });
  const properties = suite.ele('properties');
  for (const [name, value] of withOwnNames(propertiesOf(report)))
    properties.ele('property', { name, value: safeText(value) });
  for (const { classname, name, file, outcome, type, message, text } of cases) {
    const testcase = suite.ele('testcase', { classname, name, time: '0', ...(file !== undefined && { file }) });
    if (outcome === 'failure' || outcome === 'error') testcase.ele(outcome, { type: type ?? '', message }).txt(text);
    if (outcome === 'skipped') testcase.ele('skipped', { message });
    if (outcome === 'passed' && text !== '') testcase.ele('system-out').txt(text);
  }
  return `${withoutCommands(root.end({ prettyPrint: true }), '&#91;')}\n`;
}

type Outcome = 'passed' | 'failure' | 'error' | 'skipped';

interface Case {
  readonly classname: string;
  readonly name: string;
  /** The page of the code, below the package. */
  readonly file?: string;
  readonly outcome: Outcome;
  readonly type?: string;
  readonly message: string;
  readonly text: string;
}

/** @param pageOf the finding in the HTML page; undefined: its URL is not known. */
function casesOf(report: RunReport, pageOf: (finding: Finding) => string | undefined): readonly Case[] {
  const isFollowing = (promise: ReportedPromise) => promise.status === 'fail' && followsFrom(promise) !== undefined;
  // Where every promise that fails follows from another finding, as from one that is tolerated, the first one stays.
  const hasOwn = report.promises.some((promise) => promise.status === 'fail' && !isFollowing(promise));
  const stale = staleFailure(report);
  const withLink = (finding: Finding) => {
    const page = pageOf(finding);
    return page === undefined ? findingText(finding) : `${findingText(finding)}\n  page: ${safeText(page, 2000)}`;
  };
  return [
    ...report.promises.flatMap((promise): Case[] => [
      promiseCase(promise, hasOwn ? followsFrom(promise) : undefined, withLink),
      ...findingCases(promise, withLink),
    ]),
    ...(stale === undefined
      ? []
      : [
          {
            classname: 'hopcheck.tolerations',
            name: STALE_TEST,
            outcome: 'failure' as const,
            type: 'stale',
            message: stale,
            text: '',
          },
        ]),
  ];
}

function promiseCase(promise: ReportedPromise, cause: Finding | undefined, textOf: (finding: Finding) => string): Case {
  const { id, title, status, observed, reason, findings } = promise;
  const telling = primaryFinding(promise);
  const own = { classname: `hopcheck.${id}`, name: title };
  const text = [`observed: ${safeText(observed)}`, ...findings.map(textOf)].join('\n');
  if (status === 'fail' && cause !== undefined)
    return { ...own, outcome: 'skipped', message: findingInWords(cause), text };
  const why = telling === undefined ? safeText(observed) : findingInWords(telling);
  if (status === 'fail') return { ...own, outcome: 'failure', type: telling?.code ?? id, message: why, text };
  if (status === 'inconclusive')
    return { ...own, outcome: 'error', type: telling?.code ?? 'inconclusive', message: safeText(reason ?? ''), text };
  if (status === 'skipped' || status === 'not-supported')
    return { ...own, outcome: 'skipped', message: safeText(reason ?? status), text };
  return { ...own, outcome: 'passed', message: '', text: findings.length > 0 ? text : '' };
}

/** What a promise that fails follows from; undefined: it has an error that stands for itself, or does not fail. */
function followsFrom({ status, findings }: ReportedPromise): Finding | undefined {
  if (status !== 'fail' || findings.some((finding) => isOwnFinding(finding) && finding.severity === 'error'))
    return undefined;
  return findings.find(({ explainedBy, waived }) => explainedBy !== undefined && waived === undefined);
}

/** Errors fail where their promise does; a warning is a case that passes, with its text. */
function findingCases(
  { id, status, findings }: ReportedPromise,
  textOf: (finding: Finding) => string,
): readonly Case[] {
  const names = new Map<string, number>();
  return findings.filter(isOwnFinding).map((finding): Case => {
    const name = `${finding.code} ${subjectInWords(withoutVersions(finding.subject))}`;
    const nth = (names.get(name) ?? 0) + 1;
    names.set(name, nth);
    const isError = finding.severity === 'error' && (status === 'fail' || status === 'inconclusive');
    return {
      classname: `hopcheck.${id}`,
      name: nth === 1 ? name : `${name} ${nth}`,
      file: docsOf(finding),
      outcome: isError ? (status === 'fail' ? 'failure' : 'error') : 'passed',
      type: finding.code,
      message: findingInWords(finding),
      text: textOf(finding),
    };
  });
}

/** The name of a test stays the same from run to run, whatever versions are affected. */
function withoutVersions(subject: Subject): Subject {
  if (subject.kind === 'hop') return { kind: 'hop', caller: subject.caller, callee: subject.callee };
  return subject.kind === 'service' ? { kind: 'service', service: subject.service } : subject;
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
