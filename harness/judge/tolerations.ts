import { CODES } from '../model/codes.ts';
import type { JudgedFinding, JudgedWaiver, Subject } from '../model/finding.ts';
import { subjectName, type Toleration } from '../model/policy.ts';
import type { ReportedToleration, TolerationState } from '../model/report.ts';
import { type Seeing, whyNotLookedAt } from './unseen.ts';

/** So long before its end a toleration is warned about, days. */
export const WARNED_DAYS = 7;
const DAY_MS = 86_400_000;

/**
 * Whole days from the day of the run's start to the last day of a toleration, both in UTC: 0 on the last day, negative once
 * it is over. undefined where it has no end. A run whose start is not known is after every end.
 */
export function daysLeft({ until }: Pick<Toleration, 'until'>, startedAt: string): number | undefined {
  if (until === undefined) return undefined;
  const startedAtMs = Date.parse(startedAt);
  if (Number.isNaN(startedAtMs)) return Number.NEGATIVE_INFINITY;
  return Date.parse(until) / DAY_MS - Math.floor(startedAtMs / DAY_MS);
}

/** The waiver of a finding, by the first toleration that fits and has not ended. */
export function tolerationOf(
  finding: JudgedFinding,
  tolerate: readonly Toleration[],
  startedAt: string,
): JudgedWaiver | undefined {
  const found = tolerate.find((toleration) => isInForce(toleration, startedAt) && fits(toleration, finding));
  return found === undefined ? undefined : { by: 'tolerate', reason: found.reason };
}

/** Each toleration with what became of it. @param run with the promises as they are in the end. */
export function reportTolerations(tolerate: readonly Toleration[], run: Seeing): readonly ReportedToleration[] {
  return tolerate.map((toleration) => {
    const isUsed = ({ waived }: JudgedFinding) => waived?.by === 'tolerate';
    const fitting = run.promises.flatMap(({ findings }) => findings).filter((finding) => fits(toleration, finding));
    const inForce = isInForce(toleration, run.run.startedAt);
    return {
      ...toleration,
      findings: inForce ? fitting.filter(isUsed).length : 0,
      state: stateOf(toleration, fitting.length, run),
    };
  });
}

function stateOf(toleration: Toleration, fitting: number, run: Seeing): TolerationState {
  if (fitting === 0) return isLookedAt(toleration, run) ? 'stale' : 'not-seen';
  const left = daysLeft(toleration, run.run.startedAt);
  if (left === undefined || left > WARNED_DAYS) return 'used';
  return left < 0 ? 'over' : 'ending';
}

/** A toleration that fits nothing may go only where the run looked at what it is about. */
function isLookedAt({ code, subject }: Toleration, run: Seeing): boolean {
  const { promise } = CODES[code];
  if (promise === 'environment') return true;
  return whyNotLookedAt({ promise, code, subject: subjectOf(subject) }, run) === undefined;
}

function subjectOf(name: string | undefined): Subject {
  if (name === undefined || name === 'mesh') return { kind: 'mesh' };
  const [caller = '', callee] = name.split('->');
  if (callee !== undefined) return { kind: 'hop', caller, callee };
  return { kind: 'service', service: caller };
}

/** With `--fail-on stale`: something tolerated is not there any more. */
export function hasStale(tolerated: readonly ReportedToleration[]): boolean {
  return tolerated.some(({ state }) => state === 'stale');
}

function isInForce(toleration: Toleration, startedAt: string): boolean {
  const left = daysLeft(toleration, startedAt);
  return left === undefined || left >= 0;
}

/** Whatever the day. */
export function fits({ code, subject }: Toleration, finding: JudgedFinding): boolean {
  return code === finding.code && (subject === undefined || subject === subjectName(finding.subject));
}
