import type { Application, Call } from './application.ts';
import { isCallOf } from './call-place.ts';
import type { Span } from './span.ts';
import type { Naming } from './workload.ts';

/**
 * An application with its pending calls settled: one that was seen is binding like any other, and one that was not is
 * optional. The same object where no call is pending.
 */
export function settlePending(application: Application, isSeen: (call: Call) => boolean = () => false): Application {
  if (application.calls.every(({ pending }) => pending === undefined)) return application;
  return {
    ...application,
    calls: application.calls.map((call) => {
      if (call.pending === undefined) return call;
      const { pending: _, ...binding } = call;
      return isSeen(call) ? binding : { ...call, optional: true };
    }),
  };
}

/** The pending calls that these spans show, fragments' as well: one that lost its context was made. Linear in spans. */
export function pendingSeen(
  { calls, gateway }: Application,
  spans: Iterable<readonly Span[]>,
  naming: Naming,
): ReadonlySet<Call> {
  const seen = new Set<Call>();
  const pending = calls.filter((call) => call.pending === true);
  if (pending.length === 0) return seen;
  for (const list of spans)
    for (const span of list)
      for (const call of pending) {
        const { caller, callee, through } = call;
        const hop = { caller, callee, ...(through === true && { calledAs: gateway }) };
        if (!seen.has(call) && isCallOf(span, hop, naming)) seen.add(call);
      }
  return seen;
}
