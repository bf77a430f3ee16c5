import { calledService, type Span } from '../model/span.ts';
import { type Assembly, spansAbove } from '../model/trace.ts';
import { causesOfCall } from './call-answer.ts';

/**
 * A given-up call that proves nothing against its callee: the caller was itself given up, and had spent most of the time
 * before. Where the context of a request is cancelled, as servers in Go and of gRPC do, all calls below it end at once. A
 * call that took half of the time or more is what the caller waited for; a call that was repeated counts from its first try.
 */
export function isCancelled(client: Span, assembly: Assembly): boolean {
  if (!isGivenUp(client)) return false;
  const above = spansAbove(client, assembly).find(isGivenUp);
  return above !== undefined && waitedMicros(client, assembly) * 2 < above.durationMicros;
}

/** From the beginning of the first try to the end of the last. */
function waitedMicros(client: Span, { parentOf, childrenOf }: Assembly): number {
  const parent = parentOf.get(client);
  const beside = (parent === undefined ? undefined : childrenOf.get(parent)) ?? [];
  const tries = beside.filter(
    (span) => span.kind === 'client' && isGivenUp(span) && calledService(span) === calledService(client),
  );
  const all = tries.length === 0 ? [client] : tries;
  const from = Math.min(...all.map(({ startMicros }) => startMicros));
  return Math.max(...all.map(({ startMicros, durationMicros }) => startMicros + durationMicros)) - from;
}

function isGivenUp(span: Span): boolean {
  return causesOfCall(span).includes('callee-slow');
}
