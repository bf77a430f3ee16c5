import type { Capture } from '../model/capture.ts';
import { NOT_WITH_MIXER } from '../model/mixer.ts';
import type { Outcome } from '../model/outcome.ts';
import type { PromiseId } from '../model/promises.ts';
import { plural } from './calls.ts';
import type { RunView } from './run-view.ts';

/**
 * The outcome of a promise that this run or this mesh cannot be held to; undefined: it is judged. A dump comes first, then
 * Mixer, then ambient mode.
 */
export function notApplicable(promise: PromiseId, view: RunView): Outcome | undefined {
  return withoutRequests(promise, view.capture) ?? withMixer(promise, view) ?? inAmbient(promise, view.capture);
}

/** What traces alone do not show. */
const NOT_IN_A_DUMP: Readonly<Partial<Record<PromiseId, string>>> = {
  ingress: 'a dump of traces does not hold the answers',
  'load-balancing': 'a dump does not say which requests were made, and what was not traced is not in it',
  sampling: 'a dump does not say what was asked of the mesh, and what was not traced is not in it',
  'sampling-rate': 'what was not traced is not in a dump',
};

/** A promise that can be judged of an import only with a list of requests. */
function withoutRequests(promise: PromiseId, { imported }: Capture): Outcome | undefined {
  const why = imported === undefined || imported.requests ? undefined : NOT_IN_A_DUMP[promise];
  if (why === undefined) return undefined;
  const reason = `${why}; import it with a list of requests (--requests)`;
  return { promise, status: 'skipped', observed: 'not judged', reason, findings: [] };
}

/** What cannot be held against a mesh whose traces have Mixer's spans in them. */
function withMixer(promise: PromiseId, { traces, ofMixer }: RunView): Outcome | undefined {
  const why = NOT_WITH_MIXER[promise];
  if (why === undefined || ofMixer === 0) return undefined;
  const observed = `spans of Mixer in ${ofMixer} of ${plural(traces.length, 'trace')}`;
  return { promise, status: 'not-supported', observed, reason: why, findings: [] };
}

/** What takes a span of each side of a call. */
const OF_HOPS: ReadonlySet<PromiseId> = new Set(['trace-shape', 'parentage', 'propagation']);

/**
 * In ambient mode ztunnel carries the calls between workloads and makes no spans, as it does not look into HTTP. So
 * what stands between the gateway's span and the page cannot be seen: whole or broken looks the same.
 */
function inAmbient(promise: PromiseId, { cluster }: Capture): Outcome | undefined {
  if (cluster?.dataPlane !== 'ambient' || !OF_HOPS.has(promise)) return undefined;
  const reason = 'ambient mode: ztunnel makes no spans, so calls between workloads are not observable';
  return { promise, status: 'not-supported', observed: 'not looked at', reason, findings: [] };
}
