import type { Application } from './application.ts';
import type { RoutedGateway, Sourced } from './capture.ts';
import type { MadeSpan } from './expected.ts';
import type { GatewayTrace } from './gateway-profile.ts';
import { calledService, isProxySpan, type Span } from './span.ts';
import { byStart } from './trace.ts';
import type { UnknownName } from './unknown-names.ts';
import { identify, isRouterSpan, type Naming } from './workload.ts';

export interface GatewaySearch {
  readonly application: Application;
  readonly naming: Naming;
  /** The configuration's names, and where they are written. */
  readonly configured?: Sourced<Naming['services']>;
  readonly routed?: Sourced<RoutedGateway>;
}

/**
 * The name of the gateway that these requests came through, and how it is known. In this order: the configuration maps a
 * name that is seen to it; the cluster's routes lead to it; its node id is a `router~` and it calls the entry service;
 * it begins the requests' traces. undefined: no span shows it, and the definition's name is the last guess.
 */
export function findGateway(traces: readonly GatewayTrace[], search: GatewaySearch): Sourced<string> | undefined {
  const { application, configured, routed } = search;
  const wished = configured !== undefined && Object.values(configured.value).includes(application.gateway);
  if (wished && traces.some(({ spans }) => spans.some((span) => nameOf(span, search) === application.gateway)))
    return { value: application.gateway, source: configured.source, from: configured.from };
  const led = routed && mostOf(traces, search, ({ spans }) => topmost(spans.filter((span) => isRouted(span, search))));
  if (led !== undefined) return { value: led, source: 'discovered', from: routed?.from ?? '' };
  const router = mostOf(traces, search, (trace) => routerIn(trace, application));
  if (router !== undefined) return { value: router, source: 'discovered', from: 'the router~ in node_id' };
  const first = mostOf(traces, search, (trace) => firstIn(trace, search));
  return first === undefined
    ? undefined
    : { value: first, source: 'discovered', from: 'the proxy that begins a trace' };
}

/** Names, other than the gateway's, that stand in its place in traces without any span of it. */
export function otherGateways(
  traces: readonly { readonly made: readonly MadeSpan[] }[],
  search: GatewaySearch,
): readonly UnknownName[] {
  const { gateway } = search.application;
  const without = traces.filter(({ made }) => !made.some(({ workload }) => workload?.service === gateway));
  const seen = without.flatMap(({ made }) => {
    const spans = made.map(({ span }) => span);
    const span = routerIn({ spans }, search.application) ?? firstIn({ spans }, search);
    return span === undefined ? [] : (gatewayName(span, search) ?? []);
  });
  return [...new Set(seen)].toSorted().map((name) => ({ seen: name, expected: gateway }));
}

/** The proxy of a gateway that calls the entry service; else one that begins the trace, whatever it calls. */
function routerIn({ spans, carriedParent }: GatewayTrace, { entry }: Application): Span | undefined {
  const routers = spans.filter((span) => isProxySpan(span) && isRouterSpan(span));
  const begins = ({ parentId }: Span) => parentId === undefined || parentId === carriedParent;
  return topmost(routers.filter((span) => calledService(span) === entry)) ?? topmost(routers.filter(begins));
}

/** A proxy that is not a service of the application, has nothing above it in the trace, and calls the entry service. */
function firstIn({ spans }: GatewayTrace, search: GatewaySearch): Span | undefined {
  const { application } = search;
  const ids = new Set(spans.map(({ id }) => id));
  const aboveEntry = new Set(
    spans.flatMap((span) =>
      span.kind === 'server' && nameOf(span, search) === application.entry ? span.parentId : [],
    ),
  );
  const callsEntry = (span: Span) => calledService(span) === application.entry || aboveEntry.has(span.id);
  return topmost(
    spans.filter((span) => {
      if (!isProxySpan(span) || (span.parentId !== undefined && ids.has(span.parentId))) return false;
      return gatewayName(span, search) !== undefined && callsEntry(span);
    }),
  );
}

function isRouted(span: Span, { routed, naming }: GatewaySearch): boolean {
  const workload = isProxySpan(span) ? identify(span, naming) : undefined;
  if (routed === undefined || workload === undefined) return false;
  const { service, namespace, pod } = workload;
  return routed.value.names.includes(service) || routed.value.pods.includes(`${namespace}/${pod}`);
}

/** By the majority of the traces that tell; of names seen equally often the definition's, else the first. */
function mostOf(
  traces: readonly GatewayTrace[],
  search: GatewaySearch,
  pick: (trace: GatewayTrace) => Span | undefined,
): string | undefined {
  const votes = new Map<string, number>();
  for (const trace of traces) {
    const span = pick(trace);
    const name = span === undefined ? undefined : gatewayName(span, search);
    if (name !== undefined) votes.set(name, (votes.get(name) ?? 0) + (trace.times ?? 1));
  }
  const isDefined = (name: string) => Number(name === search.application.gateway);
  const [most] = [...votes].toSorted(([a, n], [b, m]) => m - n || isDefined(b) - isDefined(a));
  return most?.[0];
}

function topmost(spans: readonly Span[]): Span | undefined {
  const ids = new Set(spans.map(({ id }) => id));
  const tops = spans.filter(({ id, parentId }) => parentId === undefined || parentId === id || !ids.has(parentId));
  return (tops.length > 0 ? tops : spans).toSorted(byStart)[0];
}

/** undefined: a service of the application is not a gateway, whatever its place. */
function gatewayName(span: Span, search: GatewaySearch): string | undefined {
  const named = nameOf(span, search);
  return search.application.services.some(({ name }) => name === named) ? undefined : named;
}

function nameOf(span: Span, { naming }: GatewaySearch): string | undefined {
  return identify(span, naming)?.service;
}
