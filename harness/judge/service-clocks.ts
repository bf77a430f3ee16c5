import { onceOfKind } from '../diagnose/alike.ts';
import { isProxySpan, type Span } from '../model/span.ts';
import type { FindingCollector } from './finding-collector.ts';
import type { RunView, TraceView } from './run-view.ts';
import { spansOf } from './view-traces.ts';

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

/**
 * Notes services whose clock is apart from the gateway's (HC717). Information: links go by ids. A callee works while its
 * call is open, so each hop bounds how far the two clocks are apart; the bounds add up from the gateway on, so that the
 * callees of a service whose clock is off are not named with it. Where every service is off, it is the gateway that is.
 */
export function noteServiceClocks({ traces, application }: RunView, collector: FindingCollector): void {
  const pathsIn = onceOfKind((trace: TraceView) => pathsOf(trace, application.gateway));
  for (const trace of traces) {
    const paths = pathsIn(trace);
    const spans = spansOf(trace);
    const apart = paths.flatMap(({ service, at, hops }) => {
      const micros = distance(skewAlong(hops, spans));
      const span = spans[at];
      return micros === 0 || span === undefined ? [] : [{ service, micros, span }];
    });
    const [first] = apart;
    if (first === undefined) continue;
    const common = { code: 'HC717', severity: 'info', causes: ['clock-skew'], of: traces.length } as const;
    const where = { exchange: trace.exchange, traceId: trace.assembly.trace.id };
    if (apart.length > 1 && apart.length === paths.length) {
      collector.note({
        ...common,
        ...where,
        subject: { kind: 'service', service: application.gateway },
        expected: { kind: 'clock-of-services' },
        received: { kind: 'gateway-clock', aheadMs: toMs(-first.micros), services: paths.length },
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

/** A service, and the hops from it up to the gateway. */
interface ClockPath {
  readonly service: string;
  /** The place of its first SERVER span below a call. */
  readonly at: number;
  readonly hops: readonly HopPlace[];
}

/** Places of the two spans of a hop. */
interface HopPlace {
  readonly call: number;
  readonly server: number;
}

/** Each service, by the first of its SERVER spans below a call. */
function pathsOf({ made, makers, assembly }: TraceView, gateway: string): readonly ClockPath[] {
  const places = new Map(assembly.trace.spans.map((span, place) => [span, place]));
  const answers = new Map<string, { caller: string; hop: HopPlace }>();
  for (const { span, workload } of made) {
    if (span.kind !== 'server' || workload === undefined || !isProxySpan(span) || answers.has(workload.service))
      continue;
    const call = assembly.parentOf.get(span);
    const caller = call === undefined ? undefined : makers.get(call)?.service;
    if (call === undefined || caller === undefined || call.kind !== 'client' || !isProxySpan(call)) continue;
    answers.set(workload.service, { caller, hop: { call: places.get(call) ?? 0, server: places.get(span) ?? 0 } });
  }
  return [...answers].map(([service, { hop }]) => {
    const hops: HopPlace[] = [];
    let at: string | undefined = service;
    // As many steps as there are services end even where calls go round in a circle.
    for (let steps = 0; at !== undefined && at !== gateway && steps <= answers.size; steps += 1) {
      const answer = answers.get(at);
      if (answer !== undefined) hops.push(answer.hop);
      at = answer?.caller;
    }
    return { service, at: hop.server, hops };
  });
}

/** A service's clock against the gateway's. */
function skewAlong(hops: readonly HopPlace[], spans: readonly Span[]): Skew {
  let low = 0;
  let high = 0;
  for (const { call, server } of hops) {
    const above = spans[call];
    const below = spans[server];
    if (above === undefined || below === undefined) continue;
    const skew = skewAt(above, below);
    low += skew.low;
    high += skew.high;
  }
  return { low, high };
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
