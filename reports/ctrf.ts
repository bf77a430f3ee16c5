import type { OutcomeStatus } from '../harness/model/outcome.ts';
import type { ReportedPromise, RunReport } from '../harness/model/report.ts';
import { safeText } from './characters/safe-text.ts';
import { findingText } from './finding-text.ts';
import { jsonText } from './no-command.ts';
import { importInWords } from './run-words.ts';
import { STALE_TEST, staleFailure } from './toleration-words.ts';
import { findingInWords, primaryFinding } from './words.ts';

/** `inconclusive` is neither passed nor skipped: CTRF's word for every other status is `other`. */
const STATUSES: Readonly<Record<OutcomeStatus, 'passed' | 'failed' | 'skipped' | 'other'>> = {
  pass: 'passed',
  fail: 'failed',
  inconclusive: 'other',
  skipped: 'skipped',
  'not-supported': 'skipped',
};

/** Common Test Report Format (ctrf.io, schema 0.0): one test per promise. */
export function renderCtrf(report: RunReport): string {
  const { run, promises, verdict, sentence, exitCode, policy, versions, hops } = report;
  const start = Math.max(0, Date.parse(run.startedAt) || 0);
  const stale = staleFailure(report);
  const tests = [...promises.map(toTest), ...(stale === undefined ? [] : [staleTest(stale)])];
  const count = (status: (typeof STATUSES)[OutcomeStatus]) =>
    promises.filter((promise) => STATUSES[promise.status] === status).length;
  const document = {
    reportFormat: 'CTRF',
    specVersion: '0.0.0',
    generatedBy: 'hopcheck',
    results: {
      tool: { name: 'hopcheck', version: safeText(run.hopcheck) },
      summary: {
        tests: tests.length,
        passed: count('passed'),
        failed: count('failed') + (stale === undefined ? 0 : 1),
        skipped: count('skipped'),
        pending: 0,
        other: count('other'),
        start,
        stop: start + Math.round(run.durationMs),
        extra: { verdict, exitCode, sentence: safeText(sentence), run: safeText(run.id) },
      },
      tests,
      environment: environmentOf(run),
      extra: { hops, ...(policy !== undefined && { policy }), ...(versions !== undefined && { versions }) },
    },
  };
  return jsonText(document);
}

/** Who was asked; of an imported run what is known of that, and what it was made of. */
function environmentOf(run: RunReport['run']) {
  const { ingress, traceBackend } = run.target;
  const imported = importInWords(run);
  return {
    testEnvironment: safeText(ingress === '' ? (imported ?? '') : ingress),
    extra: {
      ...(traceBackend.url !== '' && { traceBackend: safeText(traceBackend.url) }),
      ...(imported !== undefined && { imported: safeText(imported) }),
    },
  };
}

function staleTest(message: string) {
  return { name: STALE_TEST, status: 'failed', duration: 0, suite: ['hopcheck', 'tolerations'], message };
}

function toTest(promise: ReportedPromise) {
  const { id, title, status, observed, reason, findings, judged } = promise;
  const telling = primaryFinding(promise);
  const why = telling === undefined ? observed : findingInWords(telling);
  const message = reason ?? (status === 'fail' ? why : undefined);
  return {
    name: title,
    status: STATUSES[status],
    rawStatus: status,
    // Promises are judged together after the run, so no promise has a duration.
    duration: 0,
    suite: ['hopcheck', id],
    ...(message !== undefined && { message: safeText(message) }),
    ...(findings.length > 0 && { trace: findings.map(findingText).join('\n') }),
    extra: { observed: safeText(observed), ...(judged !== undefined && { judged }), findings },
  };
}
