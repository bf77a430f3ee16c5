import type { Finding } from '../harness/model/finding.ts';
import { safeText } from './characters/safe-text.ts';

/** A line per callee, in columns: `details  72 of 72`. Empty where the finding is not about several. */
export function calleeLines({ callees = [] }: Finding): readonly string[] {
  const names = callees.map(({ callee }) => safeText(callee, 40));
  const width = Math.max(0, ...names.map(({ length }) => length));
  return callees.map(({ share }, index) => `${(names[index] ?? '').padEnd(width)}  ${share.affected} of ${share.of}`);
}

/**
 * `v2 3 of 29, v3 0 of 29; chance alone makes such a difference in 24 % of runs (Fisher's exact test)`; undefined: versions
 * are not known, fewer than two were called, or every call of each is affected.
 */
export function versionsText({ shareByVersion, versionTest }: Finding): string | undefined {
  if (shareByVersion === undefined || versionTest === undefined) return undefined;
  const each = Object.entries(shareByVersion)
    .filter(([, { of }]) => of > 0)
    .map(([version, { affected, of }]) => `${safeText(version, 20)} ${affected} of ${of}`);
  if (each.length < 2) return undefined;
  const { pValue, alpha } = versionTest;
  const p = pValue < 1e-6 ? 'p < 0.000001' : `p = ${Number(pValue.toPrecision(2))}`;
  const says = pValue < alpha ? 'the versions differ' : 'no version stands out';
  return `${each.join(', ')}: ${says} (Fisher's exact test, ${p})`;
}

/** Information that has a line without --verbose: copies, clocks, and a mesh that traces hardly anything by itself. */
export function isWorthALine({ code, facts }: Finding): boolean {
  if (code === 'HC717' || code === 'HC719') return true;
  const received = facts?.received;
  if (code !== 'HC606' || received?.kind !== 'undecided-traced') return false;
  return received.traced.affected <= received.traced.of * HARDLY_ANYTHING;
}

/** Of the undecided requests. */
const HARDLY_ANYTHING = 0.1;
