import { probeId } from '../model/exchange.ts';
import { endMicros, tag } from '../model/span.ts';
import { byStart, type Trace } from '../model/trace.ts';
import type { Naming } from '../model/workload.ts';
import { answersToCalls } from './begun-answers.ts';
import type { Claim } from './dump-index.ts';
import { type DumpIndex, type EntryPoint, requestIdOf } from './dump-index.ts';

/**
 * Without a list each trace in which a request of the application begins is a probe. Nothing is known of what
 * was sent: the mesh is taken to have decided, and a parent above the gateway's first span to have been the client's own
 * (docs/facts/envoy.md#healthy-traces). Nothing is known of the answer either, so there is none.
 */
export function foundProbes(dump: DumpIndex, naming: Naming): readonly Claim[] {
  const found = dump.traces.flatMap((trace): { trace: Trace; entry: EntryPoint }[] => {
    const entry = dump.entryOf(trace);
    return entry === undefined ? [] : [{ trace, entry }];
  });
  const atGateway = new Set(
    found.flatMap(({ entry: { kind, span } }) => (kind === 'gateway' ? (requestIdOf(span) ?? []) : [])),
  );
  // Without the gateway's span it may be the other half of a request that is here.
  const headless = found.filter(({ entry: { kind } }) => kind === 'lost').map(({ trace }) => trace);
  const answers = answersToCalls(headless, dump.traces, naming);
  const own = found.filter(
    ({ trace, entry: { kind, span } }) =>
      kind !== 'lost' || !(atGateway.has(requestIdOf(span) ?? '') || answers.has(trace)),
  );
  const agents = new Map<string, number>();
  for (const { entry } of own) {
    const agent = tag(entry.span, 'user_agent') ?? '';
    agents.set(agent, (agents.get(agent) ?? 0) + 1);
  }
  return own
    .toSorted((a, b) => byStart(a.entry.span, b.entry.span))
    .map(({ trace, entry: { kind, span, request } }, index): Claim => {
      const marker = tag(span, 'user_agent') ?? '';
      const { parentId } = span;
      const hasParent = parentId === undefined || trace.spans.some(({ id }) => id === parentId);
      return {
        exchange: {
          probe: {
            id: probeId(index),
            purpose: 'undecided',
            format: 'none',
            ...(request !== undefined && { request }),
            marker,
            ...(kind === 'gateway' && !hasParent && { spanId: parentId }),
            headers: marker === '' ? [] : [['user-agent', marker]],
          },
          sentAtMs: span.startMicros / 1000,
          answeredAtMs: endMicros(span) / 1000,
        },
        own: trace,
        hasMarker: marker !== '' && agents.get(marker) === 1,
      };
    });
}
