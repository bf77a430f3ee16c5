import type { Application } from '../model/application.ts';
import { beginningCalls, isCallOf } from '../model/call-place.ts';
import type { Probe } from '../model/exchange.ts';
import { type ExpectedContext, missingHops } from '../model/expected.ts';
import { ofRequest } from '../model/of-request.ts';
import { calledService, type Span } from '../model/span.ts';
import { assemble, type Trace } from '../model/trace.ts';
import { isDuring } from '../model/while-open.ts';
import { identify } from '../model/workload.ts';

/** Finds traces by what a request lacks. */
export type PlaceSearch = (
  own: Trace,
  probe: Pick<Probe, 'spanId' | 'request'>,
  found: readonly Trace[],
  context: ExpectedContext,
) => readonly Trace[];

interface LooseCall {
  readonly trace: Trace;
  readonly span: Span;
}

/**
 * The other half of a request whose application sends its own user agent and x-request-id: a trace that begins
 * with a call of the same pod to the same callee, made while that pod was at work on the request.
 * @param loose traces that nothing else links to a request.
 */
export function searchByPlace(loose: readonly Trace[], application: Application): PlaceSearch {
  const calls = new Map<string, LooseCall[]>();
  for (const trace of loose) {
    for (const span of beginningCalls(trace)) {
      const key = keyOf(identify(span)?.pod, calledService(span));
      const known = calls.get(key);
      if (known === undefined) calls.set(key, [{ trace, span }]);
      else known.push({ trace, span });
    }
  }
  return (own, { spanId, request }, found, context) => {
    if (calls.size === 0) return [];
    const hops = missingHops(assemble(own, spanId), ofRequest(application, request), context);
    const near = hops.flatMap(({ caller, callee, half, callerSpan }) => {
      if (half !== 'client' || callerSpan === undefined || hasCall(found, { caller, callee }, context)) return [];
      const candidates = calls.get(keyOf(identify(callerSpan, context.naming)?.pod, callee)) ?? [];
      return candidates.filter(({ span }) => isDuring(span, callerSpan)).map(({ trace }) => trace);
    });
    return [...new Set(near)];
  };
}

function keyOf(pod: string | undefined, callee: string | undefined): string {
  return `${pod} ${callee}`;
}

function hasCall(
  traces: readonly Trace[],
  hop: { readonly caller: string; readonly callee: string },
  { naming }: ExpectedContext,
): boolean {
  return traces.some(({ spans }) => spans.some((span) => isCallOf(span, hop, naming)));
}
