import { isProxySpan, type Span, tag } from './span.ts';
import { identify, type Naming, namesItsMaker } from './workload.ts';

/**
 * Learns who makes the spans of each process from those of its proxy spans that say so. Needed for a gateway's router
 * span where Istio's tags are off: it has no `node_id` either, and its service name may be that of an installation
 * (`istio`), which several proxies can share (docs/facts/istio.md#service-names). Linear in spans; nothing where all spans speak.
 */
export function learnProcesses(
  spans: Iterable<readonly Span[]>,
  services: Naming['services'],
): ReadonlyMap<string, string | undefined> {
  const lists = [...spans];
  const silent = new Set(
    lists.flatMap((list) => list.flatMap((span) => (isProxySpan(span) && !namesItsMaker(span) ? [span.service] : []))),
  );
  const makers = new Map<string, string | undefined>();
  if (silent.size === 0) return makers;
  const seen = new Set<string>();
  for (const span of lists.flat()) {
    if (!silent.has(span.service) || !isProxySpan(span) || !namesItsMaker(span)) continue;
    const key = [span.service, tag(span, 'istio.canonical_service'), tag(span, 'node_id')].join(' ');
    if (seen.has(key)) continue;
    seen.add(key);
    const maker = identify(span, { services })?.service;
    const before = makers.get(span.service);
    makers.set(span.service, makers.has(span.service) && before !== maker ? undefined : maker);
  }
  return makers;
}
