import { onceOfKind } from '../diagnose/alike.ts';
import type { ExaminedRequest } from '../diagnose/request.ts';
import { isNowAndThen } from '../diagnose/silent.ts';
import type { SpanLoss } from '../diagnose/span-loss.ts';
import { versionOf } from '../model/expected.ts';
import type { Fact } from '../model/facts/facts.ts';
import { SILENCE_CAUSES } from '../model/facts/trace-shape.ts';
import type { Cause } from '../model/finding.ts';
import { rounded } from '../model/numbers.ts';
import { calledService } from '../model/span.ts';
import type { FindingCollector } from './finding-collector.ts';
import type { RunView, TraceView } from './run-view.ts';
import { undeclaredPort } from './undeclared-ports.ts';

/** Notes services whose own spans did not come (HC306): sidecar absent or silent, or spans lost on the way. */
export function noteSilent(
  traces: readonly TraceView[],
  { diagnosis, application, undeclared }: RunView,
  collector: FindingCollector,
): void {
  if (diagnosis.loss !== undefined) noteLoss(diagnosis.loss, diagnosis, collector);
  const isAccounted = diagnosis.loss !== undefined;
  const crossed = new Map<string, number>();
  const byVersion = (service: string, version: string | undefined, within: readonly ExaminedRequest[] = traces) => {
    const versions = application.services.find(({ name }) => name === service)?.versions;
    if (version === undefined || versions === undefined) return {};
    const of = (one: string) => countCrossing(within, service, [one], application.gateway);
    return { byVersion: { version, versions, of } };
  };
  // Those that only tried a format need not be whole: they are evidence, and no part of what is counted.
  const judged = new Set(traces.map(({ exchange }) => exchange.probe.id));
  const counts = ({ request }: { readonly request: ExaminedRequest }) => judged.has(request.exchange.probe.id);
  const silentIn = Map.groupBy(diagnosis.silent, ({ service }) => service);
  for (const gap of diagnosis.silent.filter(counts)) {
    const { service, version, versions, request, causes, received, span } = gap;
    if (isAccounted && isNowAndThen(gap)) continue;
    const key = `${service} ${versions?.join() ?? ''}`;
    // Below a break only those fragments were looked at that were found.
    const isPart = request.isPart === true;
    const within = isPart ? diagnosis.parts : traces;
    const part = `${key} ${isPart}`;
    const lacking = new Set(silentIn.get(service)?.map((one) => one.request));
    const crossing = crossed.get(part) ?? countCrossing(within, service, versions, application.gateway, lacking);
    crossed.set(part, crossing);
    collector.note({
      code: 'HC306',
      subject: { kind: 'service', service, ...(versions !== undefined && { versions }) },
      ...byVersion(service, version, within),
      causes,
      expected: { kind: 'answering-spans', service },
      received,
      remedy: reportSpans(service, causes),
      ...(undeclared.has(service) && { explainedBy: undeclaredPort(service) }),
      of: crossing,
      among: isPart ? 'below' : '',
      exchange: request.exchange,
      traceId: request.assembly.trace.id,
      spans: [span],
    });
  }
  for (const { service, version, versions, request, orphan } of isAccounted ? [] : diagnosis.lost.filter(counts)) {
    collector.note({
      code: 'HC306',
      subject: { kind: 'service', service, ...(versions !== undefined && { versions }) },
      ...byVersion(service, version),
      causes: ['spans-lost'],
      expected: { kind: 'every-span', service },
      received: { kind: 'missing-parents', spans: 1 },
      remedy: { kind: 'report-spans', service, causes: ['spans-lost'] },
      of: traces.length,
      exchange: request.exchange,
      traceId: request.assembly.trace.id,
      spans: [orphan],
    });
  }
}

/** A context that is stripped on the way has no advice here: then the spans are there, in another trace. */
function reportSpans(service: string, causes: readonly Cause[]): Fact {
  const silences = SILENCE_CAUSES.filter((cause) => causes.includes(cause));
  return { kind: 'report-spans', service, causes: silences.toSorted((a, b) => causes.indexOf(a) - causes.indexOf(b)) };
}

/** One finding for all of them (HC308): what every span passes loses a part. */
function noteLoss(
  { services, missing, of }: SpanLoss,
  { silent, lost }: RunView['diagnosis'],
  collector: FindingCollector,
): void {
  const seen = [
    ...silent.filter(isNowAndThen).map(({ request, span }) => ({ request, span })),
    ...lost.map(({ request, orphan }) => ({ request, span: orphan })),
  ];
  for (const { request, span } of seen) {
    collector.note({
      code: 'HC308',
      subject: { kind: 'backend' },
      causes: ['spans-lost'],
      expected: { kind: 'all-proxy-spans' },
      received: { kind: 'spans-lost', services, share: rounded(missing / of) },
      of,
      affected: 1,
      exchange: request.exchange,
      traceId: request.assembly.trace.id,
      spans: [span],
    });
  }
}

/**
 * Traces that called these versions of the service; only the page knows them, as the service is silent.
 * @param lacking those that lack its spans: the call to it may be missing there, too.
 */
function countCrossing(
  traces: readonly ExaminedRequest[],
  service: string,
  versions: readonly string[] | undefined,
  gateway: string,
  lacking: ReadonlySet<ExaminedRequest> = new Set(),
): number {
  if (service === gateway) return traces.length;
  const isOf = ({ application, context }: ExaminedRequest) =>
    versions === undefined || versions.includes(versionOf({ service }, application, context) ?? '');
  const crosses = onceOfKind((trace: ExaminedRequest) => {
    const { hops, made } = trace;
    const isCalled =
      hops.some(({ callee }) => callee === service) || made.some(({ span }) => calledService(span) === service);
    return isCalled && isOf(trace);
  });
  return traces.filter((trace) => crosses(trace) || (lacking.has(trace) && isOf(trace))).length;
}
