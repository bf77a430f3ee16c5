import type { FindingCollector } from './finding-collector.ts';
import type { RunView } from './run-view.ts';

// What is odd about spans as the backend returns them, wherever they hang.

/** Spans that name no service: HC710. */
export function noteUnidentified({ traces }: RunView, collector: FindingCollector): void {
  for (const view of traces) {
    const { exchange, unidentified } = view;
    const [span] = unidentified;
    if (span === undefined) continue;
    collector.note({
      code: 'HC710',
      subject: { kind: 'mesh' },
      expected: { kind: 'span-identity' },
      received: { kind: 'no-span-identity', service: span.service, operation: span.operation },
      of: traces.length,
      exchange,
      traceId: view.assembly.trace.id,
      spans: unidentified,
    });
  }
}

/** Spans that the backend returns more than once: HC719. */
export function noteCopies({ traces }: RunView, collector: FindingCollector): void {
  for (const view of traces) {
    // A trace with copies is of no kind.
    if (view.kind !== undefined) continue;
    const { exchange, assembly } = view;
    const { copies, trace } = assembly;
    if (copies.length === 0) continue;
    collector.note({
      code: 'HC719',
      severity: 'info',
      subject: { kind: 'backend' },
      expected: { kind: 'each-span-once' },
      received: { kind: 'copied-spans', copies: copies.length, spans: copies.length + trace.spans.length },
      of: traces.length,
      exchange,
      traceId: trace.id,
      spans: copies,
    });
  }
}
