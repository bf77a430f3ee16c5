import { oneOfEach } from '../diagnose/alike.ts';
import type { Capture } from '../model/capture.ts';
import type { Fact } from '../model/facts/facts.ts';
import { mixerReason } from '../model/mixer.ts';
import type { Outcome } from '../model/outcome.ts';
import type { PromiseId } from '../model/promises.ts';
import { isOfWaypoint } from '../model/workload.ts';
import type { RunView } from './run-view.ts';

/**
 * The outcome of a promise that this run or this mesh cannot be held to; undefined: it is judged. A dump comes first, then
 * Mixer, then ambient mode.
 */
export function notApplicable(promise: PromiseId, view: RunView): Outcome | undefined {
  return withoutRequests(promise, view.capture) ?? withMixer(promise, view) ?? inAmbient(promise, view);
}

/** What traces alone do not show. */
const NOT_IN_A_DUMP: Readonly<Partial<Record<PromiseId, Extract<Fact, { kind: 'needs-request-list' }>['lacks']>>> = {
  ingress: 'answers',
  'load-balancing': 'requests',
  sampling: 'decisions',
  'sampling-rate': 'untraced',
};

/** A promise that can be judged of an import only with a list of requests. */
function withoutRequests(promise: PromiseId, { imported }: Capture): Outcome | undefined {
  const lacks = imported === undefined || imported.requests ? undefined : NOT_IN_A_DUMP[promise];
  if (lacks === undefined) return undefined;
  const reason = { kind: 'needs-request-list', lacks } as const;
  return { promise, status: 'skipped', facts: { observed: { kind: 'not-judged' }, reason }, findings: [] };
}

/** A mesh whose traces have Mixer's spans in them cannot be held to some promises. */
function withMixer(promise: PromiseId, { traces, ofMixer }: RunView): Outcome | undefined {
  const why = mixerReason(promise);
  if (why === undefined || ofMixer === 0) return undefined;
  const observed = { kind: 'mixer-spans', traces: ofMixer, of: traces.length } as const;
  const reason = { kind: 'not-with-mixer', why } as const;
  return { promise, status: 'not-supported', facts: { observed, reason }, findings: [] };
}

/** What takes a span of each side of a call. */
const OF_HOPS: ReadonlySet<PromiseId> = new Set(['trace-shape', 'parentage', 'propagation']);

/**
 * In ambient mode ztunnel carries the calls between workloads and makes no spans, as it does not look into HTTP. So
 * the part between the gateway's span and the page cannot be seen: whole or broken looks the same. The cluster shows it,
 * or the spans of waypoints do (docs/facts/istio.md#ambient).
 */
function inAmbient(promise: PromiseId, { capture, traces }: RunView): Outcome | undefined {
  if (!OF_HOPS.has(promise)) return undefined;
  const isAmbient =
    capture.cluster?.dataPlane === 'ambient' ||
    oneOfEach(traces).some(({ assembly }) => assembly.trace.spans.some(isOfWaypoint));
  if (!isAmbient) return undefined;
  const facts = { observed: { kind: 'not-checked' }, reason: { kind: 'ambient-mode' } } as const;
  return { promise, status: 'not-supported', facts, findings: [] };
}
