import { risePValue, type Tally } from './fisher-rise.ts';

/** At most this share of the comparisons with a baseline calls something worse that is not. */
export const WORSE_ALPHA = 0.01;

/** How often something was seen, in all and by version. */
export interface CountedFinding {
  readonly share: Tally;
  /** Absent: versions were not distinguished. */
  readonly byVersion?: Readonly<Record<string, Tally>>;
  /** Versions that are affected significantly more than the others; empty: none. */
  readonly named: readonly string[];
  /** Of a finding about all callees of a caller, the same of each of them. */
  readonly byCallee?: Readonly<Record<string, CountedFinding>>;
}

export interface Rise {
  readonly isWorse: boolean;
  /** Of the shares in all. */
  readonly pValue: number;
  /** The level it is compared with. */
  readonly alpha: number;
  /** Versions that are affected now and were not before. */
  readonly added: readonly string[];
}

/**
 * Whether a known finding is worse than before: its share rose, or it reached one more version. A version counts as added
 * only where both runs name versions significantly and this one names it, and where its own share rose too, or it was not
 * there before. Without that last condition two runs of one fault that name it by chance differently would be called worse
 * (docs/statistics.md). Calls of one request to several callees often fail together. So each callee is compared by
 * itself, and the level is divided by their number.
 * @param comparisons how many findings are compared in all; the level is shared by them (Bonferroni).
 */
export function riseOf(before: CountedFinding, now: CountedFinding, comparisons: number): Rise {
  const alpha = WORSE_ALPHA / Math.max(1, comparisons);
  const callees = Object.entries(now.byCallee ?? {}).flatMap(([callee, is]) => {
    const was = before.byCallee?.[callee];
    return was === undefined ? [] : [{ was, is }];
  });
  if (callees.length > 0) {
    const rises = callees.map(({ was, is }) => riseOf(was, is, Math.max(1, comparisons) * callees.length));
    return {
      isWorse: rises.some(({ isWorse }) => isWorse),
      pValue: Math.min(1, callees.length * Math.min(...rises.map(({ pValue }) => pValue))),
      alpha,
      added: [...new Set(rises.flatMap(({ added }) => added))],
    };
  }
  const pValue = risePValue(before.share, now.share);
  const candidates =
    before.named.length === 0 || before.byVersion === undefined || now.byVersion === undefined
      ? []
      : now.named.filter((version) => !before.named.includes(version));
  const added = candidates.filter((version) => {
    const was = before.byVersion?.[version];
    const is = now.byVersion?.[version];
    if (is === undefined) return false;
    return was === undefined || was.of === 0 || risePValue(was, is) < alpha / candidates.length;
  });
  return { isWorse: pValue < alpha || added.length > 0, pValue, alpha, added };
}
