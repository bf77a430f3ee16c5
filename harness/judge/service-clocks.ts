import { endMicros, isProxySpan, type Span } from '../model/span.ts';
import type { FindingBook } from './finding-book.ts';
import type { TraceView } from './run-view.ts';

/** The gateway's router span may end a little after its root (159 µs seen, envoy-observed.md §1); less than this is no skew. */
const TOLERANCE_MICROS = 10_000;

/** Notes services whose SERVER spans lie outside of the calls they answer (HC717). Information: links go by ids. */
export function noteServiceClocks(traces: readonly TraceView[], book: FindingBook): void {
  for (const trace of traces) {
    for (const { span, workload } of trace.made) {
      if (span.kind !== 'server' || workload === undefined || !isProxySpan(span)) continue;
      const call = trace.assembly.parentOf.get(span);
      if (call === undefined || call.kind !== 'client' || !isProxySpan(call)) continue;
      const aheadMicros = offset(call, span);
      if (aheadMicros === 0) continue;
      book.note({
        code: 'HC717',
        severity: 'info',
        subject: { kind: 'service', service: workload.service },
        causes: ['clock-skew'],
        expected: 'a SERVER span inside of the call above it',
        received: `${Math.abs(Math.round(aheadMicros / 1000))} ms ${aheadMicros > 0 ? 'after' : 'before'} it`,
        of: traces.length,
        exchange: trace.exchange,
        traceId: trace.assembly.trace.id,
        spans: [span],
      });
    }
  }
}

/** How far the answer lies outside of the call, µs; 0 within tolerance. A slow callee outlives a call that was given up. */
function offset(call: Span, server: Span): number {
  const before = call.startMicros - server.startMicros;
  if (before > TOLERANCE_MICROS) return -before;
  const startsAfter = server.startMicros - endMicros(call);
  return startsAfter > TOLERANCE_MICROS ? startsAfter : 0;
}
