import type { Application } from '../model/application.ts';
import { beginningCalls, isCallOf } from '../model/call-place.ts';
import type { Probe } from '../model/exchange.ts';
import { type ExpectedContext, type MissingHop, missingHops } from '../model/expected.ts';
import { ofRequest } from '../model/of-request.ts';
import { calledService, type Span } from '../model/span.ts';
import { assemble, type Trace } from '../model/trace.ts';
import { isDuring } from '../model/while-open.ts';
import { identify } from '../model/workload.ts';
import { type AnswerSearch, answersBegun } from './begun-answers.ts';

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
 * with a call of the same pod to the same callee, made while that pod was at work on the request. And the other half
 * of a call from which something between two proxies took all headers: a trace that begins with the answer of the callee.
 * @param loose traces that nothing else links to a request.
 * @param all of the dump
 */
export function searchByPlace(
  loose: readonly Trace[],
  application: Application,
  all: readonly Trace[],
  { naming }: Pick<ExpectedContext, 'naming'>,
): PlaceSearch {
  const calls = callsBegun(loose);
  const answers = answersBegun(loose, all, naming);
  return (own, { spanId, request }, found, context) => {
    if (calls.size === 0 && answers === undefined) return [];
    const hops = missingHops(assemble(own, spanId), ofRequest(application, request), context);
    const near = hops.flatMap((hop) => [...callOf(hop, calls, found, context), ...answerOf(hop, answers)]);
    return [...new Set(near)];
  };
}

function callsBegun(loose: readonly Trace[]): ReadonlyMap<string, readonly LooseCall[]> {
  const calls = new Map<string, LooseCall[]>();
  for (const trace of loose) {
    for (const span of beginningCalls(trace)) {
      const key = keyOf(identify(span)?.pod, calledService(span));
      const known = calls.get(key);
      if (known === undefined) calls.set(key, [{ trace, span }]);
      else known.push({ trace, span });
    }
  }
  return calls;
}

function callOf(
  { caller, callee, half, callerSpan }: MissingHop,
  calls: ReadonlyMap<string, readonly LooseCall[]>,
  found: readonly Trace[],
  context: ExpectedContext,
): readonly Trace[] {
  if (half !== 'client' || callerSpan === undefined || hasCall(found, { caller, callee }, context)) return [];
  const candidates = calls.get(keyOf(identify(callerSpan, context.naming)?.pod, callee)) ?? [];
  return candidates.filter(({ span }) => isDuring(span, callerSpan)).map(({ trace }) => trace);
}

function answerOf({ half, callee, clientSpan }: MissingHop, answers: AnswerSearch | undefined): readonly Trace[] {
  return half !== 'server' || clientSpan === undefined ? [] : (answers?.(callee, clientSpan) ?? []);
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
