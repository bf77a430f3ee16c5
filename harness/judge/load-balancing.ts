// Over 250 lines: one promise, with its notes beside each other.
import type { Expectations, Sourced } from '../model/capture.ts';
import type { Excuse } from '../model/cluster.ts';
import type { Fact } from '../model/facts/facts.ts';
import type { FindingRef } from '../model/finding.ts';
import type { Outcome } from '../model/outcome.ts';
import type { ReportedVersions } from '../model/reported-versions.ts';
import { ALPHA } from '../stats/alpha.ts';
import { attemptsNeeded, missProbability } from '../stats/detection.ts';
import { trialsForShares } from '../stats/share-power.ts';
import { conclude } from './conclude.ts';
import { noteIssues } from './configuration.ts';
import { skewExcuse } from './excuses.ts';
import { callerOf } from './failed-call.ts';
import { FindingCollector } from './finding-collector.ts';
import { neverAnswers } from './never-answers.ts';
import { remedyOf } from './remedies.ts';
import type { RunView } from './run-view.ts';
import {
  countOf,
  describeEach,
  expectedShares,
  isMissing,
  partsOfAlpha,
  shareRule,
  sharesFor,
  testedServices,
} from './versions.ts';
import { amongOf, versionsServed } from './versions-served.ts';

type Shares = Sourced<Readonly<Record<string, number>>>;

/**
 * Every version is served, none that is not expected, each in its share (errors where the shares were configured, a
 * warning where the application only assumes them), and where the run is exclusive, in even turns.
 */
export function judgeLoadBalancing(view: RunView): Outcome {
  const promise = 'load-balancing';
  const [first, ...further] = describeEach(view);
  if (first === undefined || view.capture.expectations.shares === undefined) {
    const reason = { kind: 'no-versions', application: view.application.name } as const;
    return { promise, status: 'skipped', facts: { observed: { kind: 'nothing-to-compare' }, reason }, findings: [] };
  }
  const collector = new FindingCollector(view);
  const [reason] = [first, ...further].flatMap((versions) => judgeService(versions, view, collector) ?? []);
  noteIssues(promise, view, collector);
  const observed = versionsServed(first, further, view.capture.expectations.loadBalancing);
  return conclude(promise, { observed, findings: collector.findings(), reason });
}

/** @returns why this service cannot be judged */
function judgeService(versions: ReportedVersions, view: RunView, collector: FindingCollector): Fact | undefined {
  const { expectations } = view.capture;
  const { service, attempts } = versions;
  const shares = sharesFor(service, view);
  if (shares === undefined) return undefined;
  // Given shares must be met, whatever the configuration does to pods.
  const excuse = isGiven(shares) ? undefined : skewExcuse(view, service);
  const undecided = noteMissing(versions, shares, excuse, view, collector);
  noteUnexpected(versions, shares, collector);
  noteOff(versions, shares, excuse, failingBehind(versions, shares, view), collector);
  noteBroken(versions, expectations, collector);
  if (attempts === 0) return { kind: 'no-version-shown', service };
  return undecided[0] ?? (excuse === undefined ? whyUntested(versions, shares, expectations) : undefined);
}

/** @returns why nothing is known about versions that were not served, which by chance may well happen */
function noteMissing(
  { service, counts, attempts }: ReportedVersions,
  shares: Shares,
  excuse: Excuse | undefined,
  view: RunView,
  collector: FindingCollector,
): Fact[] {
  const { expectations } = view.capture;
  const expected = expectedShares(shares.value);
  const all = expected.size * partsOfAlpha(expectations);
  const undecided: Fact[] = [];
  const unserved = [...expected].filter(([version]) => attempts > 0 && countOf(counts, version) === 0);
  for (const [version, share] of unserved) {
    const chance = missProbability(share, attempts);
    // It had its turns, and did not answer in time.
    const { attempts: unanswered = 0, cause, explainedBy, shown } = neverAnswers(service, version, view) ?? {};
    if (explainedBy !== undefined)
      undecided.push({ kind: 'version-unanswered', version, attempts: unanswered, ...named(service, expectations) });
    else if (isMissing(share, 0, attempts, all))
      collector.note({
        code: 'HC201',
        ...excused(excuse),
        subject: { kind: 'service', service, versions: [version] },
        causes: [cause ?? 'version-missing'],
        expected: { kind: 'version-share', version, share, attempts, ...sourceOf(shares), excuse: excuse?.from },
        received: {
          kind: 'never-served',
          unanswered,
          chance,
          ...(shown !== undefined && { pages: { affected: shown, of: view.capture.exchanges.length } }),
        },
        ...remedyOf({ caller: callerOf(service, view), callee: service }, cause === undefined ? [] : [cause], {
          answer: undefined,
          failure: undefined,
        }),
        of: attempts,
        affected: 0,
      });
    else if (excuse === undefined)
      undecided.push({
        kind: 'version-undecided',
        version,
        attempts,
        chance,
        needed: attemptsNeeded(share, ALPHA.coverage / all),
        ...named(service, expectations),
      });
  }
  return undecided;
}

function noteUnexpected(
  { service, counts, attempts }: ReportedVersions,
  shares: Shares,
  collector: FindingCollector,
): void {
  const expected = expectedShares(shares.value);
  for (const [version, served] of Object.entries(counts)) {
    if (served === 0 || expected.has(version)) continue;
    collector.note({
      code: 'HC203',
      severity: severityOf(shares),
      subject: { kind: 'service', service, versions: [version] },
      causes: ['share-off'],
      expected: { kind: 'only-versions', versions: [...expected.keys()], ...sourceOf(shares) },
      received: { kind: 'version-served', version, served, attempts },
      of: attempts,
      affected: served,
    });
  }
}

/** The finding that says why a version answers none of its calls: the others have its share. */
function failingBehind({ service, counts }: ReportedVersions, shares: Shares, view: RunView): FindingRef | undefined {
  const unserved = [...expectedShares(shares.value).keys()].filter((version) => countOf(counts, version) === 0);
  return unserved
    .map((version) => neverAnswers(service, version, view)?.explainedBy)
    .find((explainedBy) => explainedBy !== undefined);
}

/** One finding for all versions that are off: what one gains the others lose. */
function noteOff(
  { service, shares, test }: ReportedVersions,
  given: Shares,
  excuse: Excuse | undefined,
  explainedBy: FindingRef | undefined,
  collector: FindingCollector,
): void {
  const off = Object.entries(shares).flatMap(([version, { off: isOff, tested, ...share }]) =>
    isOff === true && tested !== undefined ? [{ version, ...tested, low: share.low, high: share.high }] : [],
  );
  if (off.length === 0 || test === undefined) return;
  const sum = (gain: (expected: number, observed: number) => number) =>
    off.reduce((all, { expected, observed }) => all + Math.max(0, gain(expected, observed)), 0);
  const moved = Math.max(
    sum((expected, observed) => observed - expected),
    sum((expected, observed) => expected - observed),
  );
  collector.note({
    code: 'HC202',
    severity: severityOf(given),
    ...excused(excuse),
    ...(explainedBy !== undefined && { explainedBy }),
    subject: { kind: 'service', service, versions: off.map(({ version }) => version) },
    causes: ['share-off'],
    expected: {
      kind: 'expected-shares',
      shares: off.map(({ version, expected }) => ({ version, share: expected })),
      tolerance: test.tolerance,
      among: amongOf(shares),
      ...sourceOf(given),
      excuse: excuse?.from,
    },
    received: {
      kind: 'shares-served',
      shares: off.map(({ version, observed, low, high }) => ({ version, share: observed, low, high })),
      attempts: test.attempts,
      chance: test.pValue,
    },
    of: test.attempts,
    affected: Math.round(moved * test.attempts),
  });
}

function noteBroken(
  { service, rotation, attempts }: ReportedVersions,
  { rotatingWorkers: workers, loadBalancing }: Expectations,
  collector: FindingCollector,
): void {
  const spread = rotation?.spread;
  if (spread === undefined || !spread.broken || rotation === undefined) return;
  const { most, least, unknown } = spread;
  collector.note({
    code: 'HC204',
    subject: { kind: 'service', service },
    causes: ['share-off'],
    expected: {
      kind: 'even-turns',
      workers: spread.workers,
      from: [workers?.from ?? '--workers', ...(loadBalancing === undefined ? [] : [loadBalancing.from])],
    },
    received: { kind: 'uneven-turns', unit: rotation.unit, most, least, unseen: unknown },
    of: attempts,
    affected: most - least - spread.workers,
  });
}

/** Configured shares do not hold by attempts that could not have shown them broken. */
function whyUntested(
  { service, attempts, shares, test }: ReportedVersions,
  given: Shares,
  expectations: Expectations,
): Fact | undefined {
  const tells = Object.values(shares).some(({ found }) => found?.above !== undefined || found?.below !== undefined);
  if (severityOf(given) === 'warning' || test === undefined || tells) return undefined;
  const weights = [...expectedShares(given.value).values()];
  return {
    kind: 'shares-untested',
    attempts,
    needed: trialsForShares(weights, shareRule(expectations)),
    ...named(service, expectations),
  };
}

/** The service, where it could be one of several. */
function named(service: string, expectations: Expectations): { readonly service?: string } {
  return testedServices(expectations) > 1 ? { service } : {};
}

/**
 * The configuration moves calls between pods by itself: the effect is worth knowing, and not a fault of any service.
 */
function excused(excuse: Excuse | undefined): { readonly severity?: 'warning' } {
  return excuse === undefined ? {} : { severity: 'warning' };
}

function sourceOf({ source, from }: Shares): Pick<Shares, 'source' | 'from'> {
  return { source, from };
}

function isGiven({ source }: Shares): boolean {
  return source === 'flag' || source === 'environment' || source === 'file';
}

/** Shares that are only assumed cannot be broken; shares that were configured or found in the mesh can. */
function severityOf({ source }: Shares): 'error' | 'warning' {
  return source === 'assumed' || source === 'default' ? 'warning' : 'error';
}
