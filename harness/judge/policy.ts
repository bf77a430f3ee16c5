import { type FindingRef, type JudgedFinding, type JudgedWaiver, subjectKey } from '../model/finding.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Policy } from '../model/policy.ts';
import type { JudgedPromise, JudgedRun, ReportedPolicy } from '../model/report.ts';
import { compareBaseline } from './baseline.ts';
import { fails, followsFromChange } from './conclude.ts';
import { EXIT_CODES, verdictOf } from './judge.ts';
import { applyLimits, settleLimits } from './limits.ts';
import { splitFindings } from './merge-findings.ts';
import { selectPromises } from './selection.ts';
import { isToldApart } from './told-apart.ts';
import { hasStale, reportTolerations, tolerationOf } from './tolerations.ts';

/**
 * Applies what its user wants to count: selection, tolerations, baseline, --fail-on. Pure; changes statuses, verdict and
 * exit code, and never what was seen: a waived finding keeps its severity and says why it does not count. It never makes a
 * pass of what could not be decided. Without a policy the run comes back as it is.
 */
export function applyPolicy(run: JudgedRun, policy: Policy): JudgedRun {
  const { failOn, only, skip, tolerate, max = [], baseline } = policy;
  const asked = failOn.length + only.length + skip.length + tolerate.length + max.length;
  if (asked === 0 && baseline === undefined) return run;
  const { startedAt } = run.run;
  const selected = selectPromises(splitFindings(run.promises, isToldApart(policy, startedAt)), policy);
  const limited = applyLimits({ ...run, promises: selected }, max);
  const tolerated = limited.map((promise) => ({
    ...promise,
    findings: promise.findings.map((finding) =>
      undecidable(promise, finding) ? finding : waive(finding, tolerationOf(finding, tolerate, startedAt)),
    ),
  }));
  const compared = compareBaseline({ ...run, promises: tolerated }, policy);
  const weighed = weigh(settleLimits(inheritWaivers(compared.promises)), policy);
  return conclude(run, weighed, {
    failOn,
    only,
    skip,
    tolerated: reportTolerations(tolerate, { ...run, promises: weighed }),
    ...(max.length > 0 && { max }),
    ...(compared.baseline !== undefined && { baseline: compared.baseline }),
  });
}

function conclude(run: JudgedRun, promises: readonly JudgedPromise[], policy: ReportedPolicy): JudgedRun {
  const counted = promises.map(
    ({ id, status, facts, findings }): Outcome => ({ promise: id, status, facts, findings }),
  );
  const held = verdictOf(counted);
  // Like a warning, it fails no run that could not decide.
  const verdict = held === 'pass' && policy.failOn.includes('stale') && hasStale(policy.tolerated) ? 'fail' : held;
  return { ...run, verdict, exitCode: EXIT_CODES[verdict], promises, policy };
}

/** A promise fails for what counts, and for nothing else. */
function weigh(promises: readonly JudgedPromise[], { failOn }: Policy): readonly JudgedPromise[] {
  const undecided = promises.some(({ status }) => status === 'inconclusive');
  return promises.map((promise) => {
    const { status, findings } = promise;
    const counting = findings.filter(({ waived }) => waived === undefined);
    const failing = counting.filter(fails);
    if (status === 'fail' && failing.length > 0 && failing.every(followsFromChange))
      return {
        ...promise,
        judged: status,
        status: 'inconclusive',
        facts: { ...promise.facts, reason: { kind: 'mesh-changed' } },
      };
    if (status === 'fail' && failing.length === 0 && findings.length > 0) {
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
    if (status === 'pass' && warns && !undecided)
      return { ...promise, judged: promise.judged ?? status, status: 'fail' };
    return promise;
  });
}

/** Effects of a finding that does not count do not count either; one that is only left out still explains. */
function inheritWaivers(promises: readonly JudgedPromise[]): readonly JudgedPromise[] {
  const key = ({ promise, code, subject }: FindingRef) => `${promise} ${code} ${subjectKey(subject)}`;
  const waivers = new Map<string, JudgedWaiver>();
  for (const { id, findings } of promises)
    for (const { code, subject, waived } of findings)
      if (waived !== undefined && waived.by !== 'only' && waived.by !== 'skip')
        waivers.set(key({ promise: id, code, subject }), waived);
  return promises.map((promise) => ({
    ...promise,
    findings: promise.findings.map((finding) =>
      finding.explainedBy === undefined ? finding : waive(finding, waivers.get(key(finding.explainedBy))),
    ),
  }));
}

/** An error that left the run unable to decide cannot be waived: it may have hidden anything. */
function undecidable({ status }: JudgedPromise, { severity }: JudgedFinding): boolean {
  return status === 'inconclusive' && severity === 'error';
}

/** The first reason given stays. */
function waive(finding: JudgedFinding, waived: JudgedWaiver | undefined): JudgedFinding {
  return waived === undefined || finding.waived !== undefined ? finding : { ...finding, waived };
}
