import { causesOfCall } from '../diagnose/call-answer.ts';
import { type Cause, type FindingRef, refTo } from '../model/finding.ts';
import { calledService, calledSubset } from '../model/span.ts';
import { attemptsOf } from './attempts.ts';
import { faultBehind } from './excuses.ts';
import { callerOf } from './failed-call.ts';
import { mostOf } from './most-of.ts';
import { failingBelow, type Outage, outagesOf, unansweredCause } from './outages.ts';
import type { RunView } from './run-view.ts';
import { countOf, describeEach, expectedShares, isMissing, sharesFor, testedServices } from './versions.ts';

/** A version that was called and answered not once: its SERVER spans are there, so it is not missing. */
export interface NeverAnswers {
  readonly attempts: number;
  /** How most of them ended; undefined: no span shows it. */
  readonly cause?: Cause;
  /** The finding that accounts for it; undefined: the version itself does. */
  readonly explainedBy?: FindingRef;
  /** The answers that show an error because of it. Which of them do is up to where the retries went. */
  readonly shown?: number;
}

/** undefined: the version answered, or was never called. */
export function neverAnswers(service: string, version: string, view: RunView): NeverAnswers | undefined {
  const versions = describeEach(view).find((one) => one.service === service);
  if (versions === undefined || countOf(versions.counts, version) > 0) return undefined;
  const served = attemptsOf(view, service).made.filter((attempt) => attempt.version === version).length;
  const unreached = unreachedCalls(service, version, view);
  const attempts = served + unreached.length;
  if (attempts === 0) return undefined;
  const cause = unansweredCause(service, version, view) ?? mostOf(unreached, (one) => one);
  const isLate = cause === undefined || cause === 'callee-slow' || cause === 'fault-injected';
  const outage = outagesOf(view).get(`${callerOf(service, view)} ${service}`);
  const isOwn = outage !== undefined && downVersion(outage) === version;
  const explainedBy =
    faultBehind(view, service, cause === undefined ? undefined : [cause]) ??
    (isLate ? failingBelow(service, view) : undefined) ??
    (isOwn ? undefined : outage?.ref) ??
    (unreached.length === 0
      ? undefined
      : refTo('HC303', { kind: 'hop', caller: callerOf(service, view), callee: service }));
  return {
    attempts,
    ...(cause !== undefined && { cause }),
    ...(explainedBy !== undefined && { explainedBy }),
    ...(isOwn && { shown: outage.affected }),
  };
}

/** Calls that a route sent to the version, and that reached no pod of it: why each did not. */
function unreachedCalls(service: string, version: string, { traces, naming }: RunView): readonly Cause[] {
  return traces.flatMap(({ made, assembly }) =>
    made.flatMap(({ span }) => {
      if (span.kind !== 'client' || calledSubset(span) !== version) return [];
      if (calledService(span, naming.homes) !== service || assembly.childrenOf.has(span)) return [];
      return causesOfCall(span).slice(0, 1);
    }),
  );
}

/**
 * The one version that an outage is about, where it does not run. Most of its calls are tried again at another version, so
 * it is up to chance whether a page shows an error. The finding about the version is the same either way.
 */
function downVersion({ causes, failure }: Outage): string | undefined {
  const [version, ...others] = failure?.calleeVersions ?? [];
  return causes[0] === 'callee-down' && others.length === 0 ? version : undefined;
}

/** The finding about the version whose failure the answers show (HC201); undefined: the outage is about more than that. */
export function downVersionBehind(outage: Outage | undefined, view: RunView): FindingRef | undefined {
  const version = outage && downVersion(outage);
  if (outage === undefined || version === undefined || !isNamedAsMissing(outage.callee, version, view))
    return undefined;
  return refTo('HC201', { kind: 'service', service: outage.callee, versions: [version] });
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
