import { type FindingRef, type JudgedFinding, type JudgedWaiver, subjectKey } from '../model/finding.ts';
import type { Outcome } from '../model/outcome.ts';
import { type Policy, subjectName, type Toleration } from '../model/policy.ts';
import type { JudgedPromise, JudgedRun, ReportedPolicy } from '../model/report.ts';
import { compareBaseline, knownIn } from './baseline.ts';
import { fails } from './conclude.ts';
import { EXIT_CODES, verdictOf } from './judge.ts';
import { splitFindings } from './merge-findings.ts';
import { selectPromises } from './selection.ts';

/**
 * Applies what its user wants to count: selection, tolerations, baseline, --fail-on. Pure; changes statuses, verdict and
 * exit code, and never what was seen: a waived finding keeps its severity and says why it does not count. It never makes a
 * pass of what could not be decided. Without a policy the run comes back as it is.
 */
export function applyPolicy(run: JudgedRun, policy: Policy): JudgedRun {
  const { failOn, only, skip, tolerate, baseline } = policy;
  if (failOn.length + only.length + skip.length + tolerate.length === 0 && baseline === undefined) return run;
  const selected = selectPromises(splitFindings(run.promises, isToldApart(policy)), policy);
  const tolerated = selected.map((promise) => ({
    ...promise,
    findings: promise.findings.map((finding) =>
      undecidable(promise, finding) ? finding : waive(finding, tolerationOf(finding, tolerate)),
    ),
  }));
  const compared = compareBaseline(tolerated, policy);
  const weighed = weigh(inheritWaivers(compared.promises), policy);
  return conclude(run, weighed, {
    failOn,
    only,
    skip,
    tolerated: tolerate.map((toleration) => ({ ...toleration, findings: timesUsed(toleration, weighed) })),
    ...(compared.baseline !== undefined && { baseline: compared.baseline }),
  });
}

/** A finding about all callees of a caller, of which the policy tolerates one, or of which the baseline knows only some. */
function isToldApart({ tolerate, baseline }: Policy) {
  const known = baseline === undefined ? undefined : knownIn(baseline);
  return (finding: JudgedFinding, { id }: JudgedPromise): boolean => {
    const { parts = [] } = finding;
    const fitsPart = tolerate.some(
      (toleration) => !fits(toleration, finding) && parts.some((part) => fits(toleration, part)),
    );
    const knownParts = parts.filter((part) => known?.({ ...part, promise: id }) === true).length;
    return fitsPart || (knownParts > 0 && knownParts < parts.length);
  };
}

function conclude(run: JudgedRun, promises: readonly JudgedPromise[], policy: ReportedPolicy): JudgedRun {
  const counted = promises.map(
    ({ id, status, facts, findings }): Outcome => ({ promise: id, status, facts, findings }),
  );
  const verdict = verdictOf(counted);
  return { ...run, verdict, exitCode: EXIT_CODES[verdict], promises, policy };
}

/** A promise fails for what counts, and for nothing else. */
function weigh(promises: readonly JudgedPromise[], { failOn }: Policy): readonly JudgedPromise[] {
  const undecided = promises.some(({ status }) => status === 'inconclusive');
  return promises.map((promise) => {
    const { status, findings } = promise;
    const counting = findings.filter(({ waived }) => waived === undefined);
    const isFailing = counting.some(fails);
    if (status === 'fail' && !isFailing && findings.length > 0) {
      const blind = promises.some(({ id, status: other }) => id === 'environment' && other === 'inconclusive');
      return blind
        ? {
            ...promise,
            judged: status,
            status: 'inconclusive',
            facts: { ...promise.facts, reason: { kind: 'all-waived' } },
          }
        : { ...promise, judged: status, status: 'pass' };
    }
    const warns = failOn.includes('warning') && counting.some(({ severity }) => severity === 'warning');
    if (status === 'pass' && warns && !undecided) return { ...promise, judged: status, status: 'fail' };
    return promise;
  });
}

/** What follows from a tolerated or known finding does not count either; one that is only left out still explains. */
function inheritWaivers(promises: readonly JudgedPromise[]): readonly JudgedPromise[] {
  const key = ({ promise, code, subject }: FindingRef) => `${promise} ${code} ${subjectKey(subject)}`;
  const waivers = new Map<string, JudgedWaiver>();
  for (const { id, findings } of promises)
    for (const { code, subject, waived } of findings)
      if (waived?.by === 'tolerate' || waived?.by === 'baseline')
        waivers.set(key({ promise: id, code, subject }), waived);
  return promises.map((promise) => ({
    ...promise,
    findings: promise.findings.map((finding) =>
      finding.explainedBy === undefined ? finding : waive(finding, waivers.get(key(finding.explainedBy))),
    ),
  }));
}

function tolerationOf(finding: JudgedFinding, tolerate: readonly Toleration[]): JudgedWaiver | undefined {
  const found = tolerate.find((toleration) => fits(toleration, finding));
  return found === undefined ? undefined : { by: 'tolerate', reason: found.reason };
}

function fits({ code, subject }: Toleration, finding: JudgedFinding): boolean {
  return code === finding.code && (subject === undefined || subject === subjectName(finding.subject));
}

/** An error that left the run unable to decide cannot be waived: it may have hidden anything. */
function undecidable({ status }: JudgedPromise, { severity }: JudgedFinding): boolean {
  return status === 'inconclusive' && severity === 'error';
}

/** The first reason given stays. */
function waive(finding: JudgedFinding, waived: JudgedWaiver | undefined): JudgedFinding {
  return waived === undefined || finding.waived !== undefined ? finding : { ...finding, waived };
}

function timesUsed(toleration: Toleration, promises: readonly JudgedPromise[]): number {
  const used = (finding: JudgedFinding) => finding.waived?.by === 'tolerate' && fits(toleration, finding);
  return promises.flatMap(({ findings }) => findings).filter(used).length;
}
