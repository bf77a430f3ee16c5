import type { Expectations, Sourced } from '../model/capture.ts';
import type { Excuse } from '../model/cluster.ts';
import { byChance, percent } from '../model/numbers.ts';
import type { Outcome } from '../model/outcome.ts';
import type { ReportedVersions } from '../model/report.ts';
import { ALPHA } from '../stats/alpha.ts';
import { attemptsNeeded, missProbability } from '../stats/detection.ts';
import { intervalText } from '../stats/interval.ts';
import { trialsForShares } from '../stats/share-power.ts';
import { attemptsOf } from './attempts.ts';
import { plural } from './calls.ts';
import { conclude } from './conclude.ts';
import { skewExcuse } from './excuses.ts';
import { slowBelow } from './explanations.ts';
import { FindingCollector } from './finding-collector.ts';
import type { RunView } from './run-view.ts';
import { countOf, describeVersions, expectedShares, isMissing, shareRule } from './versions.ts';

type Shares = Sourced<Readonly<Record<string, number>>>;

/**
 * Every version is served, none that is not expected, each in its share (errors where somebody gave the shares, a warning
 * where the application only assumes them), and where the run is exclusive, in even turns.
 */
export function judgeLoadBalancing(view: RunView): Outcome {
  const promise = 'load-balancing';
  const versions = describeVersions(view);
  const shares = view.capture.expectations.shares;
  if (versions === undefined || shares === undefined) {
    const reason = `${view.application.name} has no service with several versions`;
    return { promise, status: 'skipped', observed: 'nothing to compare', reason, findings: [] };
  }
  const collector = new FindingCollector(view);
  const { loadBalancing } = view.capture.expectations;
  // Who gives the shares says what must come of them, whatever the configuration does to pods.
  const excuse = isGiven(shares) ? undefined : skewExcuse(view, versions.service);
  const undecided = noteMissing(versions, shares, excuse, view, collector);
  noteUnexpected(versions, shares, collector);
  noteOff(versions, shares, excuse, collector);
  noteBroken(versions, view.capture.expectations, collector);
  const findings = collector.findings();
  const observed = observedText(versions, loadBalancing);
  const reason =
    versions.attempts === 0
      ? `no answer of ${versions.service} shows its version`
      : (undecided[0] ?? (excuse === undefined ? whyUntested(versions, shares, view.capture.expectations) : undefined));
  return conclude(promise, { observed, findings, reason });
}

/** @returns why nothing can be said about versions that were not served, which by chance may well happen */
function noteMissing(
  { service, counts, attempts }: ReportedVersions,
  shares: Shares,
  excuse: Excuse | undefined,
  view: RunView,
  collector: FindingCollector,
): string[] {
  const expected = expectedShares(shares.value);
  const undecided: string[] = [];
  const unserved = [...expected].filter(([version]) => attempts > 0 && countOf(counts, version) === 0);
  const made = unserved.length === 0 ? [] : attemptsOf(view, service).made;
  for (const [version, share] of unserved) {
    const chance = byChance(missProbability(share, attempts));
    // It had its turns, and what it calls itself kept it from answering in time.
    const turns = made.filter((attempt) => attempt.version === version).length;
    const explainedBy = turns > 0 ? slowBelow(service, view) : undefined;
    if (isMissing(share, 0, attempts, expected.size))
      collector.note({
        code: 'HC201',
        ...excused(excuse),
        subject: { kind: 'service', service, versions: [version] },
        causes: ['version-missing'],
        ...(explainedBy !== undefined && { explainedBy }),
        expected: `${version} in about ${percent(share)} of ${plural(attempts, 'attempt')} (${shares.source})${excuseText(excuse)}`,
        received:
          turns > 0
            ? `never: ${plural(turns, 'attempt')} got no answer in time`
            : `never; by chance that happens ${chance}`,
        of: attempts,
        affected: 0,
      });
    else if (excuse === undefined)
      undecided.push(
        `${version} was not served in ${plural(attempts, 'attempt')}, which by chance happens ${chance}; ${attemptsNeeded(share, ALPHA.coverage / expected.size)} probes would decide`,
      );
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
      expected: `only ${[...expected.keys()].join(', ')} (${shares.source}, ${shares.from})`,
      received: `${version} in ${served} of ${plural(attempts, 'attempt')}`,
      of: attempts,
      affected: served,
    });
  }
}

/** One finding for all versions that are off: what one gains the others lose. */
function noteOff(
  { service, shares, test }: ReportedVersions,
  given: Shares,
  excuse: Excuse | undefined,
  collector: FindingCollector,
): void {
  const off = Object.entries(shares).flatMap(([version, { off: isOff, tested, ...share }]) =>
    isOff === true && tested !== undefined ? [{ version, ...share, ...tested, shown: intervalText(share) }] : [],
  );
  if (off.length === 0 || test === undefined) return;
  const sum = (gain: (expected: number, observed: number) => number) =>
    off.reduce((all, { expected, observed }) => all + Math.max(0, gain(expected, observed)), 0);
  const moved = Math.max(
    sum((expected, observed) => observed - expected),
    sum((expected, observed) => expected - observed),
  );
  const points = Number((test.tolerance * 100).toPrecision(3));
  collector.note({
    code: 'HC202',
    severity: severityOf(given),
    ...excused(excuse),
    subject: { kind: 'service', service, versions: off.map(({ version }) => version) },
    causes: ['share-off'],
    expected: `${off.map(({ version, expected }) => `${version} ${percent(expected)}`).join(', ')} ± ${points} points${amongText(shares)} (${given.source}, ${given.from})${excuseText(excuse)}`,
    received: `${off.map(({ version, observed, shown }) => `${version} ${percent(observed)} (${shown})`).join(', ')} of ${plural(test.attempts, 'attempt')}; by chance that happens ${byChance(test.pValue)}`,
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
    expected: `turns at most ${plural(spread.workers, 'turn')} apart: each worker keeps one rotation (${[workers?.from ?? '--workers', loadBalancing?.from].filter(Boolean).join('; ')})`,
    received: `${rotation.unit.slice(0, -1)} with most ${most}, with least ${least}${unknown > 0 ? `, ${plural(unknown, 'turn')} not seen` : ''}`,
    of: attempts,
    affected: most - least - spread.workers,
  });
}

/** Shares that somebody gave are not held by attempts that could not have shown them broken. */
function whyUntested({ attempts, shares, test }: ReportedVersions, given: Shares, expectations: Expectations) {
  const tells = Object.values(shares).some(({ found }) => found?.above !== undefined || found?.below !== undefined);
  if (severityOf(given) === 'warning' || test === undefined || tells) return undefined;
  const weights = [...expectedShares(given.value).values()];
  const enough = trialsForShares(weights, shareRule(expectations));
  const advice =
    enough === undefined ? 'no number of them would, with this tolerance' : `${enough} would find the greatest`;
  return `${plural(attempts, 'attempt')} cannot show that a share is off; ${advice}`;
}

/** The configuration moves calls between pods by itself: what comes of it is worth knowing, and nobody's fault. */
function excused(excuse: Excuse | undefined): { readonly severity?: 'warning' } {
  return excuse === undefined ? {} : { severity: 'warning' };
}

function excuseText(excuse: Excuse | undefined): string {
  return excuse === undefined ? '' : `; its pods need not get equal shares: ${excuse.from}`;
}

function isGiven({ source }: Shares): boolean {
  return source === 'flag' || source === 'environment' || source === 'file';
}

/** What is only assumed cannot be broken; what somebody configured, or what was found in the mesh, can. */
function severityOf({ source }: Shares): 'error' | 'warning' {
  return source === 'assumed' || source === 'default' ? 'warning' : 'error';
}

/** `v1 20 · v2 21 · v3 19 of 60 attempts · shares: p=0.95, … · rotation seen: 55 of 59 steps` */
function observedText(
  { counts, attempts, unit, shares, test, rotation }: ReportedVersions,
  policy: Expectations['loadBalancing'],
): string {
  const each = Object.entries(counts)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([version, served]) => `${version} ${served}`);
  const parts = [`${each.join(' · ')} of ${plural(attempts, unit.slice(0, -1))}`];
  if (test !== undefined) parts.push(`${testText(shares, test.pValue)}${foundText(shares)}`);
  if (policy !== undefined && policy.value !== 'round-robin') parts.push(`no turns expected (${policy.from})`);
  else if (rotation !== undefined && rotation.of > 0) {
    const word = rotation.verdict === 'not-decidable' ? 'not decidable' : rotation.verdict;
    parts.push(`rotation ${word}: ${rotation.steps} of ${plural(rotation.of, 'step')}`);
  }
  return parts.join(' · ');
}

function testText(shares: ReportedVersions['shares'], pValue: number): string {
  const p = pValue < 1e-6 ? 'p<0.000001' : `p=${Number(pValue.toPrecision(2))}`;
  return `shares${amongText(shares)}: ${p}`;
}

/** A version that is missing is a finding of its own; the others are then held to their shares of what is left. */
function amongText(shares: ReportedVersions['shares']): string {
  const expected = Object.entries(shares).filter(([, share]) => share.expected !== undefined);
  const tested = expected.filter(([, share]) => share.tested !== undefined);
  return tested.length === expected.length ? '' : ` among ${tested.map(([version]) => version).join(', ')}`;
}

/** How much must be wrong to be noticed: a pass says what it was able to see. */
function foundText(shares: ReportedVersions['shares']): string {
  const found = Object.entries(shares).flatMap(([version, { found: reach }]) => {
    const bounds = [
      ...(reach?.below === undefined ? [] : [`≤ ${percent(reach.below)}`]),
      ...(reach?.above === undefined ? [] : [`≥ ${percent(reach.above)}`]),
    ];
    return bounds.length === 0 ? [] : [{ version, bounds: bounds.join(' or ') }];
  });
  const [first] = found;
  if (first === undefined) return ', too few attempts to find one off';
  const tested = Object.values(shares).filter((share) => share.tested !== undefined).length;
  const alike = found.every(({ bounds }) => bounds === first.bounds) && found.length === tested;
  const what = alike ? first.bounds : found.map(({ version, bounds }) => `${version} ${bounds}`).join(', ');
  return `, one at ${what} would be found`;
}
