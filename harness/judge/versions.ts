import type { VersionedService } from '../model/application.ts';
import type { Expectations } from '../model/capture.ts';
import { rounded } from '../model/numbers.ts';
import { versionedServices } from '../model/of-request.ts';
import type { ReportedShare, ReportedShareTest, ReportedVersions } from '../model/reported-versions.ts';
import { ALPHA } from '../stats/alpha.ts';
import { missProbability } from '../stats/detection.ts';
import { binomialInterval, type Interval } from '../stats/interval.ts';
import { POWER, shareSensitivity } from '../stats/share-power.ts';
import { SHARE_RULE, type ShareRule, testShares } from '../stats/share-test.ts';
import { confidenceOf, targetsOf } from './among-targets.ts';
import { type Attempts, attemptsOf } from './attempts.ts';
import { judgeRotation } from './rotation.ts';
import type { RunView } from './run-view.ts';

/** Stands for a version that is not known. */
const UNKNOWN = '?';

/** The versions of a run that are expected, with their shares of 1; those expected never are left out. */
export function expectedShares(weights: Readonly<Record<string, number>>): ReadonlyMap<string, number> {
  const all = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  return new Map(
    Object.entries(weights).flatMap(([version, weight]) =>
      weight / all > 0 ? [[version, weight / all] as const] : [],
    ),
  );
}

type Shared = Pick<Expectations, 'shareTolerance' | 'furtherShares' | 'targets'>;

/** How many services of the target are tested. */
export function testedServices({ furtherShares = [] }: Shared): number {
  return 1 + furtherShares.length;
}

/** How many services are tested, of all targets that are judged together: each has an equal part of the α of a check. */
export function partsOfAlpha(expectations: Shared): number {
  return testedServices(expectations) * targetsOf(expectations);
}

/** α and tolerance of the test of one service's shares. */
export function shareRule(expectations: Shared): ShareRule {
  const { shareTolerance } = expectations;
  return {
    alpha: SHARE_RULE.alpha / partsOfAlpha(expectations),
    among: targetsOf(expectations),
    tolerance: shareTolerance === undefined ? SHARE_RULE.tolerance : shareTolerance.value / 100,
  };
}

/**
 * Not served once, although that many attempts should have shown it: the α of coverage is shared by all versions.
 * @param versions of all services that are tested
 */
export function isMissing(share: number, served: number, attempts: number, versions: number): boolean {
  return served === 0 && attempts > 0 && missProbability(share, attempts) < ALPHA.coverage / versions;
}

/**
 * How often each version served, what is to be thought of it, and whether they take turns: of each service with several
 * versions, in the order of the definition. The same view is described once.
 */
export function describeEach(view: RunView): readonly ReportedVersions[] {
  const before = described.get(view);
  if (before !== undefined) return before;
  const each = versionedServices(view.application).map((versioned) => describe(view, versioned));
  described.set(view, each);
  return each;
}

const described = new WeakMap<RunView, readonly ReportedVersions[]>();

/** Weights that a service is held to, with their source; undefined: it is held to none. */
export function sharesFor(service: string, { application, capture }: RunView): Expectations['shares'] {
  const { shares, furtherShares = [] } = capture.expectations;
  if (application.versioned?.service === service) return shares;
  return furtherShares.find((one) => one.service === service)?.shares;
}

function describe(view: RunView, { service, shares: defined }: VersionedService): ReportedVersions {
  const { capture } = view;
  const attempts = attemptsOf(view, service);
  const { counts, sequence } = count(attempts, Object.keys(defined));
  const total = Object.values(counts).reduce((sum, served) => sum + served, 0);
  const weights = sharesFor(service, view)?.value ?? {};
  const expected = expectedShares(weights);
  const { test, tested } = testOf(counts, total, expected, capture.expectations);
  const shares = new Map<string, ReportedShare>();
  for (const version of new Set([...Object.keys(counts), ...expected.keys()])) {
    const served = countOf(counts, version);
    const share = expected.get(version);
    if (share === undefined && served === 0) continue;
    shares.set(version, {
      ...(share !== undefined && { expected: rounded(share) }),
      observed: total === 0 ? 0 : rounded(served / total),
      ...roundedInterval(binomialInterval(served, total, confidenceOf(capture.expectations))),
      ...tested.get(version),
    });
  }
  const evenly = new Set(expected.values()).size <= 1;
  const { rotatingWorkers, loadBalancing } = capture.expectations;
  // With any other policy no caller takes turns, however many workers there are and whatever else calls.
  const inTurns = loadBalancing === undefined || loadBalancing.value === 'round-robin';
  const rotation = judgeRotation(attempts, inTurns ? rotatingWorkers : undefined, evenly);
  return {
    service,
    counts,
    attempts: total,
    unit: attempts.fromSpans ? 'attempts' : 'pages',
    sequence,
    shares: Object.fromEntries(shares),
    ...(test !== undefined && { test }),
    ...(rotation !== undefined && { rotation }),
  };
}

export function countOf(counts: Readonly<Record<string, number>>, version: string): number {
  return Object.hasOwn(counts, version) ? (counts[version] ?? 0) : 0;
}

function count({ made }: Attempts, versions: readonly string[]): Pick<ReportedVersions, 'counts' | 'sequence'> {
  const sequence = made.filter(({ served }) => served).map(({ version }) => version ?? UNKNOWN);
  const counts = new Map(versions.map((version) => [version, 0]));
  for (const version of sequence) if (version !== UNKNOWN) counts.set(version, (counts.get(version) ?? 0) + 1);
  return { counts: Object.fromEntries(counts), sequence };
}

/**
 * Tests the shares among the versions that are expected and served: one that is missing is a separate finding, and the
 * gain of the others is not another.
 */
function testOf(
  counts: Readonly<Record<string, number>>,
  total: number,
  expected: ReadonlyMap<string, number>,
  expectations: Shared,
): { test?: ReportedShareTest; tested: ReadonlyMap<string, Pick<ReportedShare, 'tested' | 'off' | 'found'>> } {
  const rule = shareRule(expectations);
  const all = expected.size * partsOfAlpha(expectations);
  const served = [...expected].filter(([version, share]) => !isMissing(share, countOf(counts, version), total, all));
  const numbers = served.map(([version]) => countOf(counts, version));
  const weights = served.map(([, share]) => share);
  const attempts = numbers.reduce((sum, number) => sum + number, 0);
  if (served.length < 2 || attempts === 0) return { tested: new Map() };
  const { pValue, method, alpha, tolerance, shares } = testShares(numbers, weights, rule);
  const reach = shareSensitivity(attempts, weights, rule);
  return {
    test: { attempts, pValue: rounded(pValue), method, alpha: rounded(alpha), tolerance, power: POWER },
    tested: new Map(
      shares.map(({ expected: share, observed, interval, off }, index) => [
        served[index]?.[0] ?? UNKNOWN,
        {
          tested: { expected: rounded(share), observed: rounded(observed), ...roundedInterval(interval) },
          off,
          found: reach[index] ?? {},
        },
      ]),
    ),
  };
}

function roundedInterval({ low, high }: Interval): Interval {
  return { low: rounded(low), high: rounded(high) };
}
