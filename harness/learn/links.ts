import { calledService, isProxySpan, type Span } from '../model/span.ts';
import { byStart, proxyAbove } from '../model/trace.ts';
import { isOfWaypoint } from '../model/workload.ts';
import type { NamedRequest, NamedRequests } from './names.ts';
import type { Defect } from './trace-reading.ts';

/** How the proxies' spans of one trace hang together, gateways looked through. */
export interface Links {
  /** Of proxies, but for waypoints, which stand between the two halves of a hop. */
  readonly proxies: readonly Span[];
  readonly nameOf: (span: Span | undefined) => string | undefined;
  readonly isGateway: (span: Span | undefined) => boolean;
  /** Spans without a parent that they should have. */
  readonly broken: ReadonlySet<Span>;
  /** SERVER span by the CLIENT span that leads to it, and whether gateways lie between. */
  readonly reachedBy: ReadonlyMap<Span, Reached>;
  /** The service behind the gateway. */
  readonly entry?: string;
  readonly defects: readonly Defect[];
}

interface Reached {
  readonly server: Span;
  readonly through: boolean;
}

/** The spans that a gateway makes of one request. */
const GATEWAY_SPANS = 2;

/** Linear in spans. */
export function linksOf(
  { assembly, made, makers }: NamedRequest,
  { gateways }: Pick<NamedRequests, 'gateways'>,
): Links {
  const proxies = made.filter(({ span }) => isProxySpan(span) && !isOfWaypoint(span)).map(({ span }) => span);
  const nameOf = (span: Span | undefined) => (span === undefined ? undefined : makers.get(span)?.service);
  const isGateway = (span: Span | undefined) => gateways.has(nameOf(span) ?? '');
  const broken = new Set<Span>([...assembly.orphans, ...assembly.selfParents]);
  const reachedBy = new Map<Span, Reached>();
  const halves: Defect[] = [];
  let entry: string | undefined;
  for (const span of proxies) {
    const own = nameOf(span);
    if (span.kind !== 'server' || own === undefined || isGateway(span) || broken.has(span)) continue;
    let above = proxyAbove(span, assembly);
    let through = false;
    for (let steps = 0; isGateway(above) && steps < GATEWAY_SPANS * gateways.size; steps += 1) {
      through = true;
      above = above && proxyAbove(above, assembly);
    }
    if (above === undefined && through) entry ??= own;
    if (above?.kind === 'client' && !reachedBy.has(above)) reachedBy.set(above, { server: span, through });
    if (above !== undefined && above.kind !== 'client')
      halves.push({ kind: 'no-client', caller: nameOf(above) ?? '?', callee: own });
  }
  const others = assembly.entries.toSorted(byStart).slice(1);
  return {
    proxies,
    nameOf,
    isGateway,
    broken,
    reachedBy,
    ...(entry !== undefined && { entry }),
    defects: [
      ...[...broken].map((span) => ({ kind: 'orphan' as const, ...endsOf(span, nameOf(span)) })),
      ...others.map((span) => ({ kind: 'several-roots' as const, ...endsOf(span, nameOf(span)) })),
      ...(assembly.duplicates.length + assembly.cycles.length > 0 ? [{ kind: 'tangled' as const }] : []),
      ...halves,
      ...(entry === undefined ? [{ kind: 'no-service' as const }] : []),
    ],
  };
}

function endsOf(span: Span, maker: string | undefined): Pick<Defect, 'caller' | 'callee'> {
  const callee = span.kind === 'client' ? calledService(span) : maker;
  const caller = span.kind === 'client' ? maker : undefined;
  return { ...(caller !== undefined && { caller }), ...(callee !== undefined && { callee }) };
}
