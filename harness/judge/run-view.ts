import { type Diagnosis, diagnose } from '../diagnose/diagnose.ts';
import type { ExaminedRequest } from '../diagnose/request.ts';
import type { Application } from '../model/application.ts';
import type { Capture, Fragment, GatewayProfile, SettledTrace } from '../model/capture.ts';
import type { Exchange, ProbeId } from '../model/exchange.ts';
import { checkHops, type ExpectedContext, madeSpans } from '../model/expected.ts';
import { gatewayProfileOf } from '../model/gateway-profile.ts';
import type { TraceId } from '../model/ids.ts';
import { isOfMixer } from '../model/mixer.ts';
import { isProxySpan } from '../model/span.ts';
import { assemble } from '../model/trace.ts';

/** One probe's settled trace, put together once for all promises. */
export interface TraceView extends ExaminedRequest {
  readonly settled: SettledTrace;
}

/** A capture as the promises look at it. */
export interface RunView {
  readonly capture: Capture;
  readonly application: Application;
  /** Configured or found in preflight, else that of most of the run's traces. */
  readonly gatewayProfile?: GatewayProfile;
  /** Traces with at least one span, in order of the probes. */
  readonly traces: readonly TraceView[];
  readonly settled: ReadonlyMap<ProbeId, SettledTrace>;
  readonly exchanges: ReadonlyMap<ProbeId, Exchange>;
  readonly fragments: ReadonlyMap<ProbeId, readonly Fragment[]>;
  /** How many of the traces have spans of Mixer in them. */
  readonly ofMixer: number;
  /** What ails the traces that must be whole. */
  readonly diagnosis: Diagnosis;
}

export function viewRun(capture: Capture): RunView {
  const exchanges = new Map(capture.exchanges.map((exchange) => [exchange.probe.id, exchange]));
  const settled = new Map(capture.traces.map((trace) => [trace.probe, trace]));
  const profile = capture.preflight.gatewayProfile?.value ?? profileOfMost(capture);
  const traces = capture.exchanges.flatMap((exchange) => {
    const trace = settled.get(exchange.probe.id);
    return trace === undefined ? [] : (viewTrace(capture, exchange, trace, profile) ?? []);
  });
  const view = {
    capture,
    application: capture.application,
    ...(profile !== undefined && { gatewayProfile: profile }),
    exchanges,
    settled,
    fragments: Map.groupBy(capture.fragments, ({ probe }) => probe),
    traces,
    ofMixer: traces.filter(({ assembly }) => assembly.trace.spans.some(isOfMixer)).length,
  };
  return { ...view, diagnosis: diagnoseRun(view) };
}

/** Traces of probes that carry a format beside the mesh's own; they tell what is carried, and break no promise. */
export function trialTraces({ traces }: Pick<RunView, 'traces'>): readonly TraceView[] {
  return traces.filter(({ exchange, settled }) => exchange.probe.trial === true && settled.reason !== 'deadline');
}

/** The traces that must be whole: of forced-on probes, and of undecided ones that the mesh chose to trace; settled. */
export function tracesToJudge({ traces }: Pick<RunView, 'traces'>): readonly TraceView[] {
  return traces.filter(
    ({ exchange, settled }) =>
      exchange.probe.purpose !== 'forced-off' && exchange.probe.trial === undefined && settled.reason !== 'deadline',
  );
}

function diagnoseRun(view: Omit<RunView, 'diagnosis'>): Diagnosis {
  const { capture, application, fragments, traces } = view;
  const { format, markerSearch } = capture.preflight;
  const services = capture.expectations.services?.value;
  // What was not traced is not in a dump, so that without a list of requests all of them look traced.
  const isKnown = capture.imported?.requests ?? true;
  const undecided = isKnown ? capture.exchanges.filter(({ probe }) => probe.purpose === 'undecided') : [];
  const traced = new Set(traces.map(({ exchange }) => exchange.probe.id));
  return diagnose({
    application,
    requests: [...tracesToJudge(view), ...trialTraces(view)],
    fragments,
    ...(format !== undefined && { format: format.value }),
    ...(services !== undefined && { services }),
    canSearch: markerSearch === 'supported',
    everythingIsTraced: undecided.length > 0 && undecided.every(({ probe }) => traced.has(probe.id)),
  });
}

/** The trace in the backend's UI; undefined: nobody knows where that is. */
export function traceLink({ preflight, run }: Capture, id: TraceId): string | undefined {
  const base = preflight.backendBase ?? run.traceBackend.replace(/\/+$/, '');
  return base === '' ? undefined : `${base}/trace/${id}`;
}

function profileOfMost({ traces, exchanges, application, expectations }: Capture): GatewayProfile | undefined {
  const carried = new Map(exchanges.map(({ probe }) => [probe.id, probe.spanId]));
  const seen = traces.map(({ probe, spans }) => {
    const carriedParent = carried.get(probe);
    return { spans, ...(carriedParent !== undefined && { carriedParent }) };
  });
  return gatewayProfileOf(seen, application.gateway, expectations.services?.value ?? {});
}

function viewTrace(
  capture: Capture,
  exchange: Exchange,
  settled: SettledTrace,
  profile: GatewayProfile | undefined,
): TraceView | undefined {
  const id = settled.traceId ?? settled.spans[0]?.traceId;
  if (id === undefined || settled.spans.length === 0) return undefined;
  const assembly = assemble({ id, spans: settled.spans }, exchange.probe.spanId);
  const services = capture.expectations.services?.value;
  const pageVersion = exchange.answer?.page.version;
  const context: ExpectedContext = {
    ...(profile !== undefined && { gatewayProfile: profile }),
    ...(pageVersion !== undefined && { pageVersion }),
    ...(services !== undefined && { services }),
  };
  const made = madeSpans(assembly, services);
  return {
    exchange,
    settled,
    assembly,
    made,
    makers: new Map(made.map(({ span, workload }) => [span, workload])),
    hops: checkHops(assembly, capture.application, context, made),
    unidentified: made
      .filter(({ span, workload }) => workload === undefined && isProxySpan(span))
      .map(({ span }) => span),
    context,
  };
}
