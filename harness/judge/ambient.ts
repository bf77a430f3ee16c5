import type { Capture } from '../model/capture.ts';
import type { Outcome } from '../model/outcome.ts';
import type { PromiseId } from '../model/promises.ts';

/** What takes a span of each side of a call. */
const OF_HOPS: ReadonlySet<PromiseId> = new Set(['trace-shape', 'parentage', 'propagation']);

/**
 * In ambient mode ztunnel carries the calls between workloads and makes no spans, as it does not look into HTTP. So
 * what stands between the gateway's span and the page cannot be seen: whole or broken looks the same.
 */
export function unseenInAmbient(promise: PromiseId, { cluster }: Capture): Outcome | undefined {
  if (cluster?.dataPlane !== 'ambient' || !OF_HOPS.has(promise)) return undefined;
  const reason = 'ambient mode: ztunnel makes no spans, so calls between workloads are not observable';
  return { promise, status: 'not-supported', observed: 'not looked at', reason, findings: [] };
}
