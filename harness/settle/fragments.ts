import { BackendError, toIncident } from '../backend/backend.ts';
import { beginningCalls, isCallOf, strayCalls } from '../model/call-place.ts';
import type { Fragment, Incident } from '../model/capture.ts';
import type { MissingHop } from '../model/expected.ts';
import { type Span, tag } from '../model/span.ts';
import { REQUEST_ID_TAG } from '../model/tag-names.ts';
import { byStart, type Trace } from '../model/trace.ts';
import { isDuring, openMicros } from '../model/while-open.ts';
import { identify } from '../model/workload.ts';
import type { Entry } from './entry.ts';
import { askForName, fullNamesOf, type MarkerSearch, searchMarker, searchTag } from './find-by-marker.ts';

/** How many probes of each distinct shape are looked at; and one more of each version that these do not show. */
const SAMPLES = 3;

/** The hops that traces lack, callers first; empty where they are whole. */
export interface Lacking {
  readonly ofProbe: (entry: Entry) => readonly MissingHop[];
  /** Of a fragment of the probe, below the call that it begins with. */
  readonly ofFragment: (entry: Entry, fragment: Trace) => readonly MissingHop[];
}

/**
 * Looks for fragments: spans of the probe under other trace ids. Only for traces with a missing hop, and only a few of
 * each distinct shape, so the calls are bounded however many traces are broken. First by marker; where no call of a hop
 * has it, because the application sends another user agent, by the x-request-id of the span above the call or of the
 * gateway's; where that is lost too, by place: a trace in which this caller called this callee while it was at work on the probe, and on no request of
 * that trace. A fragment that breaks off too is looked into in the same way.
 */
export async function findFragments(
  entries: readonly Entry[],
  lacking: Lacking,
  search: MarkerSearch,
  callsAllowed: number,
  onIncident: (incident: Incident) => void,
  signal: AbortSignal,
): Promise<readonly Fragment[]> {
  if (!search.backend.markerSearch.supported) return [];
  const fragments = new Map<string, Fragment>();
  const samples = new Map<string, (string | undefined)[]>();
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
  /** @returns those that are new */
  const take = (entry: Entry, traces: readonly Trace[]): readonly Trace[] =>
    traces.filter(({ id, spans }) => {
      const key = `${entry.probe.id} ${id}`;
      if (id === entry.traceId || fragments.has(key)) return false;
      fragments.set(key, { probe: entry.probe.id, traceId: id, spans });
      return true;
    });
  /** Those of the service in which a span has the x-request-id of this probe's request. */
  const searchRequestId = async (service: string, value: string, entry: Entry): Promise<readonly Trace[]> => {
    calls += 1;
    const found = await searchTag(entry, service, { tag: REQUEST_ID_TAG, value }, search, signal);
    return found.filter(({ id }) => !ownIds.has(id));
  };
  const ofProbe = (entry: Entry) => [...fragments.values()].filter(({ probe }) => probe === entry.probe.id);
  /** A SERVER span that does not have the marker: its service got another user agent, and the same x-request-id. */
  const findServer = async (hop: MissingHop, entry: Entry): Promise<readonly Trace[]> => {
    const isServer = (span: Span) => span.kind === 'server' && identify(span, search.naming)?.service === hop.callee;
    const isKnown = () => ofProbe(entry).some(({ spans }) => spans.some(isServer));
    const found: Trace[] = [];
    for (const requestId of requestIdsOf(hop, entry, search))
      for (const service of isKnown() ? [] : await namesOf(hop.callee, entry)) {
        if (calls >= callsAllowed) return found;
        found.push(...take(entry, await searchRequestId(service, requestId, entry)));
      }
    return found;
  };
  const look = async (entry: Entry, hops: readonly MissingHop[], searched: Set<string>): Promise<readonly Trace[]> => {
    const found: Trace[] = [];
    // Of a missing SERVER span the callee may have made one elsewhere; of a missing CLIENT span the caller.
    for (const hop of hops) {
      const own = hop.half === 'client' ? hop.callerSpan?.service : undefined;
      const services =
        own === undefined ? await namesOf(hop.half === 'server' ? hop.callee : hop.caller, entry) : [own];
      for (const service of services) {
        if (calls >= callsAllowed || searched.has(service)) continue;
        searched.add(service);
        calls += 1;
        found.push(...take(entry, await searchMarker(entry, service, search, signal)));
      }
    }
    for (const hop of hops) {
      if (hop.half === 'server' && hop.clientSpan !== undefined) found.push(...(await findServer(hop, entry)));
      if (hop.half !== 'client' || hop.callerSpan === undefined || calls >= callsAllowed) continue;
      const isKnown = () =>
        ofProbe(entry).some(({ spans }) => spans.some((span) => isCallOf(span, hop, search.naming)));
      if (isKnown()) continue;
      for (const requestId of requestIdsOf(hop, entry, search))
        if (!isKnown() && calls + 1 < callsAllowed)
          found.push(...take(entry, await searchRequestId(hop.callerSpan.service, requestId, entry)));
      if (isKnown()) continue;
      calls += 1;
      const near = await searchByPlace(hop, hop.callerSpan, search, signal);
      // Spans that other probes caused at the same time are theirs, though the span above the call may have been lost.
      found.push(
        ...take(
          entry,
          near.filter(({ id }) => !ownIds.has(id)),
        ),
      );
    }
    return found;
  };
  // Probes that only try a format are evidence for it alone, so that they take no other's place.
  const isTrial = ({ probe }: Entry) => probe.trial === true;
  for (const entry of entries.toSorted((a, b) => Number(isTrial(a)) - Number(isTrial(b)))) {
    if (entry.spans.length === 0) continue;
    const hops = lacking.ofProbe(entry);
    const names = hops.map(({ caller, callee, callerVersion }) => `${caller} ${callerVersion} ${callee}`);
    const shape = [isTrial(entry), ...names].join('\n');
    const { version } = entry.exchange.answer?.page ?? {};
    const seen = samples.get(shape) ?? [];
    if (hops.length === 0 || (seen.length >= SAMPLES && seen.includes(version))) continue;
    samples.set(shape, [...seen, version]);
    try {
      const searched = new Set<string>();
      // Each turn brings fragments that were not known before, and calls are bounded.
      for (let found = await look(entry, hops, searched); found.length > 0; ) {
        const below = found.flatMap((fragment) => lacking.ofFragment(entry, fragment));
        found = below.length === 0 ? [] : await look(entry, below, searched);
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
 * The x-request-ids that the call may have had, likeliest first: that of the span above it, because every gateway on the way
 * replaces the id (docs/facts/envoy.md#behind-a-gateway), then that of the first gateway's first span, because an edge
 * gateway replaces the client's. They need no user agent in the services behind.
 */
function requestIdsOf(
  { half, clientSpan, callerSpan }: MissingHop,
  { spans }: Entry,
  { gateway, naming }: MarkerSearch,
): ReadonlySet<string> {
  const above = half === 'server' ? clientSpan : callerSpan;
  const edge = spans.filter((span) => identify(span, naming)?.service === gateway).toSorted(byStart);
  const ids = [above, edge.find((span) => tag(span, REQUEST_ID_TAG) !== undefined)];
  return new Set(ids.flatMap((span) => (span === undefined ? [] : (tag(span, REQUEST_ID_TAG) ?? []))));
}

const MOST_BY_PLACE = 50;

/**
 * Traces with a call of this pod to the callee that was made while the caller's span was open, and that belongs to no
 * request of theirs: they begin with it, or it carries the context of an earlier request.
 */
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
    [...beginningCalls(trace), ...strayCalls(trace)].some(
      (span) => isCallOf(span, hop, naming) && isDuring(span, caller) && identify(span, naming)?.pod === pod,
    ),
  );
}
