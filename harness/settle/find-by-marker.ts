import type { TraceBackend } from '../backend/backend.ts';
import type { Fragment } from '../model/capture.ts';
import { MARGIN_MS } from '../model/limits.ts';
import { listedAs } from '../model/listed-services.ts';
import { namespaceOf } from '../model/service-name.ts';
import type { MarkerTag, SearchedTag } from '../model/tag-names.ts';
import { byStart, type Trace } from '../model/trace.ts';
import { identify, type Naming } from '../model/workload.ts';
import { atOnce } from './at-once.ts';
import type { Entry } from './entry.ts';

/** Around a probe's own times, for clocks that are a little apart, ms. */
const WINDOW_MS = 5000;
const MOST_TRACES = 20;

export interface MarkerSearch {
  readonly backend: TraceBackend;
  /** Short name of the gateway. */
  readonly gateway: string;
  readonly naming: Naming;
  /** The tag that carries a marker. */
  readonly markerTag: MarkerTag;
  /** Names that the backend has for a service, by spans that came before. */
  readonly knownAs: (service: string) => readonly string[];
  /** The mesh's clock minus ours, ms. */
  readonly meshAheadMs: number;
  readonly nowMs: () => number;
  readonly waitUntilMs: (atMs: number, signal: AbortSignal) => Promise<void>;
}

export interface Found {
  readonly traces: ReadonlyMap<Entry, Trace>;
  readonly fragments: readonly Fragment[];
}

/**
 * Finds the traces of probes that carry no id by their marker: one search per probe, in the gateway's spans. Where more
 * than one trace has the marker, the one with the gateway in it is the probe's, the others are fragments.
 * @param seen entries whose traces have come: they tell the gateway's full service name.
 */
export async function findByMarker(
  entries: readonly Entry[],
  seen: readonly Entry[],
  search: MarkerSearch,
  signal: AbortSignal,
): Promise<Found> {
  const traces = new Map<Entry, Trace>();
  const fragments: Fragment[] = [];
  if (!search.backend.markerSearch.supported) return { traces, fragments };
  const { gateway } = search;
  const service =
    fullNamesOf(gateway, seen, search.naming)[0] ??
    search.knownAs(gateway)[0] ??
    (await askForName(gateway, search, signal));
  if (service === undefined) return { traces, fragments };
  const searched = await atOnce(entries, (entry) => searchMarker(entry, service, search, signal));
  for (const [index, entry] of entries.entries()) {
    const [own, ...others] = (searched[index] ?? []).toSorted((a, b) => rank(a, search) - rank(b, search));
    if (own !== undefined) traces.set(entry, own);
    for (const { id, spans } of others) fragments.push({ probe: entry.probe.id, traceId: id, spans });
  }
  return { traces, fragments };
}

/** All traces in which a span of the service carries the probe's marker. */
export function searchMarker(
  entry: Entry,
  service: string,
  search: MarkerSearch,
  signal: AbortSignal,
): Promise<readonly Trace[]> {
  return searchTag(entry, service, { tag: search.markerTag, value: entry.probe.marker }, search, signal);
}

/**
 * All traces in which a span of the service has this tag, around the time of the probe. A backend whose search shows what
 * came only after a time is asked after it.
 */
export async function searchTag(
  entry: Entry,
  service: string,
  marker: { readonly tag: SearchedTag; readonly value: string },
  search: MarkerSearch,
  signal: AbortSignal,
): Promise<readonly Trace[]> {
  const { searchDelayMs } = search.backend;
  if (searchDelayMs !== undefined)
    await search.waitUntilMs(entry.exchange.answeredAtMs + searchDelayMs + MARGIN_MS, signal);
  return search.backend.search(
    {
      service,
      marker,
      fromMs: entry.exchange.sentAtMs + Math.min(0, search.meshAheadMs) - WINDOW_MS,
      toMs: search.nowMs() + Math.max(0, search.meshAheadMs) + WINDOW_MS,
      limit: MOST_TRACES,
    },
    signal,
  );
}

/** The names by which the backend knows a service, learnt from spans: one a version where Istio names services by the conventions. */
export function fullNamesOf(service: string, seen: readonly Entry[], naming: Naming): readonly string[] {
  const names = new Set<string>();
  for (const { spans } of seen)
    for (const span of spans) if (identify(span, naming)?.service === service) names.add(span.service);
  return [...names];
}

/**
 * Where no span has come that would tell, the backend's own list of services may.
 * @param beside a full name; of several services of that name the one in the same namespace is meant.
 */
export async function askForName(
  service: string,
  { backend, naming }: Pick<MarkerSearch, 'backend' | 'naming'>,
  signal: AbortSignal,
  beside?: string,
): Promise<string | undefined> {
  const named = listedAs(await backend.services(signal), service, naming.services);
  const namespace = beside === undefined ? undefined : namespaceOf(beside);
  return named.find((name) => beside !== undefined && namespaceOf(name) === namespace) ?? named[0];
}

/** Whether the gateway left a span in it: then the marker is this trace's, and not a fragment's. */
export function hasGateway({ spans }: Trace, { gateway, naming }: MarkerSearch): boolean {
  return spans.some((span) => identify(span, naming)?.service === gateway);
}

function rank(trace: Trace, search: MarkerSearch): number {
  const first = trace.spans.toSorted(byStart)[0];
  return (hasGateway(trace, search) ? 0 : Number.MAX_SAFE_INTEGER / 2) + (first?.startMicros ?? 0) / 1e6;
}
