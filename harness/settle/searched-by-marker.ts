import type { Entry } from './entry.ts';

/**
 * The traces that are looked for by marker: of probes without an id, of trials that left nothing under theirs, and, where
 * no forced-on probe came under its own id, of the last of them: a mesh that reads another format has it under another.
 */
export function searchedByMarker(entries: readonly Entry[]): readonly Entry[] {
  const open = entries.filter(({ reason }) => reason === undefined);
  const strays = open.filter(({ probe, spans }) => probe.trial === true && spans.length === 0);
  return [...open.filter(({ traceId }) => traceId === undefined), ...strays, ...strayControls(entries)];
}

function strayControls(entries: readonly Entry[]): readonly Entry[] {
  const forcedOn = entries.filter(({ probe }) => probe.purpose === 'forced-on' && probe.trial === undefined);
  return forcedOn.some(({ spans }) => spans.length > 0) ? [] : forcedOn.slice(-1);
}
