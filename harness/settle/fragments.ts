import { BackendError } from '../backend/backend.ts';
import { toIncident } from '../backend/incident.ts';
import type { Fragment, Incident } from '../model/capture.ts';
import type { Entry } from './entry.ts';
import { fullNameOf, type MarkerSearch, searchMarker } from './find-by-marker.ts';

/** A hop that a trace should have and has not. */
export interface MissingHop {
  readonly caller: string;
  readonly callee: string;
  readonly callerVersion?: string;
}

/** How many probes of each distinct shape are looked at. */
const SAMPLES = 3;

/**
 * Looks for fragments: spans with the probe's marker under other trace ids. Only for traces with a missing hop, and only
 * a few of each distinct shape, so the calls are bounded however many traces are broken.
 * @param missing the hops a trace lacks, callers first; empty when it is whole.
 */
export async function findFragments(
  entries: readonly Entry[],
  missing: (entry: Entry) => readonly MissingHop[],
  search: MarkerSearch,
  callsAllowed: number,
  onIncident: (incident: Incident) => void,
  signal: AbortSignal,
): Promise<readonly Fragment[]> {
  if (!search.backend.markerSearch.supported) return [];
  const fragments = new Map<string, Fragment>();
  const samples = new Map<string, number>();
  let calls = 0;
  for (const entry of entries) {
    if (entry.spans.length === 0) continue;
    const hops = missing(entry);
    const shape = hops.map(({ caller, callee, callerVersion }) => `${caller} ${callerVersion} ${callee}`).join('\n');
    const seen = samples.get(shape) ?? 0;
    if (hops.length === 0 || seen >= SAMPLES) continue;
    samples.set(shape, seen + 1);
    for (const caller of new Set(hops.map((hop) => hop.caller))) {
      const service = fullNameOf(caller, [entry], search.services);
      if (service === undefined || calls >= callsAllowed) continue;
      calls += 1;
      try {
        for (const { id, spans } of await searchMarker(entry, service, search, signal)) {
          if (id !== entry.traceId)
            fragments.set(`${entry.probe.id} ${id}`, { probe: entry.probe.id, traceId: id, spans });
        }
      } catch (error) {
        if (signal.aborted || !(error instanceof BackendError)) throw error;
        onIncident(toIncident(error, 'settle'));
        return [...fragments.values()];
      }
    }
  }
  return [...fragments.values()];
}
