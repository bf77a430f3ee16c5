import type { MeshChange } from '../model/mesh-change.ts';
import { podChangesIn } from './pod-changes.ts';
import { providerChangeIn } from './provider-change.ts';
import type { RunView } from './run-view.ts';
import { BEFORE_POD_MS, BEFORE_PROVIDER_MS, type SeenChange } from './seen-change.ts';

const known = new WeakMap<RunView, readonly SeenChange[]>();

/**
 * What changed while the mesh was tested (docs/architecture.md#rule-13): as the cluster says, where it was read before and
 * after the run; else as spans show it. In order of time.
 */
export function seenChanges(view: RunView): readonly SeenChange[] {
  const before = known.get(view);
  if (before !== undefined) return before;
  const aheadMs = view.capture.preflight.spanClock?.offsetMs ?? 0;
  const read = view.capture.changes;
  // The configuration of the mesh itself is not read twice.
  const isTracingKnown = read?.some(({ kind }) => kind === 'tracing') === true;
  const changes = [
    ...(read?.flatMap((change) => asSeen(change, aheadMs)) ?? podChangesIn(view, aheadMs)),
    ...(isTracingKnown ? [] : providerChangeIn(view, aheadMs)),
  ];
  const sorted = changes.toSorted((a, b) => a.fromMs - b.fromMs);
  known.set(view, sorted);
  return sorted;
}

function asSeen(change: MeshChange, aheadMs: number): readonly SeenChange[] {
  const { atMs } = change;
  const time = atMs === undefined ? {} : { atMs };
  const earlier = change.kind === 'pods' ? BEFORE_POD_MS : BEFORE_PROVIDER_MS;
  const fromMs = atMs === undefined ? 0 : atMs - aheadMs - earlier;
  if (change.kind === 'tracing') {
    const { before, after } = change;
    return [{ fact: { what: 'provider', before, after, ...time }, fromMs }];
  }
  // A kind that only a newer version knows.
  if (change.kind !== 'pods') return [];
  const { service, version, came, gone } = change;
  const what =
    came.length > 0 && gone.length > 0 ? 'replaced' : came.length > 0 ? 'came' : gone.length > 0 ? 'gone' : 'restarted';
  return [{ fact: { what, service, ...(version !== undefined && { version }), ...time }, fromMs }];
}
