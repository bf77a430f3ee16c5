import type { Expectations } from '../model/capture.ts';
import { rounded } from '../model/numbers.ts';
import type { JudgedRun } from '../model/report.ts';
import { RUN_ALPHA } from '../stats/alpha.ts';

type Among = Pick<Expectations, 'targets'>;

/** Of an interval for people, where one target is judged alone. */
const CONFIDENCE = 0.95;

/** How many targets are judged together. Each has an equal part of the α of every check (Bonferroni). */
export function targetsOf({ targets }: Among): number {
  return targets?.value ?? 1;
}

/** With which an interval holds the true value, so that the intervals of all targets together do so with `confidence`. */
export function confidenceOf(expectations: Among, confidence = CONFIDENCE): number {
  return 1 - (1 - confidence) / targetsOf(expectations);
}

/** Of so many targets together, and of each. */
export function fleetAlpha(targets: number): { all: number; each: number; confidence: number } {
  return { all: RUN_ALPHA, each: rounded(RUN_ALPHA / targets), confidence: rounded(1 - (1 - CONFIDENCE) / targets) };
}

/** What a report says beside its intervals and tests; empty where one target is judged alone. */
export function reportAmong(expectations: Among): Pick<JudgedRun['run'], 'among'> {
  const targets = targetsOf(expectations);
  if (targets === 1) return {};
  return { among: { targets, alpha: rounded(RUN_ALPHA / targets), confidence: rounded(confidenceOf(expectations)) } };
}
