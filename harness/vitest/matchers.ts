import { expect } from 'vitest';
import { titleNow } from '../../reports/text/titles.ts';
import type { FindingCode } from '../model/codes.ts';
import type { Finding } from '../model/finding.ts';
import type { PromiseId } from '../model/promises.ts';
import { ALL_PROMISES, PROMISES } from '../model/promises.ts';
import type { ReportedPromise, RunReport } from '../model/report.ts';

interface ReportMatchers {
  /**
   * The promise holds: its outcome is `pass`. Anything else fails, `inconclusive`, `skipped` and `not-supported` too:
   * plain Vitest knows no third colour, and none of them is a shade of green.
   */
  toHold: (promise: PromiseId) => void;
  /** The report has a finding with this code, whatever its severity. With `.not`, one that a policy waived does not count. */
  toHaveFinding: (code: FindingCode) => void;
}

declare global {
  // Vitest's own interface for matchers takes other parameters in each major version; Chai's is the same in all of them.
  namespace Chai {
    interface Assertion extends ReportMatchers {}
  }
}

expect.extend({
  toHold(report: RunReport, id: PromiseId) {
    const promise = promiseOf(report, id);
    return {
      pass: promise.status === 'pass',
      message: () => (promise.status === 'pass' ? `${id} holds: ${promise.observed}` : explain(promise)),
    };
  },
  toHaveFinding(report: RunReport, code: FindingCode) {
    const isNot = this.isNot === true;
    const found = report.promises
      .flatMap(({ findings }) => findings)
      .filter((finding) => finding.code === code && !(isNot && finding.waived !== undefined));
    return {
      pass: found.length > 0,
      message: () =>
        found.length > 0
          ? found.map((finding) => describeFinding(finding)).join('\n')
          : `no ${code} among the findings: ${codesOf(report).join(', ') || 'there are none'}`,
    };
  },
});

/** False for a promise that a report has only where the configuration says what to expect, and it does not. */
export function isAsked({ promises }: RunReport, id: PromiseId): boolean {
  const conditional = ALL_PROMISES.some((known) => known.id === id) && !PROMISES.some((known) => known.id === id);
  return !conditional || promises.some((promise) => promise.id === id);
}

/** The outcome of one promise; an unknown id is an error that names those there are. */
export function promiseOf(report: RunReport, id: PromiseId): ReportedPromise {
  const promise = report.promises.find((candidate) => candidate.id === id);
  if (promise !== undefined) return promise;
  const known = report.promises.map((known) => known.id).join(', ');
  throw new Error(`the report has no promise ${JSON.stringify(id)}; there are: ${known}`);
}

function explain(promise: ReportedPromise): string {
  const why = promise.reason === undefined ? '' : `: ${promise.reason}`;
  const findings = promise.findings
    .filter(({ severity, explainedBy }) => severity !== 'info' || explainedBy !== undefined)
    .map(describeFinding);
  return [`${titleNow(promise)} — ${promise.status}${why}`, `observed: ${promise.observed}`, ...findings].join('\n');
}

function describeFinding(finding: Finding): string {
  const { code, severity, subject, expected, received, share, remedy, evidence, explainedBy } = finding;
  const where =
    subject.kind === 'hop'
      ? `${subject.caller} → ${subject.callee}`
      : subject.kind === 'service'
        ? subject.service
        : subject.kind;
  const lines = [
    `${code} ${explainedBy === undefined ? `${severity} ·` : `follows from ${explainedBy.code}:`} ${where} · ${share.affected} of ${share.of}`,
    `  expected  ${expected}`,
    `  received  ${received}`,
    `  remedy    ${remedy}`,
    ...evidence.links.slice(0, 1).map((link) => `  trace     ${link}`),
  ];
  return lines.join('\n');
}

function codesOf(report: RunReport): string[] {
  return [...new Set(report.promises.flatMap(({ findings }) => findings.map(({ code }) => code)))];
}
