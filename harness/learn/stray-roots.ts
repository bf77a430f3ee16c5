import { beginningCalls } from '../model/call-place.ts';
import { calledService, isProxySpan, type Span } from '../model/span.ts';
import type { Trace } from '../model/trace.ts';
import { isDuring, openMicros } from '../model/while-open.ts';
import { identify } from '../model/workload.ts';
import type { NamedRequests } from './names.ts';

/**
 * A call that begins a trace by itself, or belongs to that of an earlier request, while its caller serves a request: the
 * caller lost the request's context.
 */
export interface StrayCall {
  readonly caller: string;
  readonly callee: string;
  /** Requests during which it was seen. */
  readonly requests: number;
}

/**
 * Calls of the application's services that begin other traces. Of a service that also calls by itself, as a timer does,
 * most such calls begin while it serves nothing: those are not the requests'. Linear in spans, times the spans of one pod
 * that are open at once.
 * @param loose traces of the same mesh and time that are not the requests' own.
 */
export function strayCalls(
  { requests, naming, gateways }: NamedRequests,
  loose: readonly Trace[],
): readonly StrayCall[] {
  const own = new Set(requests.map(({ trace }) => trace.id));
  const open = new Map<string, Interval[]>();
  for (const [index, { made }] of requests.entries())
    for (const { span, workload } of made)
      if (span.kind === 'server' && workload !== undefined && isProxySpan(span))
        push(open, podOf(workload), { ...openMicros(span), request: index });
  for (const { id, spans } of loose)
    for (const span of own.has(id) ? [] : spans) {
      const workload = span.kind === 'server' && isProxySpan(span) ? identify(span, naming) : undefined;
      if (workload !== undefined) push(open, podOf(workload), openMicros(span));
    }
  const services = new Set(requests.flatMap(({ made }) => made.flatMap(({ workload }) => workload?.service ?? [])));
  const seen = new Map<string, Seen>();
  for (const trace of loose) {
    if (own.has(trace.id)) continue;
    for (const span of [...beginningCalls(trace), ...belatedCalls(trace)]) {
      const caller = isProxySpan(span) ? identify(span, naming) : undefined;
      const callee = calledService(span, naming.homes);
      if (caller === undefined || callee === undefined) continue;
      if (!services.has(caller.service) || gateways.has(caller.service)) continue;
      const key = `${caller.service} ${callee}`;
      const one = seen.get(key) ?? { caller: caller.service, callee, requests: new Set(), during: 0, outside: 0 };
      seen.set(key, one);
      const around = (open.get(podOf(caller)) ?? []).filter((interval) => isIn(span, interval));
      if (around.length === 0) one.outside += 1;
      else one.during += 1;
      for (const { request } of around) if (request !== undefined) one.requests.add(request);
    }
  }
  return [...seen.values()]
    .filter(({ requests: during, during: all, outside }) => during.size > 0 && all > outside)
    .map(({ caller, callee, requests: during }) => ({ caller, callee, requests: during.size }));
}

/** Calls below a SERVER span that had ended when they began: the context of an earlier request was used again. */
function belatedCalls({ spans }: Trace): readonly Span[] {
  const servers = new Map(spans.flatMap((span) => (span.kind === 'server' ? [[span.id, span] as const] : [])));
  return spans.filter((span) => {
    const server = span.kind === 'client' && span.parentId !== undefined ? servers.get(span.parentId) : undefined;
    return server !== undefined && isProxySpan(server) && !isDuring(span, server);
  });
}

interface Interval {
  readonly from: number;
  readonly to: number;
  /** Index of the request; absent: another one's. */
  readonly request?: number;
}

interface Seen {
  readonly caller: string;
  readonly callee: string;
  readonly requests: Set<number>;
  during: number;
  outside: number;
}

function isIn({ startMicros }: Span, { from, to }: Interval): boolean {
  return startMicros >= from && startMicros <= to;
}

function podOf({ service, pod }: { readonly service: string; readonly pod?: string }): string {
  return pod ?? service;
}

function push(to: Map<string, Interval[]>, key: string, interval: Interval): void {
  const known = to.get(key);
  if (known === undefined) to.set(key, [interval]);
  else known.push(interval);
}
