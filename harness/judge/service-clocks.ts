import { isProxySpan, type Span } from '../model/span.ts';
import type { FindingCollector } from './finding-collector.ts';
import type { RunView, TraceView } from './run-view.ts';

/**
 * The gateway's router span may end a little after its root (159 µs seen, docs/facts/envoy.md#healthy-traces); less
 * than this does not count as skew.
 */
const TOLERANCE_MICROS = 10_000;

/** A clock minus another, µs: anything between the two. */
interface Skew {
  readonly low: number;
  readonly high: number;
}

const NONE: Skew = { low: 0, high: 0 };

/**
 * Notes services whose clock is apart from the gateway's (HC717). Information: links go by ids. A callee works while its
 * call is open, so each hop bounds how far the two clocks are apart; the bounds add up from the gateway on, so that the
 * callees of a service whose clock is off are not named with it. Where every service is off, it is the gateway that is.
 */
export function noteServiceClocks({ traces, application }: RunView, collector: FindingCollector): void {
  for (const trace of traces) {
    const skews = skewsIn(trace, application.gateway);
    const apart = [...skews].flatMap(([service, { skew, span }]) => {
      const micros = distance(skew);
      return micros === 0 ? [] : [{ service, micros, span }];
    });
    const [first] = apart;
    if (first === undefined) continue;
    const common = { code: 'HC717', severity: 'info', causes: ['clock-skew'], of: traces.length } as const;
    const where = { exchange: trace.exchange, traceId: trace.assembly.trace.id };
    if (apart.length > 1 && apart.length === skews.size) {
      collector.note({
        ...common,
        ...where,
        subject: { kind: 'service', service: application.gateway },
        expected: { kind: 'clock-of-services' },
        received: { kind: 'gateway-clock', aheadMs: toMs(-first.micros), services: skews.size },
        spans: [first.span],
      });
      continue;
    }
    for (const { service, micros, span } of apart) {
      collector.note({
        ...common,
        ...where,
        subject: { kind: 'service', service },
        expected: { kind: 'spans-inside-calls' },
        received: { kind: 'service-clock', aheadMs: toMs(micros), gateway: application.gateway },
        spans: [span],
      });
    }
  }
}

function toMs(micros: number): number {
  return Math.round(micros / 1000);
}

/** Each service's clock against the gateway's, by the first of its SERVER spans below a call. */
function skewsIn({ made, makers, assembly }: TraceView, gateway: string): Map<string, { skew: Skew; span: Span }> {
  const answers = new Map<string, { caller: string; hop: Skew; span: Span }>();
  for (const { span, workload } of made) {
    if (span.kind !== 'server' || workload === undefined || !isProxySpan(span) || answers.has(workload.service))
      continue;
    const call = assembly.parentOf.get(span);
    const caller = call === undefined ? undefined : makers.get(call)?.service;
    if (call === undefined || caller === undefined || call.kind !== 'client' || !isProxySpan(call)) continue;
    answers.set(workload.service, { caller, hop: skewAt(call, span), span });
  }
  const skews = new Map<string, { skew: Skew; span: Span }>();
  for (const [service, { span }] of answers) {
    let skew = NONE;
    let at: string | undefined = service;
    // As many steps as there are services end even where calls go round in a circle.
    for (let steps = 0; at !== undefined && at !== gateway && steps <= answers.size; steps += 1) {
      const answer = answers.get(at);
      if (answer !== undefined) skew = { low: skew.low + answer.hop.low, high: skew.high + answer.hop.high };
      at = answer?.caller;
    }
    skews.set(service, { skew, span });
  }
  return skews;
}

/** What the two spans of a hop say: the callee began and ended while the call was open; one that was given up ended later. */
function skewAt(call: Span, server: Span): Skew {
  const high = server.startMicros - call.startMicros;
  const inside = call.durationMicros - server.durationMicros;
  return { low: high - (inside >= 0 ? inside : call.durationMicros), high };
}

/** How far apart at least, µs; 0 where the clocks may be one, within tolerance. */
function distance({ low, high }: Skew): number {
  if (low > TOLERANCE_MICROS) return (low + high) / 2;
  return high < -TOLERANCE_MICROS ? (low + high) / 2 : 0;
}
