import { probeId } from '../model/probe-id.ts';
import { endMicros, type Span, tag } from '../model/span.ts';
import { byStart, type Trace } from '../model/trace.ts';
import type { Claim } from './claim.ts';
import type { DumpIndex } from './dump-index.ts';

/**
 * Without a list each trace with a request of the application at the gateway is a probe of its own. Nothing is known of
 * what was sent: the mesh is taken to have decided, and a parent above the gateway's span to have been the client's own
 * (facts/envoy-observed.md §1). Nothing is known of the answer either, so there is none.
 */
export function foundProbes(dump: DumpIndex): readonly Claim[] {
  const entries = dump.traces.flatMap((trace): { trace: Trace; entry: Span }[] => {
    const entry = dump.entryOf(trace);
    return entry === undefined ? [] : [{ trace, entry }];
  });
  const agents = Map.groupBy(entries, ({ entry }) => tag(entry, 'user_agent') ?? '');
  return entries
    .toSorted((a, b) => byStart(a.entry, b.entry))
    .map(({ trace, entry }, index): Claim => {
      const marker = tag(entry, 'user_agent') ?? '';
      const hasParent = trace.spans.some(({ id }) => id === entry.parentId);
      return {
        exchange: {
          probe: {
            id: probeId(index),
            purpose: 'undecided',
            format: 'none',
            marker,
            ...(entry.parentId !== undefined && !hasParent && { spanId: entry.parentId }),
            headers: marker === '' ? [] : [['user-agent', marker]],
          },
          sentAtMs: entry.startMicros / 1000,
          answeredAtMs: endMicros(entry) / 1000,
        },
        own: trace,
        hasMarker: marker !== '' && agents.get(marker)?.length === 1,
      };
    });
}
