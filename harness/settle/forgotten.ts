import type { TraceBackend } from '../backend/backend.ts';
import type { Incident, Preflight } from '../model/capture.ts';
import type { Entry } from './entry.ts';
import { readTraces } from './read.ts';

/**
 * Whether the backend has given up spans that it had shown: a store that keeps too few traces, or that was restarted and
 * keeps them in memory. The trace of preflight is the oldest, so the first to go; it is read again where a trace of the
 * run is not whole, for one call. A missing span then says nothing about the mesh.
 * @returns the trouble; undefined: nothing is gone, or nothing is missing.
 * @throws BackendError as reading does.
 */
export async function findForgotten(
  entries: readonly Entry[],
  preflight: Preflight,
  backend: TraceBackend,
  signal: AbortSignal,
): Promise<Incident | undefined> {
  const asked = entries.filter(({ probe }) => probe.purpose === 'forced-on' && probe.trial === undefined);
  if (asked.every(({ complete }) => complete)) return undefined;
  const seenThenGone = entries.filter(({ gone }) => gone === true).length;
  if (seenThenGone > 0)
    return trouble(
      `spans of ${seenThenGone} of ${entries.length} traces were there at one read and not at a later one`,
    );
  for (const { probe } of preflight.requests) {
    const seen = preflight.spansSeen[probe.id] ?? 0;
    if (seen === 0 || probe.traceId === undefined) continue;
    const { traces } = await readTraces(backend, [probe.traceId], 1, signal);
    if (!traces.has(probe.traceId)) return undefined;
    const left = traces.get(probe.traceId)?.spans.length ?? 0;
    return left < seen
      ? trouble(`${left} of the ${seen} spans that preflight had seen in its trace are still there`)
      : undefined;
  }
  return undefined;
}

function trouble(message: string): Incident {
  return { code: 'HC718', during: 'settle', message, expected: 'every span that was there once', times: 1 };
}
