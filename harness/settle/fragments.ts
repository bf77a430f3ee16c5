import { BackendError, toIncident } from '../backend/backend.ts';
import { beginningCalls, isCallOf, isDuring, openMicros } from '../model/call-place.ts';
import type { Fragment, Incident } from '../model/capture.ts';
import type { MissingHop } from '../model/expected.ts';
import { type Span, tag } from '../model/span.ts';
import { REQUEST_ID_TAG } from '../model/tag-names.ts';
import { byStart, type Trace } from '../model/trace.ts';
import { identify } from '../model/workload.ts';
import type { Entry } from './entry.ts';
import { askForName, fullNamesOf, type MarkerSearch, searchMarker, searchTag } from './find-by-marker.ts';

/** How many probes of each distinct shape are looked at. */
const SAMPLES = 3;

/**
 * Looks for fragments: spans of the probe under other trace ids. Only for traces with a missing hop, and only a few of
 * each distinct shape, so the calls are bounded however many traces are broken. First by marker; where no call of a hop
 * has it, because the application sends another user agent, by the x-request-id of the gateway's span; where that is lost
 * too, by place: a trace that begins with a call of this caller to this callee while it was at work on the probe.
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
  const asked = new Map<string, readonly string[]>();
  const ownIds = new Set(entries.flatMap(({ traceId }) => traceId ?? []));
  let calls = 0;
  const namesOf = async (service: string, entry: Entry): Promise<readonly string[]> => {
    const own = fullNamesOf(service, [entry], search.naming);
    const known = own.length > 0 ? own : fullNamesOf(service, entries, search.naming);
    const before = known.length > 0 ? known : asked.get(service);
    if (before !== undefined || calls >= callsAllowed) return before ?? [];
    calls += 1;
    const name = await askForName(service, search, signal, entry.spans[0]?.service);
    const names = name === undefined ? [] : [name];
    asked.set(service, names);
    return names;
  };
  const take = (entry: Entry, traces: readonly Trace[]) => {
    for (const { id, spans } of traces)
      if (id !== entry.traceId) fragments.set(`${entry.probe.id} ${id}`, { probe: entry.probe.id, traceId: id, spans });
  };
  /** A SERVER span that does not have the marker: its service got another user agent, and the same x-request-id. */
  const findServer = async ({ callee }: MissingHop, entry: Entry) => {
    const isServer = (span: Span) => span.kind === 'server' && identify(span, search.naming)?.service === callee;
    const own = [...fragments.values()].filter(({ probe }) => probe === entry.probe.id);
    const requestId = edgeRequestId(entry, search);
    if (requestId === undefined || own.some(({ spans }) => spans.some(isServer))) return;
    const marker = { tag: REQUEST_ID_TAG, value: requestId } as const;
    for (const service of await namesOf(callee, entry)) {
      if (calls >= callsAllowed) return;
      calls += 1;
      const found = await searchTag(entry, service, marker, search, signal);
      take(
        entry,
        found.filter(({ id }) => !ownIds.has(id)),
      );
    }
  };
  for (const entry of entries) {
    if (entry.spans.length === 0) continue;
    const hops = missing(entry);
    const shape = hops.map(({ caller, callee, callerVersion }) => `${caller} ${callerVersion} ${callee}`).join('\n');
    const seen = samples.get(shape) ?? 0;
    if (hops.length === 0 || seen >= SAMPLES) continue;
    samples.set(shape, seen + 1);
    try {
      // Of a missing SERVER span the callee may have made one elsewhere; of a missing CLIENT span the caller.
      for (const name of new Set(hops.map((hop) => (hop.half === 'server' ? hop.callee : hop.caller)))) {
        for (const service of await namesOf(name, entry)) {
          if (calls >= callsAllowed) break;
          calls += 1;
          take(entry, await searchMarker(entry, service, search, signal));
        }
      }
      for (const hop of hops) {
        if (hop.half === 'server' && hop.clientSpan !== undefined) await findServer(hop, entry);
        if (hop.half !== 'client' || hop.callerSpan === undefined || calls >= callsAllowed) continue;
        const own = [...fragments.values()].filter(({ probe }) => probe === entry.probe.id);
        if (own.some(({ spans }) => spans.some((span) => isCallOf(span, hop, search.naming)))) continue;
        const requestId = edgeRequestId(entry, search);
        if (requestId !== undefined && calls + 1 < callsAllowed) {
          calls += 1;
          const marker = { tag: REQUEST_ID_TAG, value: requestId } as const;
          const byId = await searchTag(entry, hop.callerSpan.service, marker, search, signal);
          take(
            entry,
            byId.filter(({ id }) => !ownIds.has(id)),
          );
          if (byId.some(({ spans }) => spans.some((span) => isCallOf(span, hop, search.naming)))) continue;
        }
        calls += 1;
        const found = await searchByPlace(hop, hop.callerSpan, search, signal);
        // What other probes asked for at the same time is theirs, though the span above the call may have been lost.
        take(
          entry,
          found.filter(({ id }) => !ownIds.has(id)),
        );
      }
    } catch (error) {
      if (signal.aborted || !(error instanceof BackendError)) throw error;
      onIncident(toIncident(error, 'settle'));
      return [...fragments.values()];
    }
  }
  return [...fragments.values()];
}

/**
 * The x-request-id that goes through the mesh with this request, as the gateway's first span has it: an edge gateway
 * replaces the client's. It needs no user agent in the services behind.
 */
function edgeRequestId({ spans }: Entry, { gateway, naming }: MarkerSearch): string | undefined {
  const made = spans.filter((span) => identify(span, naming)?.service === gateway).toSorted(byStart);
  return made.map((span) => tag(span, REQUEST_ID_TAG)).find((id) => id !== undefined);
}

const MOST_BY_PLACE = 50;

/** Traces that begin with a call of this pod to the callee, made while the caller's span was open. */
async function searchByPlace(
  hop: MissingHop,
  caller: Span,
  { backend, naming }: MarkerSearch,
  signal: AbortSignal,
): Promise<readonly Trace[]> {
  const { from, to } = openMicros(caller);
  const found = await backend.search(
    { service: caller.service, fromMs: Math.floor(from / 1000), toMs: Math.ceil(to / 1000), limit: MOST_BY_PLACE },
    signal,
  );
  const pod = identify(caller, naming)?.pod;
  return found.filter((trace) =>
    beginningCalls(trace).some(
      (span) => isCallOf(span, hop, naming) && isDuring(span, caller) && identify(span, naming)?.pod === pod,
    ),
  );
}
