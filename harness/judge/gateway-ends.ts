import { hopKey } from '../model/expected.ts';
import type { FindingCollector } from './finding-collector.ts';
import { countFacts } from './hops.ts';
import type { RunView } from './run-view.ts';

/** Notes gateways at which traces end (HC603): the call arrives with the decision to trace, and the gateway decides again. */
export function noteGatewayEnds(view: RunView, collector: FindingCollector): void {
  const ends = view.diagnosis.gatewayEnds.filter(({ fact }) => fact.request.exchange.probe.trial !== true);
  if (ends.length === 0) return;
  const counts = countFacts(view, false);
  for (const { fact, gateway, span, causes, vetoes } of ends) {
    const { hop, request } = fact;
    const { caller, callee } = hop;
    const isInRow = callee === gateway;
    collector.note({
      code: 'HC603',
      subject: { kind: 'service', service: gateway },
      causes,
      expected: { kind: 'traced-through-gateway', gateway, caller },
      received: { kind: 'ends-at-gateway', gateway, caller },
      remedy: { kind: 'keep-decision-at-gateway', gateway, caller, ...(!isInRow && { callee }), vetoes },
      of: counts.get(hopKey(hop)) ?? 0,
      among: hopKey(hop),
      exchange: request.exchange,
      traceId: request.assembly.trace.id,
      spans: [span],
    });
  }
}
