import { type Span, tag } from '../model/span.ts';
import type { FindingCollector } from './finding-collector.ts';
import type { RunView, TraceView } from './run-view.ts';

/** The marker of a probe of hopcheck, whose context has a parent that is not a span. */
const OWN_MARKER = /^hopcheck-[^-]+-[a-z]\d+$/;

/**
 * Notes requests of a dump that reached the gateway below a parent which is in no trace (HC402, as in a run). Without a
 * list of requests nothing separates a client that sends its own context, which is normal, from something in front of the
 * gateway that makes spans and never reports them: so it is information, and the trace is judged as if it began here.
 * A probe of hopcheck itself that forces its trace is known to be such a client.
 * @param of traces judged
 */
export function noteAssumedParent(
  trace: TraceView,
  { capture, application }: RunView,
  of: number,
  collector: FindingCollector,
): void {
  const { probe } = trace.exchange;
  if (capture.imported?.requests !== false || probe.purpose !== 'undecided' || probe.spanId === undefined) return;
  const first = trace.assembly.entries.find(({ parentId }) => parentId === probe.spanId);
  if (first === undefined || isOwnProbe(first)) return;
  collector.note({
    code: 'HC402',
    severity: 'info',
    subject: { kind: 'service', service: application.gateway },
    causes: ['parent-outside'],
    expected: { kind: 'parent-present', parentId: probe.spanId, span: first.kind, service: application.gateway },
    received: { kind: 'parent-in-front' },
    remedy: { kind: 'find-outer-parent' },
    of,
    exchange: trace.exchange,
    traceId: trace.assembly.trace.id,
    spans: [first],
  });
}

function isOwnProbe(span: Span): boolean {
  return OWN_MARKER.test(tag(span, 'user_agent') ?? '') && tag(span, 'guid:x-client-trace-id') !== undefined;
}
