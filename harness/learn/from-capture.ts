import type { Capture } from '../model/capture.ts';
import type { RequestTrace } from './learn-input.ts';

/** The requests of a run and their traces. @param first name of the request that a probe without one makes. */
export function requestsOfCapture({ exchanges, traces }: Capture, first: string): readonly RequestTrace[] {
  const settled = new Map(traces.map((trace) => [trace.probe, trace]));
  return exchanges.flatMap(({ probe, answer }): RequestTrace[] => {
    const { traceId, spans = [] } = settled.get(probe.id) ?? {};
    const id = traceId ?? probe.traceId;
    if (id === undefined) return [];
    return [
      {
        request: probe.request ?? first,
        trace: { id, spans },
        ...(probe.spanId !== undefined && { carriedParent: probe.spanId }),
        ...(answer !== undefined && { status: answer.status }),
      },
    ];
  });
}
