import { onceOfKind } from '../diagnose/alike.ts';
import { callsFrom } from '../model/application.ts';
import { versionOf, wasServed } from '../model/expected.ts';
import { hopSubject } from './calls.ts';
import type { FindingCollector } from './finding-collector.ts';
import type { RunView, TraceView } from './run-view.ts';

/**
 * Pending calls: one that no trace of its caller shows is a warning (HC310), and one that is shown is binding in this run,
 * and worth telling, because the line that makes it pending can go (HC311).
 */
export function notePending(traces: readonly TraceView[], view: RunView, collector: FindingCollector): void {
  const pending = view.application.calls.filter((call) => call.pending === true);
  for (const { caller, callee } of pending) {
    const able = traces.filter(onceOfKind((trace: TraceView) => isAble(trace, caller, callee)));
    for (const { exchange, assembly } of able)
      collector.note({
        code: 'HC310',
        severity: 'warning',
        subject: hopSubject(view.application, { caller, callee }),
        expected: { kind: 'call-in-trace', caller, callee },
        received: { kind: 'call-pending' },
        of: able.length,
        exchange,
        traceId: assembly.trace.id,
      });
  }
  for (const { caller, callee } of view.pendingSeen)
    for (const { exchange, assembly } of traces.filter(onceOfKind((trace) => isAble(trace, caller, callee))))
      collector.note({
        code: 'HC311',
        severity: 'info',
        subject: hopSubject(view.application, { caller, callee }),
        expected: { kind: 'call-bound', callee },
        received: { kind: 'call-to', callee },
        of: traces.length,
        exchange,
        traceId: assembly.trace.id,
      });
}

/** The caller answered, in a version and for a request that make the call. */
function isAble({ made, application, context }: TraceView, caller: string, callee: string): boolean {
  return made.some(
    ({ span, workload }) =>
      span.kind === 'server' &&
      workload?.service === caller &&
      wasServed(span) &&
      callsFrom(application, caller, versionOf(workload, application, context)).some((call) => call.callee === callee),
  );
}
