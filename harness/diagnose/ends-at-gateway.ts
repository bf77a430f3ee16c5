import { decidesByRequestId } from '../formats/formats.ts';
import type { Cause } from '../model/finding.ts';
import { calledService, isProxySpan, type Span } from '../model/span.ts';
import { causesOfCall } from './call-answer.ts';
import type { HopFact } from './hop-fact.ts';
import type { DiagnosisInput } from './request.ts';

/** A traced and answered call to a gateway, behind which the trace has nothing. */
export interface GatewayEnd {
  readonly fact: HopFact;
  readonly gateway: string;
  /** The call of the gateway. */
  readonly span: Span;
  /** Likeliest first. */
  readonly causes: readonly Cause[];
  /** The proxies' tracer decides again where x-request-id is replaced. */
  readonly vetoes: boolean;
}

/**
 * Finds where a trace ends at a gateway that a service calls, or that another gateway calls. A gateway takes each of its
 * callers for one from outside and replaces x-request-id, so that the OpenTelemetry tracer decides anew, and its own no
 * goes before the decision of `traceparent` (docs/facts/envoy.md#behind-a-gateway). The caller's CLIENT span shows that the
 * decision to trace went out with the call, so that the caller did not lose it; no span of the gateway or behind it shows
 * that it got past the gateway, so that no service behind it is silent by what is seen.
 * @param unanswered hops of which the other half may be missing
 */
export function endsAtGateway(
  unanswered: readonly HopFact[],
  { application, format, canSearch, everythingIsTraced }: DiagnosisInput,
): readonly GatewayEnd[] {
  const inRow = new Set(application.services.flatMap(({ name, gateway }) => (gateway === true ? [name] : [])));
  const vetoes = decidesByRequestId(format);
  // A stripped context would have begun another trace, which was looked for.
  const isSearched = canSearch && everythingIsTraced;
  const causes: readonly Cause[] = vetoes
    ? ['sampled-changed', ...(isSearched ? [] : (['stripped-in-transit'] as const))]
    : ['stripped-in-transit', 'sampled-changed'];
  return unanswered.flatMap((fact): GatewayEnd[] => {
    const { hop, request } = fact;
    const { assembly, makers, made } = request;
    const gateway = hop.calledAs ?? (inRow.has(hop.callee) ? hop.callee : undefined);
    if (gateway === undefined || hop.half !== 'server' || request.unidentified.length > 0) return [];
    // A gateway whose own spans do not come decides nothing here.
    if (gateway === application.gateway && !made.some(({ workload }) => workload?.service === gateway)) return [];
    const behind = reachedFrom(hop.callee, request);
    const isBehind = (span: Span) => isProxySpan(span) && behind.has(makers.get(span)?.service ?? '');
    if (assembly.orphans.some(isBehind)) return [];
    const isCallOfGateway = (span: Span) => span.kind === 'client' && calledService(span) === gateway;
    const isPassed = (span: Span) =>
      (assembly.childrenOf.get(span) ?? []).some((below) => isProxySpan(below) && makers.get(below) !== undefined);
    const calls = [...new Set([hop.clientSpan, ...siblingsOf(hop.callerSpan, fact).filter(isCallOfGateway)])];
    const span = calls.find(
      (call): call is Span => call !== undefined && causesOfCall(call).length === 0 && !isPassed(call),
    );
    return span === undefined ? [] : [{ fact, gateway, span, causes, vetoes }];
  });
}

/** The service, and all that its calls lead to. */
function reachedFrom(service: string, { application: { calls } }: HopFact['request']): ReadonlySet<string> {
  // Grows while it is gone through: a set gives what is added on the way.
  const reached = new Set([service]);
  for (const one of reached) for (const { caller, callee } of calls) if (caller === one) reached.add(callee);
  return reached;
}

function siblingsOf(caller: Span | undefined, { request: { assembly } }: HopFact): readonly Span[] {
  return caller === undefined ? [] : (assembly.childrenOf.get(caller) ?? []);
}
