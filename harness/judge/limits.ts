import type { Fact } from '../model/facts/facts.ts';
import type { FindingRef, JudgedFinding, JudgedWaiver } from '../model/finding.ts';
import { subjectKey } from '../model/finding.ts';
import type { LimitOutcome } from '../model/limit.ts';
import type { Limit } from '../model/policy.ts';
import type { JudgedPromise, JudgedRun } from '../model/report.ts';
import { LIMIT_CONFIDENCE, STAGE_CONFIDENCE, testLimit } from '../stats/limit-test.ts';
import { fails } from './conclude.ts';

type Limited = Pick<JudgedRun, 'promises' | 'run'>;

/**
 * Holds findings to their limits (`--max`). One that is above its limit counts as before. One below it, or undecided, is a
 * warning, and so is its promise, by {@link settleLimits}. Findings that follow from such a one do not count either. Without
 * any finding the promise passes.
 */
export function applyLimits({ promises, run }: Limited, limits: readonly Limit[]): readonly JudgedPromise[] {
  if (limits.length === 0) return promises;
  const alone = run.secondStage === undefined ? LIMIT_CONFIDENCE : STAGE_CONFIDENCE;
  const confidence = 1 - (1 - alone) / (run.among?.targets ?? 1);
  const limited = promises.map((promise) => ({
    ...promise,
    findings: promise.findings.map((finding) => {
      const limit = limits.find(({ code }) => code === finding.code);
      if (limit === undefined || promise.status === 'inconclusive' || !isHeld(finding)) return finding;
      return withLimit(finding, outcomeOf(finding, limit.share, run.probes, confidence));
    }),
  }));
  const key = ({ promise, code, subject }: FindingRef) => `${promise} ${code} ${subjectKey(subject)}`;
  const held = new Map(
    limited.flatMap(({ id, findings }) =>
      findings.flatMap(({ code, subject, limit }) =>
        limit === undefined || limit.decision === 'above'
          ? []
          : [[key({ promise: id, code, subject }), limit.decision]],
      ),
    ) as (readonly [string, 'below' | 'undecided'])[],
  );
  return limited.map((promise) => ({
    ...promise,
    findings: promise.findings.map((finding) => {
      const decision = finding.explainedBy && held.get(key(finding.explainedBy));
      if (decision === undefined || finding.explainedBy === undefined || finding.waived !== undefined) return finding;
      const waived: JudgedWaiver = { by: 'max', code: finding.explainedBy.code, decision };
      return { ...finding, waived };
    }),
  }));
}

/**
 * A promise that failed by nothing else passes where all are below their limits, and is open where one is not decided, with
 * the number of requests that would decide.
 */
export function settleLimits(promises: readonly JudgedPromise[]): readonly JudgedPromise[] {
  return promises.map((promise): JudgedPromise => {
    const { status, findings } = promise;
    const counting = findings.filter(({ waived }) => waived === undefined);
    const limited = findings.filter(({ limit, waived }) =>
      waived === undefined ? limit !== undefined : waived.by === 'max',
    );
    if (status === 'inconclusive' || counting.some(fails) || limited.length === 0) return promise;
    const judged = status === 'pass' ? {} : { judged: status };
    const open = limited.find(({ limit, waived }) => {
      return limit?.decision === 'undecided' || (waived?.by === 'max' && waived.decision === 'undecided');
    });
    const reason = reasonOf(open?.limit === undefined ? causeOf(open, promises) : open);
    if (reason === undefined) return status === 'fail' ? { ...promise, ...judged, status: 'pass' } : promise;
    return { ...promise, ...judged, status: 'inconclusive', facts: { ...promise.facts, reason } };
  });
}

/** undefined where there is nothing open. */
function reasonOf(finding: JudgedFinding | undefined): Fact | undefined {
  if (finding?.limit === undefined || (finding.waived !== undefined && finding.waived.by !== 'max')) return undefined;
  const { code, share, limit } = finding;
  const needed = limit.needed === undefined ? {} : { needed: limit.needed };
  return { kind: 'limit-undecided', code, limit: limit.share, ...share, ...needed };
}

/** Something that counts is neither certainly above its limit nor certainly below: more of the same would decide. */
export function hasUndecidedLimit({ promises }: Pick<JudgedRun, 'promises'>): boolean {
  return promises.some(({ findings }) =>
    findings.some(({ limit, waived }) => limit?.decision === 'undecided' && waived === undefined),
  );
}

function causeOf(finding: JudgedFinding | undefined, promises: readonly JudgedPromise[]): JudgedFinding | undefined {
  const by = finding?.explainedBy;
  if (by === undefined) return undefined;
  const { findings = [] } = promises.find(({ id }) => id === by.promise) ?? {};
  return findings.find(({ code, subject }) => code === by.code && subjectKey(subject) === subjectKey(by.subject));
}

function isHeld({ severity, explainedBy, waived }: JudgedFinding): boolean {
  return severity !== 'info' && explainedBy === undefined && waived === undefined;
}

function withLimit(finding: JudgedFinding, limit: LimitOutcome): JudgedFinding {
  return { ...finding, limit, ...(limit.decision !== 'above' && { severity: 'warning' as const }) };
}

/** Counted in the unit of the finding; requests are more where only some of them cross what it is about. */
function outcomeOf(
  { share: { affected, of } }: JudgedFinding,
  share: number,
  probes: number,
  confidence: number,
): LimitOutcome {
  const { needed, ...test } = testLimit(affected, of, share, confidence);
  const requests = needed === undefined ? undefined : Math.ceil((needed * Math.max(probes, 1)) / Math.max(of, 1));
  return { share, confidence, ...test, ...(requests !== undefined && { needed: requests }) };
}
