import type { Finding } from '../harness/model/finding.ts';
import { percent } from '../harness/model/numbers.ts';
import type { ReportedBaseline, ReportedPolicy } from '../harness/model/report.ts';
import { safeText } from './characters/safe-text.ts';

/** New to the baseline, or worse than it: what a gate is there for. */
export function isNews({ baseline }: Pick<Finding, 'baseline'>): boolean {
  return baseline === 'new' || baseline === 'worse';
}

/** New ones first; the order is kept otherwise. */
export function newsFirst<Item extends Pick<Finding, 'baseline'>>(findings: readonly Item[]): readonly Item[] {
  return findings.toSorted((one, other) => Number(isNews(other)) - Number(isNews(one)));
}

/** `worse: 1 of 50 before, 50 of 50 now (p 3e-29, level 0.01); v3 as well now`; empty without a baseline. */
export function baselineInWords({ baseline, comparison, share }: Finding): string {
  if (baseline === undefined) return '';
  if (comparison === undefined) return baseline;
  const { before, pValue, alpha, addedVersions = [] } = comparison;
  const shares = `${before.affected} of ${before.of} before, ${share.affected} of ${share.of} now`;
  const versions =
    addedVersions.length === 0 ? '' : `; ${addedVersions.map((one) => safeText(one)).join(', ')} as well now`;
  return `${baseline}: ${shares} (p ${number(pValue)}, level ${number(alpha)})${versions}`;
}

/** `1 new · 1 worse · 2 known · 1 gone · 1 not seen this time` */
export function baselineCounts({ new: fresh, worse = 0, known, gone, notSeen = [] }: ReportedBaseline): string {
  const counts = [
    [fresh, 'new'],
    [worse, 'worse'],
    [known, 'known'],
    [gone.length, 'gone'],
    [notSeen.length, 'not seen this time'],
  ] as const;
  const always = new Set(['new', 'known', 'gone']);
  return counts.flatMap(([count, word]) => (count > 0 || always.has(word) ? [`${count} ${word}`] : [])).join(' · ');
}

type UnseenReason = NonNullable<NonNullable<ReportedPolicy['baseline']>['notSeen']>[number]['why'];

/** Why a run does not show whether something is gone. */
export function unseenInWords(why: UnseenReason): string {
  switch (why.kind) {
    case 'promise-not-judged':
      return 'its promise was not judged';
    case 'hop-not-crossed':
      return 'no trace was expected to have this call';
    case 'version-not-served':
      return `${why.versions.map((one) => safeText(one)).join(', ')} was not served`;
    case 'explained':
      return `it follows from ${safeText(why.code)} now`;
    case 'by-chance':
      return `as rare as before, a run misses it with ${percent(why.probability)}`;
  }
}

/** Two digits: `0.005`, `3.1e-29`. */
function number(value: number): string {
  return String(Number(value.toPrecision(2)));
}
