import type { Finding, FindingRef, Waiver } from '../model/finding.ts';
import type { Outcome } from '../model/outcome.ts';
import { type Policy, subjectName, type Toleration } from '../model/policy.ts';
import type { ReportedPolicy, ReportedPromise, RunReport } from '../model/report.ts';
import { compareBaseline } from './baseline.ts';
import { plural } from './calls.ts';
import { subjectKey } from './finding-collector.ts';
import { EXIT_CODES, verdictOf } from './judge.ts';
import { selectPromises } from './selection.ts';
import { sentenceOf } from './sentence.ts';

/**
 * Applies what its user wants to count: selection, tolerations, baseline, --fail-on. Pure; changes statuses, verdict, exit
 * code and sentence, and never what was seen: a waived finding keeps its severity and says why it does not count. It
 * never makes a pass of what could not be decided. Without a policy the report comes back as it is.
 */
export function applyPolicy(report: RunReport, policy: Policy): RunReport {
  const { failOn, only, skip, tolerate, baseline } = policy;
  if (failOn.length + only.length + skip.length + tolerate.length === 0 && baseline === undefined) return report;
  const selected = selectPromises(report.promises, policy);
  const tolerated = selected.map((promise) => ({
    ...promise,
    findings: promise.findings.map((finding) =>
      undecidable(promise, finding) ? finding : waive(finding, tolerationOf(finding, tolerate)),
    ),
  }));
  const compared = compareBaseline(tolerated, policy);
  const weighed = weigh(inheritWaivers(compared.promises), policy);
  return conclude(report, weighed, {
    failOn,
    only,
    skip,
    tolerated: tolerate.map((toleration) => ({ ...toleration, findings: timesUsed(toleration, weighed) })),
    ...(compared.baseline !== undefined && { baseline: compared.baseline }),
  });
}

function conclude(report: RunReport, promises: readonly ReportedPromise[], policy: ReportedPolicy): RunReport {
  const counted = promises.map(
    ({ id, title: _, judged: __, findings, ...rest }): Outcome => ({
      promise: id,
      ...rest,
      findings: findings.filter(({ waived }) => waived === undefined),
    }),
  );
  const verdict = verdictOf(counted);
  const sentence = sentenceOf(verdict, counted, report.run.probes, report.run.traces);
  const waived = promises.flatMap(({ findings }) => findings).filter(isWaivedError).length;
  const counts = `${plural(report.run.probes, 'probe')}, ${plural(report.run.traces, 'trace')}`;
  const warning = verdict === 'fail' ? failingWarning(counted) : undefined;
  return {
    ...report,
    verdict,
    exitCode: EXIT_CODES[verdict],
    sentence:
      warning !== undefined
        ? `a warning counts as a failure (--fail-on warning): ${warning.code}: ${warning.received}`
        : verdict === 'pass' && waived > 0
          ? `nothing that counts is wrong (${plural(waived, 'finding')} waived): ${counts}`
          : sentence,
    promises,
    policy,
  };
}

function isWaivedError({ waived, severity, explainedBy }: Finding): boolean {
  return waived !== undefined && severity !== 'info' && explainedBy === undefined;
}

/** The warning to name where nothing but warnings fails the run. */
function failingWarning(outcomes: readonly Outcome[]): Finding | undefined {
  const findings = outcomes.filter(({ status }) => status === 'fail').flatMap((outcome) => outcome.findings);
  if (findings.some(({ severity }) => severity === 'error')) return undefined;
  return findings.find(({ severity }) => severity === 'warning');
}

/** A promise fails for what counts, and for nothing else. */
function weigh(promises: readonly ReportedPromise[], { failOn }: Policy): readonly ReportedPromise[] {
  const undecided = promises.some(({ status }) => status === 'inconclusive');
  return promises.map((promise) => {
    const { status, findings } = promise;
    const counting = findings.filter(({ waived }) => waived === undefined);
    const fails = counting.some(({ severity, explainedBy }) => severity === 'error' || explainedBy !== undefined);
    if (status === 'fail' && !fails && findings.length > 0) {
      const blind = promises.some(({ id, status: other }) => id === 'environment' && other === 'inconclusive');
      return blind
        ? {
            ...promise,
            judged: status,
            status: 'inconclusive',
            reason: 'all that failed is waived, and the run could not see everything',
          }
        : { ...promise, judged: status, status: 'pass' };
    }
    const warns = failOn.includes('warning') && counting.some(({ severity }) => severity === 'warning');
    if (status === 'pass' && warns && !undecided) return { ...promise, judged: status, status: 'fail' };
    return promise;
  });
}

/** What follows from a waived finding is waived with it. */
function inheritWaivers(promises: readonly ReportedPromise[]): readonly ReportedPromise[] {
  const key = ({ promise, code, subject }: FindingRef) => `${promise} ${code} ${subjectKey(subject)}`;
  const waivers = new Map<string, Waiver | undefined>();
  for (const { id, findings } of promises)
    for (const { code, subject, waived } of findings) waivers.set(key({ promise: id, code, subject }), waived);
  return promises.map((promise) => ({
    ...promise,
    findings: promise.findings.map((finding) =>
      finding.explainedBy === undefined ? finding : waive(finding, waivers.get(key(finding.explainedBy))),
    ),
  }));
}

function tolerationOf(finding: Finding, tolerate: readonly Toleration[]): Waiver | undefined {
  const found = tolerate.find((toleration) => fits(toleration, finding));
  return found === undefined ? undefined : { by: 'tolerate', reason: found.reason };
}

function fits({ code, subject }: Toleration, finding: Finding): boolean {
  return code === finding.code && (subject === undefined || subject === subjectName(finding.subject));
}

/** What makes a run unable to decide cannot be waived: nobody can know what it hid. */
function undecidable({ status }: ReportedPromise, { severity }: Finding): boolean {
  return status === 'inconclusive' && severity === 'error';
}

/** The first reason given stays. */
function waive(finding: Finding, waived: Waiver | undefined): Finding {
  return waived === undefined || finding.waived !== undefined ? finding : { ...finding, waived };
}

function timesUsed(toleration: Toleration, promises: readonly ReportedPromise[]): number {
  const used = (finding: Finding) => finding.waived?.by === 'tolerate' && fits(toleration, finding);
  return promises.flatMap(({ findings }) => findings).filter(used).length;
}
