import type { RunReport } from '../model/report.ts';
import type {
  ComparedShares,
  ComparedTally,
  HopChange,
  PromiseChange,
  RunComparison,
  TimingChange,
  VersionChange,
} from '../model/run-comparison.ts';
import { risePValue } from '../stats/fisher-rise.ts';
import { WORSE_ALPHA } from '../stats/worse.ts';
import { compareFindings } from './compare-findings.ts';
import { callKey } from './same-application.ts';

/** Compares two reports of one application, the earlier first (whyNotComparable in same-application.ts). Pure. */
export function compareReports(before: RunReport, after: RunReport): RunComparison {
  const promises = comparePromises(before, after);
  const findings = compareFindings(before, after);
  const hops = compareHops(before, after);
  const versions = compareVersions(before, after);
  const isSame =
    before.verdict === after.verdict &&
    promises.every((one) => one.before === one.after) &&
    findings.every(({ state }) => state === 'known' || state === 'not-seen') &&
    hops.every(({ state, headers }) => state === 'same' && headers.length === 0) &&
    versions.every(({ isChanged }) => !isChanged);
  return { before, after, isSame, promises, findings, hops, versions, timings: compareTimings(before, after) };
}

function comparePromises(before: RunReport, after: RunReport): readonly PromiseChange[] {
  const ids = new Set([...after.promises, ...before.promises].map(({ id }) => id));
  return [...ids].map((id) => {
    const was = before.promises.find((promise) => promise.id === id)?.status;
    const is = after.promises.find((promise) => promise.id === id)?.status;
    return { id, ...(was !== undefined && { before: was }), ...(is !== undefined && { after: is }) };
  });
}

function compareHops(before: RunReport, after: RunReport): readonly HopChange[] {
  const was = new Map(before.hops.map((hop, index) => [callKey(hop, index), hop]));
  const is = new Map(after.hops.map((hop, index) => [callKey(hop, index), hop]));
  const both = [...is].filter(([key]) => was.has(key)).length;
  const alpha = WORSE_ALPHA / Math.max(1, 2 * both);
  return [...new Set([...is.keys(), ...was.keys()])].flatMap((key): HopChange[] => {
    const [one, other] = [was.get(key), is.get(key)];
    if (one === undefined) return other === undefined ? [] : [{ ...names(other), state: 'added', headers: [] }];
    if (other === undefined) return [{ ...names(one), state: 'removed', headers: [] }];
    const [lostBefore, lostAfter] = [lostOf(one), lostOf(other)];
    const [rise, fall] = [risePValue(lostBefore, lostAfter), risePValue(lostAfter, lostBefore)];
    const state = rise < alpha ? 'worse' : fall < alpha ? 'better' : 'same';
    const lost = { before: lostBefore, after: lostAfter, pValue: Math.min(rise, fall), alpha };
    return [{ ...names(other), state, lost, headers: changedHeaders(one, other) }];
  });
}

type Hop = RunReport['hops'][number];

const names = ({ caller, callee }: Hop) => ({ caller, callee });
const lostOf = ({ seen, expected }: Hop): ComparedTally => ({ affected: Math.max(0, expected - seen), of: expected });

/** A header that spans could not show in one of the two runs did not change. */
function changedHeaders(before: Hop, after: Hop): HopChange['headers'] {
  return Object.entries(after.headers).flatMap(([header, { cell }]) => {
    const was = before.headers[header]?.cell;
    if (was === undefined || was === cell || was === 'not-observable' || cell === 'not-observable') return [];
    return [{ header, before: was, after: cell }];
  });
}

function compareVersions(before: RunReport, after: RunReport): readonly VersionChange[] {
  const pairs = versionsOf(after).flatMap((is) => {
    const was = versionsOf(before).find(({ service }) => service === is.service);
    if (was === undefined) return [];
    return [...new Set([...Object.keys(is.counts), ...Object.keys(was.counts)])].map((version) => ({
      service: is.service,
      version,
      before: { affected: was.counts[version] ?? 0, of: was.attempts },
      after: { affected: is.counts[version] ?? 0, of: is.attempts },
    }));
  });
  const alpha = WORSE_ALPHA / Math.max(1, pairs.length);
  return pairs.map((pair) => {
    const shares: ComparedShares = { ...pair, pValue: twoSided(pair.before, pair.after), alpha };
    return { ...pair, ...shares, isChanged: shares.pValue < alpha };
  });
}

function versionsOf({ versions, furtherVersions = [] }: RunReport) {
  return versions === undefined ? furtherVersions : [versions, ...furtherVersions];
}

function twoSided(before: ComparedTally, after: ComparedTally): number {
  return Math.min(1, 2 * Math.min(risePValue(before, after), risePValue(after, before)));
}

function compareTimings(before: RunReport, after: RunReport): readonly TimingChange[] {
  const rows = [
    ['in all', before.run.durationMs, after.run.durationMs],
    ['preflight', before.timings.preflightMs, after.timings.preflightMs],
    ['probes', before.timings.probeMs, after.timings.probeMs],
    ['settling', before.timings.settleMs, after.timings.settleMs],
  ] as const;
  return rows.map(([name, beforeMs, afterMs]) => ({ name, beforeMs, afterMs }));
}
