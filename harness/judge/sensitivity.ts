import { formatToSend } from '../formats/formats.ts';
import type { Application } from '../model/application.ts';
import type { Expectations } from '../model/capture.ts';
import { type ContextFormat, MOST_UNDECIDED, type PlannedProbe } from '../model/exchange.ts';
import { rounded } from '../model/numbers.ts';
import type { HopDetection, RateSensitivity, Sensitivity, ShareSensitivity } from '../model/sensitivity.ts';
import { ALPHA } from '../stats/alpha.ts';
import { attemptsNeeded, detectionProbability } from '../stats/detection.ts';
import { rateBounds, ratesToTell, trialsForRate } from '../stats/rate-test.ts';
import { POWER, shareSensitivity } from '../stats/share-power.ts';
import { expectedShares, shareRule } from './versions.ts';

/** How many of what a run sends, or has sent. */
export interface Sample {
  /** Requests that the versioned service may serve. */
  readonly attempts: number;
  /** Forced-on probes in the mesh's own format: traced on any mesh. */
  readonly forcedOn: number;
  readonly undecided: number;
}

type Expected = Pick<Expectations, 'shares' | 'shareTolerance' | 'samplingPercent'>;

/** What a run is able to find. Pure; before a run with what is planned, after it with what was made of it. */
export function sensitivityOf(application: Application, expected: Expected, sample: Sample): Sensitivity {
  const shares = sharesOf(application, expected, sample.attempts);
  const percent = expected.samplingPercent?.value;
  return {
    power: POWER,
    hops: { probes: sample.forcedOn, calls: callsOf(application, expected, sample.forcedOn) },
    ...(shares !== undefined && { shares }),
    ...(percent !== undefined && { rate: rateSensitivityOf(sample.undecided, percent / 100) }),
  };
}

/**
 * How many probes of each kind a plan sends.
 * @param known the mesh's format; absent: that of {@link formatToSend}, because the plan has as many probes of each
 * @param markerSearch false: undecided probes are not sent, because they could not be found
 */
export function sampleOf(plan: readonly PlannedProbe[], known?: ContextFormat, markerSearch = true): Sample {
  const format = formatToSend(known);
  const sent = plan.filter(({ purpose }) => markerSearch || purpose !== 'undecided');
  const isOwn = (probe: PlannedProbe) => probe.format === undefined || probe.format === format;
  return {
    attempts: sent.length,
    forcedOn: sent.filter((probe) => probe.purpose === 'forced-on' && isOwn(probe)).length,
    undecided: sent.filter(({ purpose }) => purpose === 'undecided').length,
  };
}

export function rateSensitivityOf(undecided: number, expected: number): RateSensitivity {
  const needed = trialsForRate(expected, MOST_UNDECIDED);
  return {
    expected,
    undecided,
    tells: ratesToTell(expected),
    ...(needed !== undefined && { needed }),
    enough: needed !== undefined && undecided >= needed,
    ...(undecided > 0 && rateBounds(undecided, expected)),
  };
}

/**
 * Each request draws whether it crosses the hop and whether the hop fails: exact where versions are chosen at random, and
 * where they take turns too low, for then as many requests as can be are sure to cross.
 */
function callsOf(application: Application, { shares }: Expected, probes: number): HopDetection[] {
  const expected = expectedShares(shares?.value ?? {});
  const shareOf = (versions: readonly string[]) =>
    versions.reduce((sum, version) => sum + (expected.get(version) ?? 0), 0);
  const reached = new Map([[application.entry, 1]]);
  return application.calls.map(({ caller, callee, whenCallerVersion }): HopDetection => {
    const conditional = whenCallerVersion !== undefined && caller === application.versioned?.service;
    const crossing = (reached.get(caller) ?? 0) * (conditional ? shareOf(whenCallerVersion) : 1);
    reached.set(callee, Math.max(crossing, reached.get(callee) ?? 0));
    const found = (rate: number) => rounded(detectionProbability(rate * crossing, probes));
    return { caller, callee, crossing: rounded(crossing), oneIn20: found(1 / 20), oneIn100: found(1 / 100) };
  });
}

function sharesOf(application: Application, expectations: Expected, attempts: number): ShareSensitivity | undefined {
  const service = application.versioned?.service;
  const expected = expectedShares(expectations.shares?.value ?? {});
  if (service === undefined || expected.size < 2 || attempts === 0) return undefined;
  // A weight that vanishes beside another is no share that anything could be said of.
  if ([...expected.values()].some((share) => 1 - share <= 0 || 1 - share === 1)) return undefined;
  const rule = shareRule(expectations);
  const found = shareSensitivity(attempts, [...expected.values()], rule);
  const versions = [...expected].map(([version, share], index) => [
    version,
    { expected: rounded(share), ...found[index] },
  ]);
  const seldom = Math.min(...expected.values());
  return {
    service,
    attempts,
    tolerance: rule.tolerance,
    versions: Object.fromEntries(versions),
    neededForMissing: attemptsNeeded(seldom, ALPHA.coverage / expected.size),
  };
}
