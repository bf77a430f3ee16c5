import { type MadeSpan, madeSpans } from '../model/expected.ts';
import { learnProcesses } from '../model/naming.ts';
import { calledHost, calledService, isExternalHost, isProxySpan, type Span, tag } from '../model/span.ts';
import { type Assembly, assemble } from '../model/trace.ts';
import { identify, isOfWaypoint, isRouterSpan, type Naming, type Workload } from '../model/workload.ts';
import type { RequestTrace } from './learn-input.ts';

/** By what the spans of a service are known, in the order of docs/architecture.md#service-identity. */
export const NAME_SOURCES = ['canonicalService', 'workload', 'serviceName'] as const;
export type NameSource = (typeof NAME_SOURCES)[number];

/** Whose spans are whose: once per service. */
export interface Identity {
  /** Name of the Service, which is the name in the application. */
  readonly service: string;
  /** Name in the spans, where it is another one. */
  readonly seen?: string;
  readonly by: NameSource;
  readonly namespace?: string;
}

/** A request's trace with the makers of its spans. */
export interface NamedRequest extends RequestTrace {
  readonly assembly: Assembly;
  readonly made: readonly MadeSpan[];
  readonly makers: ReadonlyMap<Span, Workload | undefined>;
}

export interface NamedRequests {
  readonly requests: readonly NamedRequest[];
  readonly naming: Naming;
  /** Names of proxies that are gateways. */
  readonly gateways: ReadonlySet<string>;
  readonly identities: ReadonlyMap<string, Identity>;
}

/**
 * Learns the names: a service is called by the name of its Service, as calls have it. Where every call to that name is
 * answered by spans of one other name, and that name answers nothing else, the other is its name in spans. Linear in spans.
 * @param configured a person's word, which is not looked at again.
 */
export function nameRequests(
  traces: readonly RequestTrace[],
  configured: Readonly<Record<string, string>>,
): NamedRequests {
  const processes = learnProcesses(
    traces.map(({ trace }) => trace.spans),
    configured,
  );
  const first = namedRequests(traces, { services: configured, processes });
  const gateways = gatewaysIn(first);
  const aliases = aliasesIn(first, gateways, configured);
  const naming = { services: { ...aliases, ...configured }, processes };
  const requests = Object.keys(aliases).length === 0 ? first : namedRequests(traces, naming);
  return { requests, naming, gateways, identities: identitiesIn(requests, naming, gateways) };
}

/** Each with the makers of its spans. */
export function namedRequests(traces: readonly RequestTrace[], naming: Naming): readonly NamedRequest[] {
  return traces.map((request) => {
    const assembly = assemble(request.trace, request.carriedParent);
    const made = madeSpans(assembly, naming);
    return { ...request, assembly, made, makers: new Map(made.map(({ span, workload }) => [span, workload])) };
  });
}

/** Proxies that say so in their node id; else those that begin the traces, and that nothing calls. */
export function gatewaysIn(requests: readonly NamedRequest[]): ReadonlySet<string> {
  const routers = new Set<string>();
  const first = new Set<string>();
  const called = new Set<string>();
  for (const { made, assembly, carriedParent } of requests) {
    for (const { span, workload } of made) {
      if (workload === undefined || !isProxySpan(span)) continue;
      if (isRouterSpan(span)) routers.add(workload.service);
      const callee = span.kind === 'client' ? calledService(span) : undefined;
      if (callee !== undefined) called.add(callee);
      const isSidecar = tag(span, 'node_id')?.startsWith('sidecar~') === true;
      const begins = assembly.entries.includes(span) || span.parentId === carriedParent;
      if (begins && !isSidecar) first.add(workload.service);
    }
  }
  return routers.size > 0 ? routers : new Set([...first].filter((name) => !called.has(name)));
}

/** Name in spans → name of the Service. */
function aliasesIn(
  requests: readonly NamedRequest[],
  gateways: ReadonlySet<string>,
  configured: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const answeredBy = new Map<string, Set<string>>();
  const answers = new Map<string, Set<string>>();
  const own = new Set<string>();
  for (const { made, assembly, makers } of requests) {
    for (const { span, workload } of made) {
      if (workload !== undefined && isProxySpan(span) && span.kind === 'server') own.add(workload.service);
      const callee = calleeOf(span);
      if (callee === undefined) continue;
      for (const server of assembly.childrenOf.get(span) ?? []) {
        const name = makers.get(server)?.service;
        if (server.kind !== 'server' || !isProxySpan(server) || isOfWaypoint(server) || name === undefined) continue;
        if (gateways.has(name)) continue;
        add(answeredBy, callee, name);
        add(answers, name, callee);
      }
    }
  }
  return Object.fromEntries(
    [...answeredBy].flatMap(([service, names]) => {
      const isOnly = (name: string) => name !== service && answers.get(name)?.size === 1;
      if (own.has(service) || ![...names].every(isOnly)) return [];
      return [...names].flatMap((name) => (Object.hasOwn(configured, name) ? [] : [[name, service] as const]));
    }),
  );
}

/** The Service that a proxy's call names; undefined: it is not a Service of the cluster. */
function calleeOf(span: Span): string | undefined {
  if (span.kind !== 'client' || !isProxySpan(span)) return undefined;
  const host = calledHost(span);
  return host === undefined || isExternalHost(host) ? undefined : calledService(span);
}

function identitiesIn(
  requests: readonly NamedRequest[],
  naming: Naming,
  gateways: ReadonlySet<string>,
): ReadonlyMap<string, Identity> {
  const identities = new Map<string, Identity>();
  for (const { made } of requests) {
    for (const { span, workload } of made) {
      if (workload === undefined || span.kind !== 'server' || !isProxySpan(span)) continue;
      const { service, namespace } = workload;
      if (identities.has(service) || gateways.has(service)) continue;
      const seen = identify(span, withoutNames(naming))?.service;
      identities.set(service, {
        service,
        ...(seen !== undefined && seen !== service && { seen }),
        by: sourceOf(span),
        ...(namespace !== undefined && { namespace }),
      });
    }
  }
  return identities;
}

function withoutNames({ services: _, ...rest }: Naming): Naming {
  return { ...rest, services: {} };
}

function sourceOf(span: Span): NameSource {
  if (tag(span, 'istio.canonical_service') !== undefined) return 'canonicalService';
  return tag(span, 'node_id') === undefined ? 'serviceName' : 'workload';
}

function add(to: Map<string, Set<string>>, key: string, value: string): void {
  to.set(key, (to.get(key) ?? new Set()).add(value));
}
