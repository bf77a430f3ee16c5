import { CONTEXT_FORMATS } from '../model/exchange.ts';
import type { Fact } from '../model/facts/facts.ts';
import type { TraceId } from '../model/ids.ts';
import type { JudgedFormat } from '../model/report.ts';
import type { RunView, TraceView } from './run-view.ts';

/**
 * Which context formats the mesh carries: found out by probes that carry one and are traced in any case
 * (x-client-trace-id), so that the id of their trace shows whether it was read (docs/facts/envoy.md#headers-seen,
 * #forcing).
 */
export function reportFormats({ capture, traces, settled }: RunView): readonly JudgedFormat[] {
  const own = capture.preflight.format;
  const byProbe = new Map(traces.map((trace) => [trace.exchange.probe.id, trace]));
  return CONTEXT_FORMATS.flatMap((format): JudgedFormat[] => {
    const isRead = capture.exchanges.some(
      ({ probe }) => probe.format === format && idOf(byProbe.get(probe.id)) === probe.traceId,
    );
    const judged = (status: JudgedFormat['status'], why: Fact) => [{ format, status, facts: { why } }];
    // Without a list of requests it is not known what they carried; the spans may still show the tracer.
    if (format === own?.value && (isRead || capture.imported !== undefined))
      return judged('own', { kind: 'format-source', source: own.source, from: own.from });
    const sent = capture.exchanges.filter(
      ({ probe, answer }) =>
        probe.trial === true && probe.format === format && answer !== undefined && settled.has(probe.id),
    );
    if (sent.length === 0) return [];
    const ids = sent.map(({ probe }) => idOf(byProbe.get(probe.id)) === probe.traceId);
    const carried = ids.filter(Boolean).length;
    const found = sent.filter(({ probe }) => byProbe.has(probe.id)).length;
    if (carried === sent.length) return judged('carried', { kind: 'ids-taken', probes: carried });
    if (carried > 0) return judged('unknown', { kind: 'ids-taken-in-part', probes: carried, of: sent.length });
    if (found === 0 && capture.preflight.markerSearch !== 'supported')
      return judged('not-supported', { kind: 'ids-not-taken' });
    if (found === 0) return judged('unknown', { kind: 'trials-not-found' });
    return judged('not-supported', { kind: 'context-replaced' });
  });
}

function idOf(trace: TraceView | undefined): TraceId | undefined {
  return trace?.settled.traceId ?? trace?.assembly.trace.id;
}
