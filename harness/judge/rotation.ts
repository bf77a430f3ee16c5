import type { Sourced } from '../model/capture.ts';
import type { ReportedRotation } from '../model/reported-versions.ts';
import { isUneven, rotationEvidence } from '../stats/rotation.ts';
import type { Attempt, Attempts } from './attempts.ts';

/** More pods than these are not followed: their possible orders are too many to try. */
const MOST_PODS = 5;

/**
 * Whether the versions take turns: per caller pod, in the order in which its CLIENT spans start; where there are none, in
 * the order of the probes. A pod of the versioned
 * service takes a turn, so pods are compared where every span names one, else versions. Each part of a run is followed by
 * itself. Turns of parts that sent at the same time are never uneven: each is foreign traffic to the others. With `workers` (the caller's worker
 * threads, all its pods together, and no other client calls) also whether the turns are even: every worker keeps one
 * rotation, and leaves any two pods at most one turn apart.
 * @param evenly every pod is expected to serve as much as any other
 * @returns undefined where there is nothing to compare
 */
export function judgeRotation(
  { made, unseen, isInterleaved }: Attempts,
  workers: Sourced<number> | undefined,
  evenly: boolean,
): ReportedRotation | undefined {
  const calls = made.flatMap((attempt) => (attempt.call === undefined ? [] : [{ ...attempt, call: attempt.call }]));
  const seen = calls.length > 0 ? calls : made;
  const pods = new Set(seen.flatMap(({ pod }) => pod ?? []));
  const byPod = seen.every(({ pod }) => pod !== undefined) && pods.size <= MOST_PODS;
  const callers = new Set(calls.map(({ call }) => call.caller));
  const turns = partsOf(calls)
    .flatMap((part) => [...Map.groupBy(part, ({ call }) => call.caller).values()])
    .map((own) => own.toSorted((a, b) => a.call.startMicros - b.call.startMicros));
  // Where only pages are known, so is only the order of the probes, and the caller is not known.
  const sequences = (calls.length > 0 ? turns : partsOf(made)).map((own) =>
    own.flatMap((turn) => takerOf(turn, byPod) ?? []),
  );
  const evidence = rotationEvidence(sequences);
  const spread =
    workers === undefined || !evenly || isInterleaved ? undefined : widestOf(partsOf(made), workers.value, unseen);
  if (evidence === undefined && spread === undefined) return undefined;
  return {
    verdict: spread?.broken ? 'broken' : evidence?.seen ? 'seen' : 'not-decidable',
    unit: byPod ? 'pods' : 'versions',
    callers: callers.size,
    steps: evidence?.steps ?? 0,
    of: evidence?.of ?? 0,
    quantile: evidence?.quantile ?? 0,
    ...(spread !== undefined && { spread }),
  };
}

/** In the order of their numbers: when each was sent must not matter, not even to the shuffles of the evidence. */
function partsOf<One extends Attempt>(made: readonly One[]): readonly (readonly One[])[] {
  const parts = [...Map.groupBy(made, ({ part = 0 }) => part)];
  return parts.toSorted(([a], [b]) => a - b).map(([, own]) => own);
}

/** Of the part with the turns that are furthest apart. */
function widestOf(parts: readonly (readonly Attempt[])[], workers: number, unseen: number): ReportedRotation['spread'] {
  const spreads = parts.flatMap((made) => spreadOf(made, workers, unseen) ?? []);
  return spreads.toSorted((a, b) => b.most - b.least - (a.most - a.least))[0];
}

function takerOf({ pod, version }: Attempt, byPod: boolean): string | undefined {
  return byPod ? pod : version;
}

/** How far apart the turns are; an unseen turn may have gone to any pod. */
function spreadOf(made: readonly Attempt[], workers: number, unseen: number): ReportedRotation['spread'] {
  const byPod = made.every(({ pod }) => pod !== undefined);
  const podsOf = Map.groupBy(made, ({ version }) => version);
  // Several pods of one version take several turns: then only pods can be compared.
  if (!byPod && [...podsOf.values()].some((turns) => new Set(turns.flatMap(({ pod }) => pod ?? [])).size > 1))
    return undefined;
  const turns = new Map<string, number>();
  let unknown = unseen;
  for (const attempt of made) {
    const taker = takerOf(attempt, byPod);
    if (taker === undefined) unknown += 1;
    else turns.set(taker, (turns.get(taker) ?? 0) + 1);
  }
  if (turns.size < 2) return undefined;
  const most = Math.max(...turns.values());
  const least = Math.min(...turns.values());
  return { most, least, workers, unknown, broken: isUneven(most, least, workers, unknown) };
}
