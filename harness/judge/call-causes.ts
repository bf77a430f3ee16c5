import { causesOfCall, isClosedByCaller } from '../diagnose/call-answer.ts';
import type { Cause } from '../model/finding.ts';
import { calledService, isProxySpan, type Span } from '../model/span.ts';
import type { RunView } from './run-view.ts';

/** Answered calls that show how long an answer takes. */
const ENOUGH = 5;
const CANCELLED: readonly Cause[] = ['caller-cancelled'];

/**
 * Why a call of the run failed. As {@link causesOfCall}, and where the caller went away in less than half of the time that an
 * answer takes, no callee is accused: it had no time to answer. Either the caller cancels calls, or its
 * proxy was held up and saw the call when the caller had given it up. Compared with the median of the answered calls of the
 * same version of the caller, because versions may wait differently (seen: 2.5 and 10 s).
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
  const answered = new Map<string, number[]>();
  const closed: { readonly key: string; readonly span: Span }[] = [];
  for (const { made } of [...view.traces, ...view.diagnosis.parts])
    for (const { span, workload } of made) {
      if (span.kind !== 'client' || !isProxySpan(span) || workload?.version === undefined) continue;
      const key = `${workload.service} ${workload.version} ${calledService(span, view.naming.homes)}`;
      if (isClosedByCaller(span)) closed.push({ key, span });
      else if (causesOfCall(span).length === 0) add(answered, key, span.durationMicros);
    }
  const early = closed.filter(({ key, span }) => span.durationMicros * 2 < (usualMicros(answered.get(key)) ?? 0));
  const found = new Set(early.map(({ span }) => idOf(span)));
  known.set(view, found);
  return found;
}

/** undefined: too few answers show it. */
function usualMicros(times: readonly number[] = []): number | undefined {
  return times.length < ENOUGH ? undefined : times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
}

function idOf({ traceId, id }: Span): string {
  return `${traceId} ${id}`;
}

function add(times: Map<string, number[]>, key: string, micros: number): void {
  const some = times.get(key);
  if (some === undefined) times.set(key, [micros]);
  else some.push(micros);
}
