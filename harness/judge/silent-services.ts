import { plural } from './calls.ts';
import type { FindingBook } from './finding-book.ts';
import type { RunView, TraceView } from './run-view.ts';

/** Notes services whose own spans did not come (HC306): sidecar absent or silent, or spans lost on the way. */
export function noteSilent(traces: readonly TraceView[], { diagnosis }: RunView, book: FindingBook): void {
  const crossed = new Map<string, number>();
  for (const { service, version, request, causes, received, span } of diagnosis.silent) {
    const key = `${service} ${version ?? ''}`;
    const crossing = crossed.get(key) ?? countCrossing(traces, service, version);
    crossed.set(key, crossing);
    book.note({
      code: 'HC306',
      subject: { kind: 'service', service, ...(version !== undefined && { versions: [version] }) },
      causes,
      expected: `spans of ${service} for the calls that it answers`,
      received,
      of: crossing,
      exchange: request.exchange,
      traceId: request.assembly.trace.id,
      spans: [span],
    });
  }
  for (const { service, version, request, orphan } of diagnosis.lost) {
    book.note({
      code: 'HC306',
      subject: { kind: 'service', service, ...(version !== undefined && { versions: [version] }) },
      causes: ['spans-lost'],
      expected: `every span of ${service}`,
      received: `${plural(1, 'span')} named as a parent and not there`,
      of: traces.length,
      exchange: request.exchange,
      traceId: request.assembly.trace.id,
      spans: [orphan],
    });
  }
}

/** Traces that called this version of the service; only the page knows it, as the service is silent. */
function countCrossing(traces: readonly TraceView[], service: string, version: string | undefined): number {
  return traces.filter(
    ({ hops, context }) =>
      hops.some(({ callee }) => callee === service) && (version === undefined || context.pageVersion === version),
  ).length;
}
