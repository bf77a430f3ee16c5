import type { GatewayProfile } from './capture.ts';
import type { Probe } from './exchange.ts';
import type { SpanId } from './ids.ts';
import { isNamedOwnRequest } from './own-request.ts';
import { isProxySpan, type Span } from './span.ts';
import { identify, type Naming } from './workload.ts';

/** The spans of one request, and the span id it carried. */
export interface GatewayTrace {
  readonly spans: readonly Span[];
  readonly carriedParent?: SpanId;
  /** How many traces of the same form it stands for. Default: one. */
  readonly times?: number;
}

export function asGatewayTrace({ spanId }: Pick<Probe, 'spanId'>, spans: readonly Span[]): GatewayTrace {
  return { spans, ...(spanId !== undefined && { carriedParent: spanId }) };
}

/**
 * One or two gateway spans a request, by the majority of the traces that show it; undefined when none does or the votes
 * are even. A single span shows it, so a trace that is still arriving does not mislead: with one gateway span it is a
 * CLIENT and the entry; with two the entry is a SERVER, and the CLIENT hangs below it
 * (docs/facts/envoy.md#healthy-traces).
 */
export function gatewayProfileOf(
  traces: readonly GatewayTrace[],
  gateway: string,
  naming?: Naming,
): GatewayProfile | undefined {
  const votes = { 1: 0, 2: 0 };
  for (const { spans, carriedParent, times = 1 } of traces) {
    const span = spans.find(
      (candidate) =>
        isProxySpan(candidate) && !isNamedOwnRequest(candidate) && identify(candidate, naming)?.service === gateway,
    );
    if (span === undefined) continue;
    const isEntry = span.parentId === undefined || span.parentId === carriedParent;
    votes[span.kind === 'client' && isEntry ? 1 : 2] += times;
  }
  return votes[1] === votes[2] ? undefined : votes[1] > votes[2] ? 1 : 2;
}
