import type { CheckedHop } from '../model/expected.ts';
import { onceOfKind } from './alike.ts';
import type { CountedFact, HopFacts } from './hop-facts.ts';
import type { DiagnosisInput, ExaminedRequest } from './request.ts';
import { isNowAndThen, type LostSpan, type SilentService } from './silent.ts';

/** Spans get lost on the way to the backend or in it, whatever service made them. */
export interface SpanLoss {
  /** Whose spans are missing now and then, in order of names. */
  readonly services: readonly string[];
  /** Spans that are known to be missing, and all that should be there: at least. */
  readonly missing: number;
  readonly of: number;
  /** Hops that are whole often enough for what is missing there to be such a loss too. */
  readonly covers: (hop: Pick<CheckedHop, 'caller' | 'callee'>) => boolean;
}

/** So many services that lose spans independently of one another are one cause. */
const MOST_BY_ACCIDENT = 2;
/** A hop of which less than this share is whole has more wrong with it than lost spans. */
const WHOLE_ENOUGH = 0.2;

/**
 * Where spans of three services or more are missing, each now and then, it is not the services: something that all their
 * spans pass loses a part of them (a collector that is full, storage that refuses). Then no service is accused of gaps
 * at a hop that is mostly whole. Calls that were found in another trace are not lost.
 */
export function findLoss(
  facts: HopFacts,
  silent: readonly SilentService[],
  lost: readonly LostSpan[],
  { requests }: DiagnosisInput,
): SpanLoss | undefined {
  const nowAndThen = silent.filter(isNowAndThen);
  const services = [...new Set([...nowAndThen, ...lost].map(({ service }) => service))].toSorted();
  if (services.length <= MOST_BY_ACCIDENT) return undefined;
  const whole = new Set<string>();
  for (const [key, at] of Map.groupBy(facts.counted(), ({ fact: { hop } }) => hopName(hop))) {
    const kept = at.filter(({ fact: { context, hop } }) => context === 'kept' && hop.half === undefined);
    if (sum(kept) >= sum(at) * WHOLE_ENOUGH) whole.add(key);
  }
  const missing = nowAndThen.length + lost.length;
  const spansIn = onceOfKind(({ made }: ExaminedRequest) => made.length);
  const there = requests.reduce((all, request) => all + spansIn(request), 0);
  return { services, missing, of: there + missing, covers: (hop) => whole.has(hopName(hop)) };
}

function sum(counted: readonly CountedFact[]): number {
  return counted.reduce((all, { calls }) => all + calls, 0);
}

function hopName({ caller, callee }: Pick<CheckedHop, 'caller' | 'callee'>): string {
  return `${caller} ${callee}`;
}
