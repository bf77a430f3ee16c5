import type { Cause, FindingRef } from '../model/finding.ts';
import { attemptsOf } from './attempts.ts';
import { faultBehind } from './excuses.ts';
import { callerOf, failingBelow, outagesOf, unansweredCause } from './outages.ts';
import type { RunView } from './run-view.ts';
import { countOf, describeEach, expectedShares, isMissing, sharesFor, testedServices } from './versions.ts';

/** A version that was called and answered not once: its SERVER spans are there, so it is not missing. */
export interface NeverAnswers {
  readonly attempts: number;
  /** How most of them ended; undefined: no span shows it. */
  readonly cause?: Cause;
  /** The finding that accounts for it; undefined: the version itself does. */
  readonly explainedBy?: FindingRef;
}

/** undefined: the version answered, or was never called. */
export function neverAnswers(service: string, version: string, view: RunView): NeverAnswers | undefined {
  const versions = describeEach(view).find((one) => one.service === service);
  if (versions === undefined || countOf(versions.counts, version) > 0) return undefined;
  const attempts = attemptsOf(view, service).made.filter((attempt) => attempt.version === version).length;
  if (attempts === 0) return undefined;
  const cause = unansweredCause(service, version, view);
  const isLate = cause === undefined || cause === 'callee-slow' || cause === 'fault-injected';
  const explainedBy =
    faultBehind(view, service, cause === undefined ? undefined : [cause]) ??
    (isLate ? failingBelow(service, view) : undefined) ??
    outagesOf(view).get(`${callerOf(service, view)} ${service}`)?.ref;
  return { attempts, ...(cause !== undefined && { cause }), ...(explainedBy !== undefined && { explainedBy }) };
}

/** A version that never answers has a finding (HC201) where nothing else accounts for it and chance does not either. */
export function isNamedAsMissing(service: string, version: string, view: RunView): boolean {
  const never = neverAnswers(service, version, view);
  const { attempts = 0 } = describeEach(view).find((one) => one.service === service) ?? {};
  const expected = expectedShares(sharesFor(service, view)?.value ?? {});
  const share = expected.get(version);
  if (never === undefined || never.explainedBy !== undefined || share === undefined) return false;
  return isMissing(share, 0, attempts, expected.size * testedServices(view.capture.expectations));
}
