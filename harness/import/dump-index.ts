import type { Application } from '../model/application.ts';
import type { Exchange } from '../model/exchange.ts';
import type { TraceId } from '../model/ids.ts';
import { entriesOf } from '../model/of-request.ts';
import { isProxySpan, type Span, tag } from '../model/span.ts';
import { byStart, type Trace } from '../model/trace.ts';
import { identify, type Naming } from '../model/workload.ts';
import { DumpForms } from './dump-forms.ts';
import { sharesContext } from './lacked.ts';

/** A value that spans of different traces share is a link only as long as few traces have it. */
const MOST_LINKED = 20;

/** Where a request of the application comes into a trace. */
export interface EntryPoint {
  /**
   * - `gateway`: the gateway's first span. - `router`: only the lower of the gateway's two, whose parent is missing.
   * - `lost`: no span of the gateway, though the first of the application's shows that there was one above it.
   */
  readonly kind: 'gateway' | 'router' | 'lost';
  readonly span: Span;
  /** Which of the application's requests it is, where they have names. */
  readonly request?: string;
}

/** A dump, and the ways to find a trace in it. Built in linear time. */
export interface DumpIndex {
  readonly traces: readonly Trace[];
  readonly byId: ReadonlyMap<TraceId, Trace>;
  /** Traces that share a user agent or x-request-id with something, few as they may be; none for what is everywhere. */
  withMarker(marker: string): readonly Trace[];
  withRequestId(id: string): readonly Trace[];
  /** undefined: no request of the application begins in this trace. */
  entryOf(trace: Trace): EntryPoint | undefined;
  /** No other trace has this user agent, nor an x-request-id of this one. */
  isAlone(trace: Trace, marker: string | undefined): boolean;
}

export function indexDump(
  traces: readonly Trace[],
  application: Application,
  naming: Naming,
  forms = new DumpForms(traces),
): DumpIndex {
  const markers: Sharing = new Map();
  const requestIds: Sharing = new Map();
  const entries = new Map<Trace, EntryPoint>();
  const shares = traces.some(forms.once(({ spans }) => sharesContext(spans)));
  const placeIn = forms.once((trace) => entryPlaceIn(trace, application, naming, shares));
  const asksFor = requestsBy(application);
  for (const trace of traces) {
    let lastMarker: string | undefined;
    let lastId: string | undefined;
    for (const span of trace.spans) {
      const marker = tag(span, 'user_agent');
      if (marker !== lastMarker) add(markers, marker, trace);
      lastMarker = marker;
      const id = requestIdOf(span);
      if (id !== lastId) add(requestIds, id, trace);
      lastId = id;
    }
    const place = placeIn(trace);
    const span = place && trace.spans[place.at];
    const asked = span && asksFor(span);
    if (place !== undefined && span !== undefined && asked !== undefined)
      entries.set(trace, { kind: place.kind, span, ...asked });
  }
  const few = (found: Trace | ReadonlySet<Trace> | undefined) => {
    if (!(found instanceof Set)) return found === undefined ? [] : [found as Trace];
    return found.size > MOST_LINKED ? [] : [...found];
  };
  return {
    traces,
    byId: new Map(traces.map((trace) => [trace.id, trace])),
    withMarker: (marker) => few(markers.get(marker)),
    withRequestId: (id) => few(requestIds.get(id)),
    entryOf: (trace) => entries.get(trace),
    isAlone: (trace, marker) =>
      (marker === undefined || isOnly(markers.get(marker), trace)) &&
      trace.spans.every((span) => {
        const id = requestIdOf(span);
        return id === undefined || id === '' || requestIds.get(id) === trace;
      }),
  };
}

export function requestIdOf(span: Span): string | undefined {
  return tag(span, 'guid:x-request-id');
}

function isOnly(found: Trace | ReadonlySet<Trace> | undefined, trace: Trace): boolean {
  return found === undefined || found === trace;
}

/** Which traces have a text: mostly one has it. */
type Sharing = Map<string, Trace | Set<Trace>>;

function add(index: Sharing, key: string | undefined, trace: Trace): void {
  if (key === undefined || key === '') return;
  const known = index.get(key);
  if (known === undefined) index.set(key, trace);
  else if (known instanceof Set) known.add(trace);
  else if (known !== trace) index.set(key, new Set([known, trace]));
}

/** Where a request would come in, if it is one of the application's. It depends on the form of the trace alone. */
function entryPlaceIn(
  { spans }: Trace,
  application: Application,
  naming: Naming,
  shares: boolean,
): { readonly kind: EntryPoint['kind']; readonly at: number } | undefined {
  const made = (service: string) =>
    spans.filter((span) => isProxySpan(span) && identify(span, naming)?.service === service);
  const ids = new Set(spans.map(({ id }) => id));
  const gateway = topmost(made(application.gateway));
  if (gateway !== undefined) {
    const lacksUpper = gateway.parentId !== undefined && !ids.has(gateway.parentId) && isRouter(gateway);
    return { kind: lacksUpper ? 'router' : 'gateway', at: spans.indexOf(gateway) };
  }
  const servers = entriesOf(application).flatMap((entry) => made(entry).filter(({ kind }) => kind === 'server'));
  const first = topmost(servers);
  if (first === undefined) return undefined;
  // Under shared span context it has its caller's id and parent, so that the gateway's span leaves no other trace.
  const isBelow = shares
    ? !spans.some(({ id, kind }) => id === first.id && kind === 'client')
    : first.parentId !== undefined && !ids.has(first.parentId);
  return isBelow ? { kind: 'lost', at: spans.indexOf(first) } : undefined;
}

/** Of a gateway's two spans only the upper one has a user agent (docs/facts/envoy.md#healthy-traces). */
function isRouter(span: Span): boolean {
  return span.kind === 'client' && tag(span, 'user_agent') === undefined;
}

/** The gateway may make a span below its own; the upper one is the request. */
function topmost(spans: readonly Span[]): Span | undefined {
  const ids = new Set(spans.map(({ id }) => id));
  const tops = spans.filter(({ id, parentId }) => parentId === undefined || parentId === id || !ids.has(parentId));
  return (tops.length > 0 ? tops : spans).toSorted(byStart)[0];
}

/** Other requests go through the same gateway. One without a tag of its address is taken for ours. */
function requestsBy(application: Application): (entry: Span) => Asked | undefined {
  const known = new Map<string, Asked | undefined>();
  return (entry) => {
    const method = tag(entry, 'http.method');
    const url = tag(entry, 'http.url') ?? '';
    const key = `${method} ${url}`;
    const before = known.get(key);
    if (before !== undefined || known.has(key)) return before;
    const asked = asksFor(method, url, application);
    if (known.size < MOST_ADDRESSES) known.set(key, asked);
    return asked;
  };
}

/** Most addresses that are remembered. */
const MOST_ADDRESSES = 10_000;

interface Asked {
  readonly request?: string;
}

function asksFor(method: string | undefined, url: string, { request, requests }: Application): Asked | undefined {
  const base = 'http://gateway.invalid';
  const isMeant = (one: Application['request']) => {
    if (method !== undefined && method !== one.method) return false;
    return url === '' || !URL.canParse(url, base) || new URL(url, base).pathname === one.path.split('?')[0];
  };
  if (requests === undefined) return isMeant(request) ? {} : undefined;
  const found = requests.find(isMeant);
  return found && { request: found.name };
}

/** A request, and the trace of the dump that is its own. */
export interface Claim {
  readonly exchange: Exchange;
  readonly own?: Trace;
  /** The trace it began, under an id that it did not carry. */
  readonly stray?: Trace;
  /** No other request has its user agent. */
  readonly hasMarker: boolean;
}
