import type { PageFacts, ReadableApplication, Reader } from '../model/application.ts';
import type { ContextFormat, Exchange, Probe } from '../model/exchange.ts';
import { probeId } from '../model/exchange.ts';
import { parseTraceId } from '../model/ids.ts';
import { tag } from '../model/span.ts';
import { byStart, type Trace } from '../model/trace.ts';
import { type CarriedContext, carriedContext } from './carried-context.ts';
import type { Claim, DumpIndex } from './dump-index.ts';
import type { ListedRequest } from './requests.ts';
import { shownHeaders } from './shown-headers.ts';

/** How the answers of requests are read. */
type Readers = Pick<ReadableApplication, 'read' | 'contents'>;

/** The requests of a list as probes, each with its trace: by the id it carried, by the one listed, or by its user agent. */
export function listedProbes(requests: readonly ListedRequest[], dump: DumpIndex, readers: Readers): readonly Claim[] {
  const contexts = withWishes(
    requests.map(({ headers }) => carriedContext(headers)),
    dump,
  );
  const readFormats = new Set<ContextFormat>(
    contexts.flatMap(({ format, traceId }) =>
      format !== undefined && traceId !== undefined && dump.byId.has(traceId) ? [format] : [],
    ),
  );
  const byOthers = new Set(contexts.flatMap(({ traceId }) => (traceId && dump.byId.get(traceId)) ?? []));
  const agents = Map.groupBy(requests.map(markerOf), (marker) => marker);
  return requests.map((request, index) => {
    const context = contexts[index] ?? { purpose: 'undecided' };
    const marker = markerOf(request);
    const hasMarker = marker !== '' && agents.get(marker)?.length === 1;
    const found = findOwn(request, context, hasMarker ? marker : undefined, dump, byOthers);
    const trace = found.own ?? found.other;
    const name = request.request ?? (trace && dump.entryOf(trace)?.request);
    const read = readers.contents?.get(name ?? '')?.read ?? readers.read;
    const answered = exchangeOf(request, index, read, name);
    return claimOf(found, context, readFormats, { marker, hasMarker, answered });
  });
}

/** Wishes that were all granted were decisions. Where one was not, the tracer decided about the others too. */
function withWishes(contexts: readonly CarriedContext[], dump: DumpIndex): readonly CarriedContext[] {
  const wishes = contexts.filter(({ isWish }) => isWish);
  const granted = wishes.every(({ traceId }) => traceId !== undefined && dump.byId.has(traceId));
  return contexts.map((context) => (context.isWish && granted ? { ...context, purpose: 'forced-on' } : context));
}

interface Found {
  readonly own?: Trace;
  /** Not under the id carried. */
  readonly other?: Trace;
}

function findOwn(
  { traceId }: ListedRequest,
  context: CarriedContext,
  marker: string | undefined,
  dump: DumpIndex,
  byOthers: ReadonlySet<Trace>,
): Found {
  const carried = context.traceId === undefined ? undefined : dump.byId.get(context.traceId);
  if (carried !== undefined) return { own: carried };
  const listed = parseTraceId(traceId ?? '');
  const marked = marker === undefined ? [] : dump.withMarker(marker).filter((trace) => !byOthers.has(trace));
  const [first] = marked.toSorted((a, b) => rank(a, marker, dump) - rank(b, marker, dump) || byBegin(a, b));
  const other = (listed.ok ? dump.byId.get(listed.id) : undefined) ?? first;
  if (other === undefined) return {};
  return context.traceId === undefined ? { own: other } : { other };
}

/** The trace with this request at the gateway, else one that at least begins with a request: as a run looks for it. */
function rank(trace: Trace, marker: string | undefined, dump: DumpIndex): number {
  const entry = dump.entryOf(trace);
  if (entry === undefined) return 2;
  return entry.kind === 'gateway' && tag(entry.span, 'user_agent') === marker ? 0 : 1;
}

function byBegin({ spans: [a] }: Trace, { spans: [b] }: Trace): number {
  return a === undefined || b === undefined ? 0 : byStart(a, b);
}

interface Rest {
  readonly marker: string;
  readonly hasMarker: boolean;
  readonly answered: Omit<Exchange, 'probe'> & { readonly probe: Pick<Probe, 'id' | 'headers' | 'request'> };
}

/**
 * A context that the mesh did not read is a trial of its format where another one is read. Where none is, a decision that
 * was asked for was not honoured; without one the request is like any that carries nothing.
 */
function claimOf(
  { own, other }: Found,
  { purpose, format, traceId, spanId }: CarriedContext,
  readFormats: ReadonlySet<ContextFormat>,
  { marker, hasMarker, answered }: Rest,
): Claim {
  const isTrial = other !== undefined && format !== undefined && readFormats.size > 0 && !readFormats.has(format);
  const isIgnored = other !== undefined && !isTrial && purpose === 'undecided';
  const probe: Probe = {
    ...answered.probe,
    purpose,
    format: isIgnored || format === undefined ? 'none' : format,
    ...(isTrial && { trial: true as const }),
    marker,
    ...(traceId !== undefined && !isIgnored && { traceId }),
    ...(spanId !== undefined && !isIgnored && { spanId }),
  };
  const settled = own ?? (isTrial || isIgnored ? other : undefined);
  return {
    exchange: { ...answered, probe },
    ...(settled !== undefined && { own: settled }),
    ...(settled === undefined && other !== undefined && { stray: other }),
    hasMarker,
  };
}

function exchangeOf(
  { headers, sentAtMs, durationMs, status, body = '', page, error }: ListedRequest,
  index: number,
  read: Reader,
  name: string | undefined,
): Rest['answered'] {
  const times = { sentAtMs, answeredAtMs: sentAtMs + durationMs };
  const probe = {
    id: probeId(index),
    headers: shownHeaders(headers),
    ...(name !== undefined && { request: name }),
  };
  if (status === undefined) return { probe, ...times, error: { kind: 'other', message: error ?? 'no answer' } };
  return {
    probe,
    ...times,
    answer: { status, headers: [], body, page: page === undefined ? read({ status, body }) : factsOf(page) },
  };
}

function factsOf({ whole, version, pod, banners }: NonNullable<ListedRequest['page']>): PageFacts {
  return {
    whole,
    banners,
    ...(version !== undefined && { version, versionFrom: 'the list of requests' }),
    ...(pod !== undefined && { pod }),
  };
}

function markerOf({ headers }: ListedRequest): string {
  return headers.find(([name]) => name.toLowerCase() === 'user-agent')?.[1] ?? '';
}
