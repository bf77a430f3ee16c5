import { causesOfCall, isClosedByCaller } from '../diagnose/call-answer.ts';
import type { Cause } from '../model/finding.ts';
import { median } from '../model/median.ts';
import { calledService, isProxySpan, type Span } from '../model/span.ts';
import type { RunView } from './run-view.ts';

/** Answered calls that show how long an answer takes. */
const ENOUGH = 5;
const CANCELLED: readonly Cause[] = ['caller-cancelled'];

/**
 * Why a call of the run failed. As {@link causesOfCall}, but the callee is not accused where the caller went away in less
 * than half of the time that an answer takes. Then the caller cancels calls, or its proxy was held up. That time is the
 * median of the answered calls of the same version of the caller, because versions may wait differently (seen: 2.5 and 10 s).
 */
export function causesInRun(client: Span, server: Span | undefined, view: RunView): readonly Cause[] {
  const causes = causesOfCall(client, server);
  if (!causes.includes('callee-slow') || !isClosedByCaller(client)) return causes;
  return closedEarly(view).has(idOf(client)) ? CANCELLED : causes;
}

const known = new WeakMap<RunView, ReadonlySet<string>>();

/** The calls that were closed too early. */
function closedEarly(view: RunView): ReadonlySet<string> {
  const before = known.get(view);
  if (before !== undefined) return before;
  const calls = [...view.traces, ...view.diagnosis.parts].flatMap(({ made }) =>
    made.flatMap(({ span, workload }) =>
      span.kind === 'client' && isProxySpan(span) && workload?.version !== undefined
        ? [{ span, hop: `${workload.service} ${workload.version} ${calledService(span, view.naming.homes)}` }]
        : [],
    ),
  );
  const answered = Map.groupBy(
    calls.filter(({ span }) => causesOfCall(span).length === 0 && !isClosedByCaller(span)),
    ({ hop }) => hop,
  );
  const usual = new Map(
    [...answered]
      .filter(([, some]) => some.length >= ENOUGH)
      .map(([hop, some]) => [hop, median(some.map(({ span }) => span.durationMicros))]),
  );
  const early = calls.filter(
    ({ span, hop }) => isClosedByCaller(span) && span.durationMicros * 2 < (usual.get(hop) ?? 0),
  );
  const found = new Set(early.map(({ span }) => idOf(span)));
  known.set(view, found);
  return found;
}

function idOf({ traceId, id }: Span): string {
  return `${traceId} ${id}`;
}
