import type { Application } from './application.ts';
import { calledHost, isProxySpan, namespaceOfHost, type Span, serviceOfHost } from './span.ts';
import { identify, type Naming } from './workload.ts';

/**
 * The namespace of each service of the application that spans show in several: `orders.staging` is not the
 * `orders.default` of the application. It is the one that most traces show the application's names in; of those in equally
 * many, the one with most of their spans. An application that is spread over several has fewer spans in each of them.
 * A service that is seen in one namespace only is not in the map: an application may be spread over several. Linear in
 * spans.
 */
export function homeNamespaces(
  spans: Iterable<readonly Span[]>,
  application: Application,
  naming: Naming,
): ReadonlyMap<string, string> {
  const seen = new Map(application.services.map(({ name }) => [name, new Set<string>()]));
  const uses = new Map<string, { traces: number; spans: number }>();
  for (const list of spans) {
    const inTrace = new Set<string>();
    for (const span of list) {
      const { service, namespace } = placeOf(span, naming);
      const known = service === undefined || namespace === undefined ? undefined : seen.get(service);
      if (known === undefined || namespace === undefined) continue;
      known.add(namespace);
      const use = uses.get(namespace) ?? { traces: 0, spans: 0 };
      uses.set(namespace, use);
      use.spans += 1;
      if (!inTrace.has(namespace)) use.traces += 1;
      inTrace.add(namespace);
    }
  }
  const most = (of: 'traces' | 'spans', a: string, b: string) => (uses.get(b)?.[of] ?? 0) - (uses.get(a)?.[of] ?? 0);
  const byUse = (a: string, b: string) => most('traces', a, b) || most('spans', a, b) || (a < b ? -1 : 1);
  return new Map(
    [...seen].flatMap(([service, namespaces]) => {
      const [home] = namespaces.size > 1 ? [...namespaces].toSorted(byUse) : [];
      return home === undefined ? [] : [[service, home] as const];
    }),
  );
}

/** What a SERVER span was made by, and what a CLIENT span calls. */
function placeOf(
  span: Span,
  naming: Naming,
): { readonly service?: string | undefined; readonly namespace?: string | undefined } {
  if (!isProxySpan(span)) return {};
  if (span.kind === 'server') return identify(span, naming) ?? {};
  const host = span.kind === 'client' ? calledHost(span) : undefined;
  return host === undefined ? {} : { service: serviceOfHost(host), namespace: namespaceOfHost(host) };
}
