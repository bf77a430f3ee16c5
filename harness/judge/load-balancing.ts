import type { Outcome } from '../model/outcome.ts';
import type { ReportedVersions } from '../model/report.ts';
import { ALPHA } from '../stats/alpha.ts';
import { attemptsNeeded, missProbability } from '../stats/miss.ts';
import { plural } from './calls.ts';
import { FindingBook } from './finding-book.ts';
import type { RunView } from './run-view.ts';
import { countVersions } from './versions.ts';

/** Every version is served. (That each gets its share is tested by a later issue; counts and order are shown.) */
export function judgeLoadBalancing(view: RunView): Outcome {
  const promise = 'load-balancing';
  const versions = countVersions(view);
  const shares = view.capture.expectations.shares;
  if (versions === undefined || shares === undefined) {
    const reason = `${view.application.name} has no service with several versions`;
    return { promise, status: 'skipped', observed: 'nothing to compare', reason, findings: [] };
  }
  const book = new FindingBook(view);
  const total = Object.values(shares.value).reduce((sum, weight) => sum + weight, 0);
  const undecided: string[] = [];
  const alpha = ALPHA.coverage / Object.values(shares.value).filter((weight) => weight > 0).length;
  for (const [version, weight] of Object.entries(shares.value)) {
    if (weight <= 0 || count(versions, version) > 0 || versions.attempts === 0) continue;
    const share = weight / total;
    const chance = missProbability(share, versions.attempts);
    // By chance alone it may well be missed: then nothing is known, and more probes would tell.
    if (chance >= alpha)
      undecided.push(
        `${version} was not served in ${plural(versions.attempts, 'attempt')}, which by chance happens with ${percent(chance)}; ${attemptsNeeded(share, alpha)} probes would decide`,
      );
    else {
      book.note({
        code: 'HC201',
        subject: { kind: 'service', service: versions.service, versions: [version] },
        causes: ['version-missing'],
        expected: `${version} in about ${percent(share)} of ${plural(versions.attempts, 'attempt')} (${shares.source})`,
        received: `never; by chance that happens with ${percent(chance)}`,
        of: versions.attempts,
        affected: versions.attempts,
      });
    }
  }
  noteUnexpected(versions, shares, book);
  const findings = book.findings();
  const observed = observedText(versions);
  if (findings.some(({ severity }) => severity === 'error')) return { promise, status: 'fail', observed, findings };
  const reason = versions.attempts === 0 ? `no answer of ${versions.service} shows its version` : undecided[0];
  if (reason !== undefined) return { promise, status: 'inconclusive', observed, reason, findings };
  return { promise, status: 'pass', observed, findings };
}

function noteUnexpected(
  versions: ReportedVersions,
  shares: NonNullable<RunView['capture']['expectations']['shares']>,
  book: FindingBook,
): void {
  for (const [version, served] of Object.entries(versions.counts)) {
    const weight = Object.hasOwn(shares.value, version) ? (shares.value[version] ?? 0) : 0;
    if (served === 0 || weight > 0) continue;
    book.note({
      code: 'HC203',
      // What is only assumed cannot be broken; what somebody configured can.
      severity: shares.source === 'assumed' ? 'warning' : 'error',
      subject: { kind: 'service', service: versions.service, versions: [version] },
      causes: ['share-off'],
      expected: `only ${Object.keys(shares.value)
        .filter((name) => (shares.value[name] ?? 0) > 0)
        .join(', ')} (${shares.source}, ${shares.from})`,
      received: `${version} in ${served} of ${plural(versions.attempts, 'attempt')}`,
      of: versions.attempts,
      affected: served,
    });
  }
}

function observedText({ counts, attempts, unit }: ReportedVersions): string {
  const each = Object.entries(counts)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([version, served]) => `${version} ${served}`);
  return `${each.join(' · ')} of ${plural(attempts, unit.slice(0, -1))}`;
}

function count({ counts }: ReportedVersions, version: string): number {
  return Object.hasOwn(counts, version) ? (counts[version] ?? 0) : 0;
}

function percent(fraction: number): string {
  const value = fraction * 100;
  return value === 0 || value >= 0.1 ? `${Number(value.toPrecision(2))} %` : `${value.toExponential(0)} %`;
}
