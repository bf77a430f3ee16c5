import { formatToSend } from '../formats/formats.ts';
import type { Application } from '../model/application.ts';
import type { Expectations } from '../model/capture.ts';
import { type ContextFormat, MOST_UNDECIDED, type PlannedProbe } from '../model/exchange.ts';
import { rounded } from '../model/numbers.ts';
import { ofRequest, servicesFrom, versionedServices } from '../model/of-request.ts';
import type { HopDetection, RateSensitivity, Sensitivity, ShareSensitivity } from '../model/sensitivity.ts';
import { ALPHA } from '../stats/alpha.ts';
import { attemptsNeeded, detectionProbability } from '../stats/detection.ts';
import { rateBounds, ratesToTell, trialsForRate } from '../stats/rate-test.ts';
import { POWER, shareSensitivity } from '../stats/share-power.ts';
import { targetsOf } from './among-targets.ts';
import { expectedShares, partsOfAlpha, shareRule } from './versions.ts';

/** How many of what a run sends, or has sent. */
export interface Sample {
  /** Requests that the versioned service may serve. */
  readonly attempts: number;
  /** Attempts of each service with several versions, where they are counted already. */
  readonly byService?: ReadonlyMap<string, number>;
  /** Forced-on probes in the mesh's own format: traced on any mesh. */
  readonly forcedOn: number;
  readonly undecided: number;
}

type Expected = Pick<Expectations, 'shares' | 'furtherShares' | 'shareTolerance' | 'samplingPercent' | 'targets'>;

/** Of the probes, those whose request gets to the service. */
function reaching(service: string, application: Application, { attempts }: Sample): number {
  const { requests = [] } = application;
  if (requests.length === 0) return attempts;
  const views = requests.map(({ name }) => ofRequest(application, name));
  const reached = views.filter((view) => servicesFrom(view, view.entry).includes(service)).length;
  return Math.floor((attempts * reached) / requests.length);
}

/** What a run is able to find. Pure; before a run with what is planned, after it with what was made of it. */
export function sensitivityOf(application: Application, expected: Expected, sample: Sample): Sensitivity {
  const [shares, ...further] = versionedServices(application).map(({ service }) =>
    sharesOf(service, application, expected, sample.byService?.get(service) ?? reaching(service, application, sample)),
  );
  const furtherShares = further.filter((one) => one !== undefined);
  const percent = expected.samplingPercent?.value;
  return {
    power: POWER,
    hops: { probes: sample.forcedOn, calls: callsOf(application, expected, sample.forcedOn) },
    ...(shares !== undefined && { shares }),
    ...(furtherShares.length > 0 && { furtherShares }),
    ...(percent !== undefined && { rate: rateSensitivityOf(sample.undecided, percent / 100, targetsOf(expected)) }),
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

/** @param targets that are judged together; default 1 */
export function rateSensitivityOf(undecided: number, expected: number, targets = 1): RateSensitivity {
  const alpha = ALPHA.samplingRate / targets;
  const needed = trialsForRate(expected, MOST_UNDECIDED, POWER, alpha);
  return {
    expected,
    undecided,
    tells: ratesToTell(expected),
    ...(needed !== undefined && { needed }),
    enough: needed !== undefined && undecided >= needed,
    ...(undecided > 0 && rateBounds(undecided, expected, POWER, alpha)),
  };
}

/**
 * Each request draws whether it crosses the hop and whether the hop fails: exact where versions are chosen at random,
 * and where they take turns too low, because then as many requests as possible are sure to cross. Several requests take
 * equal turns. An optional call has no known share.
 */
function callsOf(application: Application, expected: Expected, probes: number): HopDetection[] {
  const views = (application.requests ?? [{ name: undefined }]).map(({ name }) => ofRequest(application, name));
  const crossings = views.map((view) => crossingsOf(view, expected));
  const calls = application.calls.filter(({ optional, peer }) => optional !== true && peer !== 'unseen');
  return calls.map(({ caller, callee }): HopDetection => {
    const each = crossings.map((crossing) => crossing.get(`${caller} ${callee}`) ?? 0);
    const crossing = each.reduce((sum, one) => sum + one, 0) / each.length;
    const found = (rate: number) => rounded(detectionProbability(rate * crossing, probes));
    return { caller, callee, crossing: rounded(crossing), oneIn20: found(1 / 20), oneIn100: found(1 / 100) };
  });
}

/** With which probability one request makes each call. */
function crossingsOf(application: Application, expected: Expected): ReadonlyMap<string, number> {
  const reached = new Map([[application.entry, 1]]);
  const crossings = new Map<string, number>();
  for (const { caller, callee, whenCallerVersion } of application.calls) {
    const shares = whenCallerVersion === undefined ? undefined : weightsFor(caller, application, expected);
    const share =
      shares === undefined
        ? 1
        : (whenCallerVersion ?? []).reduce((sum, version) => sum + (expectedShares(shares).get(version) ?? 0), 0);
    const crossing = (reached.get(caller) ?? 0) * share;
    reached.set(callee, Math.max(crossing, reached.get(callee) ?? 0));
    crossings.set(`${caller} ${callee}`, crossing);
  }
  return crossings;
}

/** undefined: the service has not several versions. */
function weightsFor(
  service: string,
  { versioned }: Pick<Application, 'versioned'>,
  { shares, furtherShares = [] }: Expected,
): Readonly<Record<string, number>> | undefined {
  if (versioned?.service === service) return shares?.value ?? {};
  return furtherShares.find((one) => one.service === service)?.shares.value;
}

function sharesOf(
  service: string,
  application: Application,
  expectations: Expected,
  attempts: number,
): ShareSensitivity | undefined {
  const expected = expectedShares(weightsFor(service, application, expectations) ?? {});
  if (expected.size < 2 || attempts === 0) return undefined;
  // A weight that vanishes beside another is too small a share to judge.
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
    neededForMissing: attemptsNeeded(seldom, ALPHA.coverage / (expected.size * partsOfAlpha(expectations))),
  };
}
