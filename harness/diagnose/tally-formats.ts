import type { ContextFormat } from '../model/exchange.ts';
import type { HopFacts } from './hop-facts.ts';
import { carriedFormat } from './request.ts';

/** What became of a hop's calls that were found, of the requests of one format. */
interface Tally {
  /** Of at least one. */
  readonly isKept: boolean;
  /** Of all. */
  readonly isKeptOnly: boolean;
}

type Tallies = ReadonlyMap<string, ReadonlyMap<ContextFormat | undefined, Tally>>;

const tallied = new WeakMap<HopFacts, Tallies>();

/** By hop (`caller callee`) and format. Made once for the facts of a run, however many of them ask. */
export function tallyFormats(facts: HopFacts, mesh: ContextFormat | undefined): Tallies {
  const known = tallied.get(facts);
  if (known !== undefined) return known;
  const tallies = new Map<string, Map<ContextFormat | undefined, Tally>>();
  for (const { fact } of facts.counted()) {
    const { hop, request, context } = fact;
    if (context === 'unseen') continue;
    const key = `${hop.caller} ${hop.callee}`;
    const formats = tallies.get(key) ?? new Map<ContextFormat | undefined, Tally>();
    const format = carriedFormat(request, mesh);
    const { isKept, isKeptOnly } = formats.get(format) ?? { isKept: false, isKeptOnly: true };
    const kept = context === 'kept';
    formats.set(format, { isKept: isKept || kept, isKeptOnly: isKeptOnly && kept });
    tallies.set(key, formats);
  }
  tallied.set(facts, tallies);
  return tallies;
}
