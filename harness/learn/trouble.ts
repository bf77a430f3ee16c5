import { GRPC_CODES } from '../model/grpc-status.ts';
import { type Declared, edgeOf, type LearnInput, type RequestTrace } from './learn-input.ts';
import type { StrayCall } from './stray-roots.ts';
import type { Defect, TraceReading } from './trace-reading.ts';

/** Why nothing is learnt, with what would change that. */
export interface Trouble {
  /**
   * As {@link Defect}, and: `lost-context`: calls that begin other traces while their caller is at work on a request. -
   * `lost-spans`: half a hop in some requests only. - `failing`: calls that fail. - `refused`: calls that are never answered
   * with OK, and with a status of gRPC that may be right. - `no-calls`: no service calls another,
   * which is also what a service leaves that turns sampling off. - `answers`: requests that failed, or were answered differently. -
   * `not-valid`: a definition cannot hold what was seen, such as a name. - `no-traces`: requests without a span. - `too-few`: fewer requests than {@link FEWEST}.
   */
  readonly kind:
    | Defect['kind']
    | 'lost-context'
    | 'lost-spans'
    | 'failing'
    | 'refused'
    | 'no-calls'
    | 'answers'
    | 'not-valid'
    | 'no-traces'
    | 'too-few';
  readonly caller?: string;
  readonly callee?: string;
  /** Name of the request, where it is about one. */
  readonly request?: string;
  readonly isOutside?: true;
  /** With `refused`: names of the statuses. */
  readonly statuses?: readonly string[];
  /** With `not-valid`: what is wrong, and where. */
  readonly text?: string;
  /** Requests that show it. */
  readonly requests: number;
  readonly of: number;
}

/** Of fewer requests nothing is learnt. */
export const FEWEST = 5;
/** Where more requests than this share fail, the mesh is broken. */
const MOST_WRONG = 0.1;

/** Everything that keeps a mesh from being learnt from; empty: nothing does. */
export function troublesIn(
  readings: readonly TraceReading[],
  strays: readonly StrayCall[],
  { declared, mayCallNothing = false }: Pick<LearnInput, 'declared' | 'mayCallNothing'>,
): readonly Trouble[] {
  const of = readings.length;
  const found = new Map<string, { defect: Defect; requests: number }>();
  for (const { defects } of readings) {
    const keys = new Map(defects.map((defect) => [keyOf(defect), defect]));
    for (const [key, defect] of keys) {
      const known = found.get(key) ?? { defect, requests: 0 };
      known.requests += 1;
      found.set(key, known);
    }
  }
  const halves = [...found.values()].flatMap(({ defect, requests }): Trouble[] => {
    const { kind, caller = '', callee = '' } = defect;
    if (kind !== 'no-server') return [{ ...defect, requests, of }];
    if (declared.untraced.has(callee) || declared.external.has(callee)) return [];
    // Half of it in some requests only: spans are lost, and declaring it would hide that.
    const made = readings.filter(({ turns }) =>
      turns.some((turn) => turn.service === caller && turn.calls.has(callee)),
    );
    return made.length > requests
      ? [{ ...defect, kind: 'lost-spans', requests, of: made.length }]
      : [{ ...defect, requests, of: made.length }];
  });
  const troubles = [
    ...halves,
    ...strays.map(({ caller, callee, requests }) => ({ kind: 'lost-context' as const, caller, callee, requests, of })),
    ...failingCalls(readings),
    ...refusedCalls(readings, declared),
  ];
  const isSilent = readings.every(({ turns }) => turns.every(({ calls }) => calls.size === 0));
  return troubles.length > 0 || !isSilent || mayCallNothing ? troubles : [{ kind: 'no-calls', requests: of, of }];
}

/** Calls without any answer but errors, where they are more than accidents. */
function failingCalls(readings: readonly TraceReading[]): readonly Trouble[] {
  const turns = readings.flatMap((reading) => reading.turns);
  const made = turns.flatMap(({ service, calls }) =>
    [...calls].map(([callee, { times }]) => ({ caller: service, callee, failed: times === 0 })),
  );
  return [...Map.groupBy(made, ({ caller, callee }) => edgeOf(caller, callee)).values()].flatMap((calls): Trouble[] => {
    const failed = calls.filter((call) => call.failed).length;
    const [first] = calls;
    if (first === undefined || failed <= MOST_WRONG * calls.length) return [];
    return [{ kind: 'failing', caller: first.caller, callee: first.callee, requests: failed, of: calls.length }];
  });
}

/** Calls that no answer shows to be right: each has a status of gRPC, and the definition does not have it. */
function refusedCalls(readings: readonly TraceReading[], { statuses: known }: Declared): readonly Trouble[] {
  const made = readings.flatMap(({ turns }) =>
    turns.flatMap(({ service, calls }) =>
      [...calls].flatMap(([callee, seen]) => (seen.times === 0 ? [] : [{ caller: service, callee, seen }])),
    ),
  );
  return [...Map.groupBy(made, ({ caller, callee }) => edgeOf(caller, callee))].flatMap(([edge, calls]): Trouble[] => {
    const [first] = calls;
    if (first === undefined || !calls.every(({ seen }) => seen.isRefused)) return [];
    const codes = [...new Set(calls.flatMap(({ seen }) => seen.statuses))].toSorted((a, b) => a - b);
    const names = codes.flatMap((code) => GRPC_CODES[code] ?? []);
    const declared = known?.get(edge) ?? [];
    if (names.every((name) => declared.includes(name))) return [];
    const { caller, callee } = first;
    return [{ kind: 'refused', caller, callee, statuses: names, requests: calls.length, of: calls.length }];
  });
}

function keyOf({ kind, caller, callee }: Defect): string {
  return `${kind} ${caller ?? ''} ${callee ?? ''}`;
}

/** What is wrong with the answers of one request. */
export function answerTroubles(
  request: string,
  traces: readonly RequestTrace[],
  right: readonly RequestTrace[],
): readonly Trouble[] {
  const of = traces.length;
  const wrong = of - right.length;
  const dark = right.filter(({ trace }) => trace.spans.length === 0).length;
  const share = (count: number) => count > MOST_WRONG * of;
  return [
    ...(share(wrong) ? [{ kind: 'answers' as const, request, requests: wrong, of }] : []),
    ...(share(dark) ? [{ kind: 'no-traces' as const, request, requests: dark, of }] : []),
    ...(right.length - dark < FEWEST && !share(wrong) && !share(dark)
      ? [{ kind: 'too-few' as const, request, requests: right.length - dark, of: FEWEST }]
      : []),
  ];
}
