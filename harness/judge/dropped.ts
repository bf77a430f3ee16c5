import type { CheckedHop } from '../model/expected.ts';
import type { TraceId } from '../model/ids.ts';
import { calledService } from '../model/span.ts';
import { identify } from '../model/workload.ts';
import type { RunView } from './run-view.ts';

/** Hops whose call was found under another trace id, with that id: proof that the call was made and its context lost. */
export type DroppedCalls = ReadonlyMap<string, TraceId>;

/** Fragments are searched for a sample of each shape only, so one proof stands for the hop (design §6, settle). */
export function droppedCalls({ traces, fragments, capture }: RunView): DroppedCalls {
  const dropped = new Map<string, TraceId>();
  const services = capture.expectations.services?.value;
  for (const { hops, exchange } of traces) {
    for (const hop of hops) {
      if (hop.half !== 'client' || dropped.has(hopKey(hop))) continue;
      const found = (fragments.get(exchange.probe.id) ?? []).find(({ spans }) =>
        spans.some(
          (span) =>
            span.kind === 'client' &&
            identify(span, services)?.service === hop.caller &&
            calledService(span) === hop.callee,
        ),
      );
      if (found !== undefined) dropped.set(hopKey(hop), found.traceId);
    }
  }
  return dropped;
}

export function hopKey({
  caller,
  callee,
  callerVersion,
}: Pick<CheckedHop, 'caller' | 'callee' | 'callerVersion'>): string {
  return `${caller} ${callerVersion ?? ''} ${callee}`;
}
