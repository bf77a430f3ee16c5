import { CONTEXT_FORMATS } from '../model/exchange.ts';
import { plural } from '../model/numbers.ts';
import type { ReportedFormat } from '../model/report.ts';
import type { RunView } from './run-view.ts';

/**
 * Which context formats the mesh carries: found out by probes that carry one and are traced in any case
 * (x-client-trace-id), so that the id of their trace tells whether it was read (docs/facts/envoy.md#headers-seen,
 * #forcing).
 */
export function reportFormats({ capture, traces, settled }: RunView): readonly ReportedFormat[] {
  const own = capture.preflight.format?.value;
  const byProbe = new Map(traces.map((trace) => [trace.exchange.probe.id, trace]));
  return CONTEXT_FORMATS.flatMap((format): ReportedFormat[] => {
    const isRead = capture.exchanges.some(
      ({ probe }) => probe.format === format && byProbe.get(probe.id)?.assembly.trace.id === probe.traceId,
    );
    // Without a list of requests nobody knows what they carried; the spans may still tell the tracer.
    if (format === own && (isRead || capture.imported !== undefined))
      return [{ format, status: 'own', why: `${capture.preflight.format?.source}, ${capture.preflight.format?.from}` }];
    const sent = capture.exchanges.filter(
      ({ probe, answer }) =>
        probe.trial === true && probe.format === format && answer !== undefined && settled.has(probe.id),
    );
    if (sent.length === 0) return [];
    const ids = sent.map(({ probe }) => byProbe.get(probe.id)?.assembly.trace.id === probe.traceId);
    const carried = ids.filter(Boolean).length;
    const found = sent.filter(({ probe }) => byProbe.has(probe.id)).length;
    if (carried === sent.length)
      return [{ format, status: 'carried', why: `${plural(carried, 'probe')} came under the id carried` }];
    if (carried > 0)
      return [{ format, status: 'unknown', why: `${carried} of ${sent.length} came under the id carried` }];
    if (found === 0 && capture.preflight.markerSearch !== 'supported')
      return [
        { format, status: 'not-supported', why: 'no trace came under the id carried; others cannot be searched' },
      ];
    if (found === 0) return [{ format, status: 'unknown', why: 'no trace of these probes was found' }];
    return [
      {
        format,
        status: 'not-supported',
        why: 'the gateway passes it through untouched and makes another context',
      },
    ];
  });
}
