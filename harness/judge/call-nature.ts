import type { CallNature } from '../model/facts/trace-shape.ts';
import { isNamedOwnRequest } from '../model/own-request.ts';
import {
  calledHost,
  calledService,
  isExternalHost,
  isProxySpan,
  type Span,
  serviceOfHost,
  tag,
} from '../model/span.ts';
import { spansAbove } from '../model/trace.ts';
import { isRouterSpan } from '../model/workload.ts';
import type { TraceView } from './run-view.ts';

/** Istio's clusters for addresses that no Service and no ServiceEntry has (docs/facts/istio.md). */
const UNNAMED: ReadonlySet<string> = new Set(['PassthroughCluster', 'BlackHoleCluster']);

/**
 * What an unexpected call is. Nothing of the application makes the calls of all kinds but `application`, so that they are
 * a warning at most: a host `outside` the cluster; one that leads to the right service the `other-way`; a call `of-gateway` or `of-proxy` itself; one `to-gateway`, such as an
 * egress gateway.
 */
export function natureOf(call: Span, trace: TraceView, gateway: string): CallNature {
  const host = calledHost(call);
  if (trace.hops.some(({ isOtherWay, clientSpan }) => isOtherWay === true && clientSpan === call)) return 'other-way';
  if (host === undefined ? UNNAMED.has(tag(call, 'upstream_cluster') ?? '') : isExternalHost(host)) return 'outside';
  if (host !== undefined && isEntryElsewhere(host, trace, gateway)) return 'application';
  if (trace.makers.get(call)?.service === gateway) return 'of-gateway';
  if (isNamedOwnRequest(call)) return 'of-proxy';
  const answers = (trace.assembly.childrenOf.get(call) ?? []).filter(isProxySpan);
  return answers.length > 0 && answers.every(isRouterSpan) ? 'to-gateway' : 'application';
}

/** A service of the entry's name, in another namespace. */
function isEntryElsewhere(host: string, { application }: TraceView, gateway: string): boolean {
  return application.gateway === gateway && serviceOfHost(host) === application.entry;
}

/** A call that a proxy makes by itself, whose parent is the span that it has of the request, of whatever kind. */
export function isOwnRequest(call: Span, trace: TraceView, gateway: string, entry: string): boolean {
  if (call.kind !== 'client') return false;
  const isOfGateway = trace.makers.get(call)?.service === gateway;
  return isNamedOwnRequest(call) || (isOfGateway && (calledService(call) ?? entry) !== entry);
}

/** The span of another gateway: its proxy is a `router~`, or it stands in front of the application's gateway. */
export function isOfOtherGateway(span: Span, trace: TraceView, gateway: string): boolean {
  return (
    isRouterSpan(span) ||
    trace.made.some(({ span: own, workload }) => workload?.service === gateway && isBelow(own, span, trace))
  );
}

/** One of the spans is above this one. */
export function isBelowAny(span: Span, above: ReadonlySet<Span>, { assembly }: TraceView): boolean {
  return spansAbove(span, assembly).some((one) => above.has(one));
}

export function isBelow(span: Span, above: Span, trace: TraceView): boolean {
  return isBelowAny(span, new Set([above]), trace);
}
