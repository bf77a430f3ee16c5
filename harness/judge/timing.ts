import { wasServed } from '../model/expected.ts';
import type { CallFailure } from '../model/facts/values.ts';
import type { Cause } from '../model/finding.ts';
import { median } from '../model/median.ts';
import { calledService, calledSubset, isProxySpan } from '../model/span.ts';
import { type Counted, differingGroups } from '../stats/fisher.ts';
import { causesInRun } from './call-causes.ts';
import type { RunView } from './run-view.ts';

interface Hop {
  readonly caller: string;
  readonly callee: string;
}

interface TimedCall {
  /** Of the caller. */
  readonly version: string;
  readonly calleeVersion: string;
  readonly failed: boolean;
  readonly ms: number;
  /** Of the callee's SERVER span, where it answered. */
  readonly servedMs?: number;
}

/**
 * How long the failing calls of a hop took, and where the callee is slow, how long it takes when it is left to answer. The
 * versions that give up, and those that fail, are named where versions differ significantly. Medians, whole milliseconds.
 * @param causes of the calls that count as failing
 */
export function timingOf(hop: Hop, causes: readonly Cause[], view: RunView): CallFailure | undefined {
  const calls = timedCalls(hop, causes, view);
  const failed = calls.filter((call) => call.failed);
  if (failed.length === 0) return undefined;
  const afterMs = median(failed.map(({ ms }) => ms));
  const calleeVersions = differing(calls, ({ calleeVersion }) => calleeVersion);
  const failing = { afterMs, ...(calleeVersions.length > 0 && { calleeVersions }) };
  if (!causes.includes('callee-slow')) return failing;
  const late = calls.flatMap(({ servedMs }) => (servedMs !== undefined && servedMs > afterMs ? [servedMs] : []));
  const versions = differing(calls, ({ version }) => version);
  return {
    ...failing,
    ...(late.length > 0 && { lateMs: median(late) }),
    ...(versions.length > 0 && { versions }),
  };
}

function timedCalls({ caller, callee }: Hop, causes: readonly Cause[], view: RunView): readonly TimedCall[] {
  return [...view.traces, ...view.diagnosis.parts].flatMap(({ made, makers, assembly }) =>
    made.flatMap(({ span, workload }): TimedCall[] => {
      if (span.kind !== 'client' || !isProxySpan(span)) return [];
      if (workload?.service !== caller || calledService(span) !== callee) return [];
      const server = assembly.childrenOf.get(span)?.find(({ kind }) => kind === 'server');
      return [
        {
          version: workload.version ?? '',
          calleeVersion: (server === undefined ? calledSubset(span) : makers.get(server)?.version) ?? '',
          failed: causesInRun(span, server, view).some((cause) => causes.includes(cause)),
          ms: toMs(span.durationMicros),
          ...(server !== undefined && wasServed(server) && { servedMs: toMs(server.durationMicros) }),
        },
      ];
    }),
  );
}

/** The versions whose calls fail significantly more often than those of the others. */
function differing(calls: readonly TimedCall[], versionOf: (call: TimedCall) => string): readonly string[] {
  const table = new Map<string, Counted>();
  for (const [version, of] of Map.groupBy(calls, versionOf))
    table.set(version, { affected: of.filter(({ failed }) => failed).length, of: of.length });
  return differingGroups(table).named.filter((version) => version !== '');
}

function toMs(micros: number): number {
  return Math.round(micros / 1000);
}
