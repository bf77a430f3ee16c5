import type { CallDefinition } from '../definition/schema.ts';
import { GRPC_CODES, OF_REQUEST } from '../model/grpc-status.ts';
import { fisherPValue } from '../stats/fisher.ts';
import { type Declared, edgeOf } from './learn-input.ts';
import type { SeenCalls, TraceReading, Turn } from './trace-reading.ts';

/** So many of so many requests. */
export interface Counted {
  readonly made: number;
  readonly of: number;
}

/** A call as it is proposed, with what it rests on. */
export interface LearntCall extends Counted {
  readonly caller: string;
  readonly call: CallDefinition;
  /** By version of the caller, where it has several. */
  readonly byVersion: ReadonlyMap<string, Counted>;
  /** `when` is a guess: the versions part the requests, and something else may part them likewise. */
  readonly isGuess: boolean;
}

/** A parting by version that chance makes in this share of optional calls is not proposed. */
const GUESS_ALPHA = 0.01;

interface Sighting {
  readonly turn: Turn;
  readonly seen: SeenCalls | undefined;
}

/**
 * The calls that the readings show. Of a request only callers and callees count that it gets to, so that a call which another
 * request makes is not optional. Linear in turns times callees.
 * @param reaches services that each request gets to.
 */
export function callsIn(
  readings: readonly TraceReading[],
  reaches: ReadonlyMap<string, ReadonlySet<string>>,
  declared: Declared,
): readonly LearntCall[] {
  const turns = readings.flatMap((reading) => reading.turns.map((turn) => ({ turn, request: reading.request })));
  const byCaller = Map.groupBy(turns, ({ turn }) => turn.service);
  return [...byCaller].flatMap(([caller, own]) => {
    const callees = new Map<string, number>();
    for (const { turn } of own)
      for (const [callee, { startMicros }] of turn.calls) if (!callees.has(callee)) callees.set(callee, startMicros);
    const inOrder = orderOf(own.map(({ turn }) => turn));
    return inOrder.map((callee) => {
      const isPeer = own.some(({ turn }) => turn.calls.get(callee)?.isHalf === true) && isDeclared(callee, declared);
      const sightings = own.flatMap(({ turn, request }): Sighting[] => {
        const isReached = isPeer || reaches.get(request)?.has(callee) === true;
        return isReached ? [{ turn, seen: turn.calls.get(callee) }] : [];
      });
      return callOf(caller, callee, sightings, isPeer ? declared : undefined);
    });
  });
}

function isDeclared(callee: string, { untraced, external }: Declared): boolean {
  return untraced.has(callee) || external.has(callee);
}

/** Callees in the order in which most turns make the calls. */
function orderOf(turns: readonly Turn[]): readonly string[] {
  const ranks = new Map<string, { sum: number; of: number }>();
  for (const { calls } of turns) {
    const sorted = [...calls].toSorted(
      ([a, one], [b, other]) => one.startMicros - other.startMicros || (a < b ? -1 : 1),
    );
    for (const [index, [callee]] of sorted.entries()) {
      const rank = ranks.get(callee) ?? { sum: 0, of: 0 };
      ranks.set(callee, { sum: rank.sum + index, of: rank.of + 1 });
    }
  }
  const mean = ({ sum, of }: { readonly sum: number; readonly of: number }) => sum / of;
  return [...ranks]
    .toSorted(([a, one], [b, other]) => mean(one) - mean(other) || (a < b ? -1 : 1))
    .map(([name]) => name);
}

function callOf(
  caller: string,
  callee: string,
  sightings: readonly Sighting[],
  declared: Declared | undefined,
): LearntCall {
  const made = sightings.flatMap(({ seen }) => seen ?? []);
  const byVersion = versionsOf(sightings);
  const parted = made.length === sightings.length ? undefined : partedBy(byVersion);
  const times = Math.max(1, ...made.map((seen) => seen.times));
  const statuses = [...new Set(made.flatMap((seen) => seen.statuses))]
    .toSorted((a, b) => a - b)
    .flatMap((code): NonNullable<CallDefinition['statuses']> => OF_REQUEST.filter((one) => one === GRPC_CODES[code]));
  // Tries beyond the calls that are usual were made because one failed.
  const attempts = Math.max(1, ...made.map((seen) => (seen.tries > seen.times ? Math.ceil(seen.tries / times) : 1)));
  return {
    caller,
    call: {
      to: callee,
      ...(parted !== undefined && { when: parted.length === 1 ? parted[0] : [...parted] }),
      ...(attempts > 1 && { attempts }),
      ...(times > 1 && { times }),
      ...(made.length < sightings.length && parted === undefined && { optional: true as const }),
      ...(declared?.external.has(callee) === true && { external: true as const }),
      ...(declared?.external.has(callee) === false && { traced: false as const }),
      ...(statuses.length > 0 && { statuses }),
      ...(made.length > 0 && made.every(({ through }) => through) && { through: 'gateway' as const }),
    },
    made: made.length,
    of: sightings.length,
    byVersion,
    isGuess: parted !== undefined,
  };
}

function versionsOf(sightings: readonly Sighting[]): ReadonlyMap<string, Counted> {
  const counts = new Map<string, Counted>();
  for (const { turn, seen } of sightings) {
    if (turn.version === undefined) return new Map();
    const { made, of } = counts.get(turn.version) ?? { made: 0, of: 0 };
    counts.set(turn.version, { made: made + (seen === undefined ? 0 : 1), of: of + 1 });
  }
  return new Map([...counts].toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })));
}

/** The versions that make the call, where each makes it always or never, and chance alone would hardly part them so. */
function partedBy(byVersion: ReadonlyMap<string, Counted>): readonly string[] | undefined {
  const counts = [...byVersion.values()];
  if (counts.some(({ made, of }) => made > 0 && made < of)) return undefined;
  const total = (of: 'always' | 'never') =>
    counts.filter(({ made }) => made > 0 === (of === 'always')).reduce((sum, one) => sum + one.of, 0);
  const [always, never] = [total('always'), total('never')];
  if (always === 0 || never === 0) return undefined;
  if (fisherPValue({ affected: always, of: always }, { affected: 0, of: never }) > GUESS_ALPHA) return undefined;
  return [...byVersion].flatMap(([version, { made }]) => (made > 0 ? [version] : []));
}

/** By edge. */
export function byEdge(calls: readonly LearntCall[]): ReadonlyMap<string, LearntCall> {
  return new Map(calls.map((call) => [edgeOf(call.caller, call.call.to), call]));
}
