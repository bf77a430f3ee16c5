import { fleetAlpha } from '../judge/among-targets.ts';
import { judge } from '../judge/judge.ts';
import { applyPolicy } from '../judge/policy.ts';
import type { Capture } from '../model/capture.ts';
import type { JudgedFleet, JudgedTarget } from '../model/fleet-report.ts';
import type { OutcomeStatus } from '../model/outcome.ts';
import { EVERYTHING_COUNTS, type Policy } from '../model/policy.ts';
import { ALL_PROMISES } from '../model/promises.ts';
import type { JudgedRun, Verdict, VerdictExitCode } from '../model/report.ts';
import { mergeParts } from './merge-parts.ts';

export interface TargetInput {
  readonly name: string;
  /** Number of parts of its plan. */
  readonly of: number;
  /** Those that are there; several: parts of one plan. */
  readonly captures: readonly Capture[];
}

export interface FleetOptions {
  /** How many targets are judged together, those without a capture among them: fixed before any is read. */
  readonly targets: number;
  /** What counts, the same for every target. Default: everything. */
  readonly policy?: Policy;
  /** The judged runs carry what pictures need. Default false. */
  readonly detail?: boolean;
}

/**
 * One target, over the counts of all its parts, with its equal part of α. Counts and findings are those of a single run of
 * this target. Only what is a matter of chance differs: tests of shares and rates, intervals and what could be found.
 */
export function judgeTarget({ name, of, captures }: TargetInput, options: FleetOptions): JudgedTarget {
  const [first, ...others] = captures;
  const present = new Set(captures.flatMap(({ parts }) => parts?.map(({ index }) => index) ?? [1]));
  const missing = Array.from({ length: of }, (_, at) => at + 1).filter((index) => !present.has(index));
  if (first === undefined) return { name, parts: { of, missing } };
  const merged = mergeParts([first, ...others]);
  const { targets, policy = EVERYTHING_COUNTS, detail = false } = options;
  const together = { value: targets, source: 'assumed', from: 'hopcheck merge' } as const;
  const capture = targets === 1 ? merged : { ...merged, expectations: { ...merged.expectations, targets: together } };
  // Whether a toleration fits nothing is known when every target is judged.
  const failOn = targets === 1 ? policy.failOn : policy.failOn.filter((what) => what !== 'stale');
  return { name, parts: { of, missing }, run: applyPolicy(judge(capture, { detail }), { ...policy, failOn }) };
}

/**
 * Joins the targets, promise by promise: a promise fails where it fails on any target, and is not decided where it
 * is not decided on one. A target that is missing, or of which nothing was judged, leaves the fleet undecided. It rests on
 * counts of which each was tested once, at its part of α, and never on exit codes or verdicts of parts.
 */
export function judgeFleet(judged: readonly JudgedTarget[], policy: Policy = EVERYTHING_COUNTS): JudgedFleet {
  const targets = judged
    .map((target) => ({ ...target, verdict: target.run?.verdict ?? ('inconclusive' as const) }))
    .toSorted((a, b) => badness(b) - badness(a) || (a.name < b.name ? -1 : 1));
  const promises = promisesOf(judged);
  const stale = judged.length > 1 && policy.failOn.includes('stale') ? staleOf(judged) : [];
  const verdict = verdictOf(promises, targets, stale);
  return { verdict, exitCode: EXIT_CODES[verdict], alpha: fleetAlpha(judged.length), promises, targets, stale };
}

const EXIT_CODES: Readonly<Record<Verdict, VerdictExitCode>> = { pass: 0, fail: 1, inconclusive: 2 };

function verdictOf(
  promises: JudgedFleet['promises'],
  targets: JudgedFleet['targets'],
  stale: readonly string[],
): Verdict {
  const isAny = (status: OutcomeStatus) => promises.some((promise) => promise.status === status);
  if (isAny('fail')) return 'fail';
  if (isAny('inconclusive') || targets.some(({ verdict }) => verdict === 'inconclusive')) return 'inconclusive';
  return stale.length > 0 ? 'fail' : 'pass';
}

/** Of two that differ the first in here is the status of both. */
const STATUSES = ['fail', 'inconclusive', 'pass', 'not-supported', 'skipped'] as const satisfies OutcomeStatus[];

function promisesOf(judged: readonly JudgedTarget[]): JudgedFleet['promises'] {
  const outcomes = judged.flatMap(({ run }) => run?.promises ?? []);
  return ALL_PROMISES.flatMap(({ id }) => {
    const own = outcomes.filter((promise) => promise.id === id).map(({ status }) => status);
    const status = STATUSES.find((one) => own.includes(one));
    if (status === undefined) return [];
    const counts = STATUSES.flatMap((one) => {
      const many = own.filter((other) => other === one).length;
      return many === 0 ? [] : [[one, many] as const];
    });
    return [{ id, status, targets: Object.fromEntries(counts) }];
  });
}

/** Failing targets first, by how many promises fail and how much of what was looked at is affected; then open ones. */
function badness({ run, verdict }: JudgedTarget & { readonly verdict: Verdict }): number {
  const rank = { fail: 2, inconclusive: 1, pass: 0 }[verdict];
  if (run === undefined) return rank * 1000 + 999;
  const worse = run.promises.filter(({ status }) => status === verdict).length;
  return rank * 1000 + (verdict === 'pass' ? 0 : worse * 10) + worstShare(run);
}

/** 0–1 */
function worstShare({ promises }: JudgedRun): number {
  const shares = promises.flatMap(({ findings }) =>
    findings.flatMap(({ severity, share }) => (severity === 'error' ? [share.affected / Math.max(1, share.of)] : [])),
  );
  return Math.max(0, ...shares);
}

/** Tolerations that fit nothing on any target. */
function staleOf(judged: readonly JudgedTarget[]): readonly string[] {
  const tolerated = judged.flatMap(({ run }) => run?.policy?.tolerated ?? []);
  const groups = Map.groupBy(tolerated, ({ code, subject }) => (subject === undefined ? code : `${code}:${subject}`));
  return [...groups].filter(([, own]) => own.every(({ state }) => state === 'stale')).map(([name]) => name);
}
