import { wasServed } from '../model/expected.ts';
import type { ReportedVersions } from '../model/report.ts';
import { byStart } from '../model/trace.ts';
import type { RunView } from './run-view.ts';

/** What is written where a version is not known. */
const UNKNOWN = '?';

/**
 * How often each version served: SERVER spans with an answer below 500 (a retry is an attempt of its own); for a probe
 * without such a span, what its page says. undefined where the application has no service with versions.
 */
export function countVersions({ application, capture, traces }: RunView): ReportedVersions | undefined {
  const service = application.versioned?.service;
  if (service === undefined) return undefined;
  const byProbe = new Map(traces.map((trace) => [trace.exchange.probe.id, trace]));
  const sequence: string[] = [];
  let fromSpans = false;
  for (const { probe, answer } of capture.exchanges) {
    const served = (byProbe.get(probe.id)?.made ?? [])
      .filter(({ span, workload }) => span.kind === 'server' && workload?.service === service)
      .toSorted((a, b) => byStart(a.span, b.span));
    if (served.length > 0) fromSpans = true;
    const versions = served.filter(({ span }) => wasServed(span)).map(({ workload }) => workload?.version);
    const page = answer?.page.version;
    if (served.length > 0) sequence.push(...versions.map((version) => version ?? page ?? UNKNOWN));
    else if (answer !== undefined) sequence.push(page ?? UNKNOWN);
  }
  const counts: Record<string, number> = {};
  for (const version of Object.keys(application.versioned?.shares ?? {})) counts[version] = 0;
  for (const version of sequence) if (version !== UNKNOWN) counts[version] = (counts[version] ?? 0) + 1;
  return {
    service,
    counts,
    attempts: sequence.filter((version) => version !== UNKNOWN).length,
    unit: fromSpans ? 'attempts' : 'pages',
    sequence,
  };
}
