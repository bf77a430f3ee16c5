import { calledHost, isProxySpan, responseFlags, type Span } from './span.ts';
import type { Assembly } from './trace.ts';

/** Flags of an answer that a proxy gives before it chooses a host (docs/facts/envoy.md#tags). */
const ANSWERED_BEFORE: ReadonlySet<string> = new Set(['UH', 'NR', 'NC', 'UO', 'FI', 'RL', 'UAEX']);

/** Further ones of an answer without a host that was reached. */
const NOT_REACHED: ReadonlySet<string> = new Set([...ANSWERED_BEFORE, 'RLSE', 'UF', 'LH']);

/** The proxy answered the call by itself: there is no SERVER span of it to wait for. */
export function isAnsweredByProxy(call: Span): boolean {
  return responseFlags(call).some((flag) => NOT_REACHED.has(flag));
}

/**
 * True for the SERVER span of a gateway that stands for a call which was never sent. A gateway that makes two spans makes the
 * CLIENT span when it has chosen a host. Where it has no host, only the SERVER span names the cluster (seen on Envoy 1.40.0,
 * docs/facts/envoy.md#faults).
 */
export function isUnsentCall(span: Span, { childrenOf }: Pick<Assembly, 'childrenOf'>): boolean {
  return (
    span.kind === 'server' &&
    isProxySpan(span) &&
    calledHost(span) !== undefined &&
    responseFlags(span).some((flag) => ANSWERED_BEFORE.has(flag)) &&
    childrenOf.get(span)?.some((child) => child.kind === 'client' && isProxySpan(child)) !== true
  );
}
