import { wasServed } from '../model/expected.ts';
import { calledHost, calledService, httpStatus, isExternalHost, isProxySpan, type Span } from '../model/span.ts';
import { byStart, proxyAbove } from '../model/trace.ts';
import { isOfWaypoint } from '../model/workload.ts';
import type { NamedRequest, NamedRequests } from './names.ts';

/** Something in a trace from which nothing must be learnt. */
export interface Defect {
  /**
   * - `orphan`: the span's parent is not in the trace. - `no-server`, `no-client`: half a hop. - `several-roots`: more than
   * one span begins the trace. - `wrong-parent`: a call hangs below another service's span. - `tangled`: cycles, or one id
   * twice. - `no-service`: no service behind the gateway left a span.
   */
  readonly kind: 'orphan' | 'no-server' | 'no-client' | 'several-roots' | 'wrong-parent' | 'tangled' | 'no-service';
  readonly caller?: string;
  readonly callee?: string;
  /** With `no-server`: the callee is a host outside of the cluster, by its name. */
  readonly isOutside?: true;
}

/** Calls of one service to one other in one trace. */
export interface SeenCalls {
  /** How many of those below one SERVER span were answered, at most; 0: all of them failed. */
  readonly times: number;
  /** All of them, failed ones too. */
  readonly tries: number;
  readonly through: boolean;
  /** No SERVER span below any of them. */
  readonly isHalf: boolean;
  readonly isOutside: boolean;
  /** Start of the first, for the order in the definition. */
  readonly startMicros: number;
}

/** One version of a service at work on one request. */
export interface Turn {
  readonly service: string;
  readonly version?: string;
  readonly calls: ReadonlyMap<string, SeenCalls>;
}

/** What one request's trace shows. */
export interface TraceReading {
  readonly request: string;
  /** Gateways in the order of the way. */
  readonly gateways: readonly string[];
  readonly entry?: string;
  /** Services with a SERVER span, whatever they answered. */
  readonly services: readonly string[];
  readonly turns: readonly Turn[];
  readonly defects: readonly Defect[];
  readonly spans: number;
}

/** Envoy's own requests, such as those to an authorisation service (docs/facts/envoy.md#own-requests). */
const OWN_REQUEST = /^async\s/;
/** The spans that a gateway makes of one request. */
const GATEWAY_SPANS = 2;

export function readTrace(named: NamedRequest, { gateways }: Pick<NamedRequests, 'gateways'>): TraceReading {
  const { assembly, made, makers, request } = named;
  const proxies = made.filter(({ span }) => isProxySpan(span) && !isOfWaypoint(span)).map(({ span }) => span);
  const nameOf = (span: Span | undefined) => (span === undefined ? undefined : makers.get(span)?.service);
  const isGateway = (span: Span | undefined) => gateways.has(nameOf(span) ?? '');
  const defects: Defect[] = [];
  for (const span of [...assembly.orphans, ...assembly.selfParents])
    defects.push({ kind: 'orphan', ...endsOf(span, nameOf(span)) });
  const begins = assembly.entries.toSorted(byStart);
  for (const span of begins.slice(1)) defects.push({ kind: 'several-roots', ...endsOf(span, nameOf(span)) });
  if (assembly.duplicates.length + assembly.cycles.length > 0) defects.push({ kind: 'tangled' });

  /** The call that leads to a span through gateways only, and whether there were any. */
  const callAbove = (span: Span): { readonly above: Span | undefined; readonly through: boolean } => {
    let above = proxyAbove(span, assembly);
    let through = false;
    for (let steps = 0; isGateway(above) && steps < GATEWAY_SPANS * gateways.size; steps += 1) {
      through = true;
      above = above && proxyAbove(above, assembly);
    }
    return { above, through };
  };
  const broken = new Set<Span>([...assembly.orphans, ...assembly.selfParents]);
  const reachedBy = new Map<Span, { readonly server: Span; readonly through: boolean }>();
  let entry: string | undefined;
  for (const span of proxies) {
    if (span.kind !== 'server' || isGateway(span) || broken.has(span)) continue;
    const own = nameOf(span);
    const { above, through } = callAbove(span);
    if (above === undefined && through) entry ??= own;
    else if (above?.kind === 'client') {
      if (!reachedBy.has(above)) reachedBy.set(above, { server: span, through });
    } else if (above !== undefined && own !== undefined)
      defects.push({ kind: 'no-client', caller: nameOf(above) ?? '?', callee: own });
  }
  if (entry === undefined) defects.push({ kind: 'no-service' });

  const turns = new Map<string, { service: string; version: string | undefined; calls: Map<string, SeenCalls> }>();
  const turnOf = (span: Span) => {
    const { service = '', version } = makers.get(span) ?? {};
    const key = `${service} ${version ?? ''}`;
    const known = turns.get(key) ?? { service, version, calls: new Map<string, SeenCalls>() };
    turns.set(key, known);
    return known;
  };
  const servers = proxies.filter((span) => span.kind === 'server' && !isGateway(span) && nameOf(span) !== undefined);
  for (const span of servers) if (wasServed(span)) turnOf(span);

  const groups = new Map<string, Span[]>();
  const order = new Map(assembly.trace.spans.map((span, index) => [span, index]));
  for (const span of proxies.toSorted(byStart)) {
    if (span.kind !== 'client' || isGateway(span) || OWN_REQUEST.test(span.operation) || broken.has(span)) continue;
    const caller = nameOf(span);
    const reached = reachedBy.get(span);
    const callee = calleeOf(span, reached && nameOf(reached.server), reached?.through === true);
    if (caller === undefined || callee === undefined) continue;
    const above = proxyAbove(span, assembly);
    if (above?.kind !== 'server' || nameOf(above) !== caller) {
      if (above !== undefined) defects.push({ kind: 'wrong-parent', caller, callee });
      continue;
    }
    const key = `${order.get(above)} ${callee}`;
    groups.set(key, [...(groups.get(key) ?? []), span]);
  }
  for (const [key, spans] of groups) {
    const [first] = spans;
    if (first === undefined) continue;
    const callee = key.slice(key.indexOf(' ') + 1);
    const { service: caller, calls } = turnOf(proxyAbove(first, assembly) ?? first);
    const before = calls.get(callee);
    const halves = spans.filter((span) => !reachedBy.has(span));
    const host = calledHost(first);
    const isOutside = host !== undefined && isExternalHost(host);
    calls.set(callee, {
      times: Math.max(before?.times ?? 0, spans.filter((span) => !hasFailed(span)).length),
      tries: Math.max(before?.tries ?? 0, spans.length),
      through: spans.some((span) => reachedBy.get(span)?.through === true),
      isHalf: (before?.isHalf ?? true) && halves.length === spans.length,
      isOutside,
      startMicros: Math.min(before?.startMicros ?? first.startMicros, first.startMicros),
    });
    // A call that failed may not have reached the callee.
    if (halves.some((span) => !hasFailed(span)))
      defects.push({ kind: 'no-server', caller, callee, ...(isOutside && { isOutside }) });
  }
  return {
    request,
    gateways: wayOf(proxies.filter(isGateway), nameOf),
    ...(entry !== undefined && { entry }),
    services: [...new Set(servers.flatMap((span) => nameOf(span) ?? []))],
    turns: [...turns.values()].map(({ version, ...turn }) => ({ ...turn, ...(version !== undefined && { version }) })),
    defects,
    spans: assembly.trace.spans.length,
  };
}

/** By the name that the definition has for it: that of the Service called, or of the one behind the gateway. */
function calleeOf(span: Span, reached: string | undefined, through: boolean): string | undefined {
  if (through) return reached;
  return calledService(span);
}

function endsOf(span: Span, maker: string | undefined): Pick<Defect, 'caller' | 'callee'> {
  const callee = span.kind === 'client' ? calledService(span) : maker;
  const caller = span.kind === 'client' ? maker : undefined;
  return { ...(caller !== undefined && { caller }), ...(callee !== undefined && { callee }) };
}

function hasFailed(span: Span): boolean {
  const status = httpStatus(span);
  return status !== undefined && (status === 0 || status >= 500);
}

/** Each once, as they come first. */
function wayOf(spans: readonly Span[], nameOf: (span: Span) => string | undefined): readonly string[] {
  return [...new Set(spans.toSorted(byStart).flatMap((span) => nameOf(span) ?? []))];
}
