import type { Trace } from '../model/trace.ts';
import type { Entry } from './entry.ts';

/**
 * The traces that are looked for by marker: of probes without an id, of trials that left nothing under theirs, and, where
 * no forced-on probe came under its own id, of the last of them: a mesh that reads another format has it under another.
 */
export function searchedByMarker(entries: readonly Entry[]): readonly Entry[] {
  const open = entries.filter(({ reason }) => reason === undefined);
  const strays = open.filter(({ probe, spans }) => probe.trial === true && spans.length === 0);
  return [...open.filter(({ probe }) => probe.traceId === undefined), ...strays, ...strayControls(entries)];
}

/**
 * Searches for these entries. Where the last forced-on probe turns out to have left its trace under another id, all others
 * that carried one may have: they are searched for as well, lest they count as not traced. Their fragments are kept by the
 * search; their ids stay those that they carried.
 */
export async function findWithStrays(
  unknown: readonly Entry[],
  all: readonly Entry[],
  find: (entries: readonly Entry[]) => Promise<ReadonlyMap<Entry, Trace>>,
): Promise<ReadonlyMap<Entry, Trace>> {
  const found = await find(unknown);
  const controls = strayControls(all);
  if (controls.some((entry) => found.has(entry)))
    await find(all.filter((entry) => isUnseen(entry) && !controls.includes(entry)));
  return found;
}

function isUnseen({ probe, spans }: Entry): boolean {
  return probe.traceId !== undefined && probe.trial === undefined && spans.length === 0;
}

/** Entries are in the order of their answers, and a control is the probe that was sent last. */
function strayControls(entries: readonly Entry[]): readonly Entry[] {
  const forcedOn = entries.filter(({ probe }) => probe.purpose === 'forced-on' && probe.trial === undefined);
  if (forcedOn.some(({ spans }) => spans.length > 0)) return [];
  return forcedOn.toSorted((a, b) => a.exchange.sentAtMs - b.exchange.sentAtMs).slice(-1);
}
