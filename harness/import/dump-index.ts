import type { Application } from '../model/application.ts';
import type { TraceId } from '../model/ids.ts';
import { isProxySpan, type Span, tag } from '../model/span.ts';
import { byStart, type Trace } from '../model/trace.ts';
import { identify } from '../model/workload.ts';

/** What spans of different traces may have in common is a link only as long as few traces have it. */
const MOST_LINKED = 20;

/** A dump, and the ways to find a trace in it. Built in linear time. */
export interface DumpIndex {
  readonly traces: readonly Trace[];
  readonly byId: ReadonlyMap<TraceId, Trace>;
  /** Traces that share a user agent or x-request-id with something, few as they may be; none for what is everywhere. */
  withMarker(marker: string): readonly Trace[];
  withRequestId(id: string): readonly Trace[];
  /** The gateway's first span of a trace, where the request is one of the application's. */
  entryOf(trace: Trace): Span | undefined;
}

export function indexDump(
  traces: readonly Trace[],
  application: Application,
  services: Readonly<Record<string, string>>,
): DumpIndex {
  const markers = new Map<string, Set<Trace>>();
  const requestIds = new Map<string, Set<Trace>>();
  const entries = new Map<Trace, Span>();
  for (const trace of traces) {
    const own: Span[] = [];
    for (const span of trace.spans) {
      add(markers, tag(span, 'user_agent'), trace);
      add(requestIds, requestIdOf(span), trace);
      if (isProxySpan(span) && identify(span, services)?.service === application.gateway) own.push(span);
    }
    const entry = topmost(own);
    if (entry !== undefined && asksFor(entry, application)) entries.set(trace, entry);
  }
  const few = (found: ReadonlySet<Trace> | undefined) =>
    found === undefined || found.size > MOST_LINKED ? [] : [...found];
  return {
    traces,
    byId: new Map(traces.map((trace) => [trace.id, trace])),
    withMarker: (marker) => few(markers.get(marker)),
    withRequestId: (id) => few(requestIds.get(id)),
    entryOf: (trace) => entries.get(trace),
  };
}

export function requestIdOf(span: Span): string | undefined {
  return tag(span, 'guid:x-request-id');
}

function add(index: Map<string, Set<Trace>>, key: string | undefined, trace: Trace): void {
  if (key === undefined || key === '') return;
  const known = index.get(key);
  if (known === undefined) index.set(key, new Set([trace]));
  else known.add(trace);
}

/** The gateway may make a span below its own; the upper one is the request. */
function topmost(spans: readonly Span[]): Span | undefined {
  const ids = new Set(spans.map(({ id }) => id));
  const tops = spans.filter(({ id, parentId }) => parentId === undefined || parentId === id || !ids.has(parentId));
  return (tops.length > 0 ? tops : spans).toSorted(byStart)[0];
}

/** Other requests go through the same gateway. One whose address no tag tells is taken for ours. */
function asksFor(entry: Span, { request }: Application): boolean {
  const method = tag(entry, 'http.method');
  const url = tag(entry, 'http.url') ?? '';
  const base = 'http://gateway.invalid';
  if (method !== undefined && method !== request.method) return false;
  return url === '' || !URL.canParse(url, base) || new URL(url, base).pathname === request.path;
}
