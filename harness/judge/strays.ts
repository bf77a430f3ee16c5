import { MESH_FORMATS } from '../formats/formats.ts';
import type { Fragment } from '../model/capture.ts';
import type { Exchange, ProbeId } from '../model/exchange.ts';
import { isProxySpan, type Span } from '../model/span.ts';
import { identify } from '../model/workload.ts';
import type { RunView } from './run-view.ts';

/** Why not one forced-on probe left a trace under the id that it carried, though the mesh traced them. */
export type StrayReason = 'replaced' | 'stripped' | 'unread';

/** Probes whose context did not reach the mesh's tracer. */
export interface Strays {
  /** By probe, the trace that it left under another id; one that was not found is not in here. */
  readonly traces: ReadonlyMap<ProbeId, Fragment>;
  /**
   * `replaced`: the gateway was called with a parent that hopcheck did not send. `stripped`: probes in every format that a
   * mesh may speak were sent, and none was read. `unread`: perhaps only the format was wrong.
   */
  readonly reason: StrayReason;
}

/** undefined: a forced-on probe came under its own id, or none was found under another. */
export function straysOf(view: RunView): Strays | undefined {
  const { traces, exchanges, fragments } = view;
  const isOwn = ({ probe }: Exchange) => probe.purpose === 'forced-on' && probe.trial === undefined;
  if (traces.some(({ exchange }) => isOwn(exchange))) return undefined;
  if (![...fragments.keys()].some((id) => exchanges.get(id)?.probe.purpose === 'forced-on')) return undefined;
  const own = new Set(traces.map(({ exchange }) => exchange.probe.id));
  const found = new Map<ProbeId, Fragment>();
  for (const [id, some] of fragments) {
    const whole = some.find(({ spans }) => firstOfGateway(spans, view) !== undefined);
    if (whole !== undefined && !own.has(id)) found.set(id, whole);
  }
  return { traces: found, reason: reasonOf([...found.values()], view) };
}

function reasonOf(found: readonly Fragment[], view: RunView): StrayReason {
  const { capture, traces } = view;
  const isReplaced = ({ spans, probe }: Fragment) => {
    const parentId = firstOfGateway(spans, view)?.parentId;
    return parentId !== undefined && parentId !== view.exchanges.get(probe)?.probe.spanId;
  };
  if (found.length > 0 && found.every(isReplaced)) return 'replaced';
  const tried = new Set([...capture.preflight.requests, ...capture.exchanges].map(({ probe }) => probe.format));
  const isRead = traces.some(({ exchange, assembly }) => assembly.trace.id === exchange.probe.traceId);
  return !isRead && MESH_FORMATS.every((format) => tried.has(format)) ? 'stripped' : 'unread';
}

/** The gateway's span of which the parent is not in the trace. */
function firstOfGateway(spans: readonly Span[], { application, naming }: RunView): Span | undefined {
  const ids = new Set(spans.map(({ id }) => id));
  return spans.find(
    (span) =>
      isProxySpan(span) &&
      (span.parentId === undefined || !ids.has(span.parentId)) &&
      identify(span, naming)?.service === application.gateway,
  );
}
