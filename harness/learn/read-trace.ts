import { wasServed } from '../model/expected.ts';
import { endedWith, GRPC_CODES, grpcStatus, OF_REQUEST } from '../model/grpc-status.ts';
import { isNamedOwnRequest } from '../model/own-request.ts';
import { calledHost, calledService, httpStatus, isExternalHost, type Span } from '../model/span.ts';
import { byStart, proxyAbove } from '../model/trace.ts';
import { type Links, linksOf } from './links.ts';
import type { NamedRequest, NamedRequests } from './names.ts';
import type { Defect, SeenCalls, TraceReading, Turn } from './trace-reading.ts';

/** Reads what one request's trace shows. Linear in spans. */
export function readTrace(named: NamedRequest, names: Pick<NamedRequests, 'gateways'>): TraceReading {
  const links = linksOf(named, names);
  const { proxies, nameOf, isGateway, entry } = links;
  const servers = proxies.filter((span) => span.kind === 'server' && !isGateway(span) && nameOf(span) !== undefined);
  const groups = groupCalls(named, links);
  const counted = groups.calls.map((group) => ({ ...group, seen: seenIn(group.spans, links) }));
  const ways = proxies.filter(isGateway).toSorted(byStart);
  return {
    request: named.request,
    gateways: [...new Set(ways.flatMap((span) => nameOf(span) ?? []))],
    ...(entry !== undefined && { entry }),
    services: [...new Set(servers.flatMap((span) => nameOf(span) ?? []))],
    turns: turnsOf(servers.filter(wasServed), counted, named),
    defects: [...links.defects, ...groups.defects, ...counted.flatMap((group) => halvesOf(group, links, names))],
  };
}

/** Calls below one SERVER span to one callee. */
interface Group {
  readonly server: Span;
  readonly caller: string;
  readonly callee: string;
  readonly spans: Span[];
}

/** Calls of a service that failed are left out: which of them it still makes says nothing. */
function groupCalls(
  { assembly }: NamedRequest,
  { proxies, nameOf, isGateway, broken, reachedBy }: Links,
): { readonly calls: readonly Group[]; readonly defects: readonly Defect[] } {
  const groups = new Map<Span, Map<string, Group>>();
  const defects: Defect[] = [];
  for (const span of proxies.toSorted(byStart)) {
    if (span.kind !== 'client' || isGateway(span) || isNamedOwnRequest(span) || broken.has(span)) continue;
    const caller = nameOf(span);
    const reached = reachedBy.get(span);
    // Behind a gateway the definition has the service that is reached, else the one that is called.
    const callee = reached?.through === true ? nameOf(reached.server) : calledService(span);
    const server = proxyAbove(span, assembly);
    if (caller === undefined || callee === undefined || server === undefined) continue;
    if (server.kind !== 'server' || nameOf(server) !== caller) defects.push({ kind: 'wrong-parent', caller, callee });
    else if (wasServed(server)) {
      const own = groups.get(server) ?? new Map<string, Group>();
      const group = own.get(callee) ?? { server, caller, callee, spans: [] };
      group.spans.push(span);
      groups.set(server, own.set(callee, group));
    }
  }
  return { calls: [...groups.values()].flatMap((own) => [...own.values()]), defects };
}

function seenIn(spans: readonly Span[], { reachedBy }: Links): SeenCalls {
  const [first] = spans;
  const host = first && calledHost(first);
  const answered = spans.filter((span) => !hasFailed(span));
  const refusals = answered.flatMap((span) => refusalOf(span) ?? []);
  return {
    times: answered.length,
    statuses: [...new Set(refusals)].toSorted((a, b) => a - b),
    isRefused: refusals.length > 0 && refusals.length === answered.length,
    tries: spans.length,
    through: spans.some((span) => reachedBy.get(span)?.through === true),
    isHalf: spans.every((span) => !reachedBy.has(span)),
    isOutside: host !== undefined && isExternalHost(host),
    startMicros: first?.startMicros ?? 0,
  };
}

/** A call that failed may not have reached the callee; any other one has both halves. */
function halvesOf(
  { caller, callee, spans, seen: { isOutside } }: Group & { readonly seen: SeenCalls },
  { reachedBy }: Links,
  { gateways }: Pick<NamedRequests, 'gateways'>,
): readonly Defect[] {
  const isHalf = spans.some((span) => !reachedBy.has(span) && !hasFailed(span));
  if (isHalf && gateways.has(callee)) return [{ kind: 'gateway-end', caller, callee }];
  return isHalf ? [{ kind: 'no-server', caller, callee, ...(isOutside && { isOutside }) }] : [];
}

/** One turn per version of a service, for all of its SERVER spans. */
function turnsOf(
  servers: readonly Span[],
  groups: readonly (Group & { readonly seen: SeenCalls })[],
  { makers }: NamedRequest,
): readonly Turn[] {
  const byServer = Map.groupBy(groups, ({ server }) => server);
  const workloads = Map.groupBy(servers, (span) => {
    const { service = '', version = '' } = makers.get(span) ?? {};
    return JSON.stringify([service, version]);
  });
  return [...workloads].map(([key, own]): Turn => {
    const [service = '', version = ''] = JSON.parse(key) as string[];
    const calls = new Map<string, SeenCalls>();
    for (const { callee, seen } of own.flatMap((server) => byServer.get(server) ?? []))
      calls.set(callee, joined(calls.get(callee), seen));
    return { service, ...(version !== '' && { version }), calls };
  });
}

function joined(one: SeenCalls | undefined, other: SeenCalls): SeenCalls {
  if (one === undefined) return other;
  return {
    times: Math.max(one.times, other.times),
    statuses: [...new Set([...one.statuses, ...other.statuses])].toSorted((a, b) => a - b),
    isRefused: one.isRefused && other.isRefused,
    tries: Math.max(one.tries, other.tries),
    through: one.through || other.through,
    isHalf: one.isHalf && other.isHalf,
    isOutside: one.isOutside,
    startMicros: Math.min(one.startMicros, other.startMicros),
  };
}

/** The status of gRPC, where it may come from the request; undefined: it may not. */
function refusalOf(span: Span): number | undefined {
  const code = grpcStatus(span) ?? 0;
  return OF_REQUEST.some((one) => GRPC_CODES.indexOf(one) === code) ? code : undefined;
}

function hasFailed(span: Span): boolean {
  if (httpStatus(span) === 200 && refusalOf(span) !== undefined) return false;
  const status = endedWith(span);
  return status !== undefined && (status === 0 || status >= 500);
}
