// Over 250 lines: what a promise needs of a run, made once and read together.
import { type Diagnosis, diagnose } from '../diagnose/diagnose.ts';
import type { DiagnosisInput, ExaminedRequest } from '../diagnose/request.ts';
import type { Application, Call } from '../model/application.ts';
import { type BackendPages, tracePage } from '../model/backend-pages.ts';
import type { Capture, Fragment, GatewayProfile, SettledTrace } from '../model/capture.ts';
import { withDeclaredAnswers } from '../model/declared-answers.ts';
import { isEarlyAnswer } from '../model/early-answer.ts';
import type { Exchange, ProbeId } from '../model/exchange.ts';
import { checkHops, type ExpectedContext, hopKey, type MadeSpan, madeSpans, shownVersions } from '../model/expected.ts';
import { findGateway, type GatewaySearch, otherGateways } from '../model/gateway.ts';
import { asGatewayTrace, type GatewayTrace, gatewayProfileOf } from '../model/gateway-profile.ts';
import { homeNamespaces } from '../model/home-namespaces.ts';
import type { TraceId } from '../model/ids.ts';
import { isOfMixer } from '../model/mixer.ts';
import { learnProcesses } from '../model/naming.ts';
import { ofRequest } from '../model/of-request.ts';
import { pendingSeen, settlePending } from '../model/pending.ts';
import { calledService, endMicros, isProxySpan, type Span } from '../model/span.ts';
import { SpanMap } from '../model/span-map.ts';
import { type Assembly, assemble } from '../model/trace.ts';
import { backendPages } from '../model/trace-backends.ts';
import { type UnknownName, unknownNames } from '../model/unknown-names.ts';
import { identify, type Naming, shortNameIn, type Workload } from '../model/workload.ts';
import { undeclaredServices } from './undeclared-ports.ts';

/** One probe's settled trace, put together once for all promises. */
export interface TraceView extends ExaminedRequest {
  readonly settled: SettledTrace;
}

/** A capture as the promises look at it. */
export interface RunView {
  readonly capture: Capture;
  /** With the gateway's name as it is in the spans. */
  readonly application: Application;
  /** Calls that the definition has as pending and that spans show: they are binding in `application`. */
  readonly pendingSeen: ReadonlySet<Call>;
  /** The gateway's name in the definition: that to which a configured name is mapped. */
  readonly definedGateway: string;
  readonly naming: Naming;
  /** Services that spans know by another name; their spans are judged as those of the service (HC723). */
  readonly unknownNames: readonly UnknownName[];
  /** Configured or found in preflight, else that of most of the run's traces. */
  readonly gatewayProfile?: GatewayProfile;
  /** Traces with at least one span, in order of the probes. */
  readonly traces: readonly TraceView[];
  readonly settled: ReadonlyMap<ProbeId, SettledTrace>;
  readonly exchanges: ReadonlyMap<ProbeId, Exchange>;
  readonly fragments: ReadonlyMap<ProbeId, readonly Fragment[]>;
  /** How many of the traces have spans of Mixer in them. */
  readonly ofMixer: number;
  /** Services that no span shows because of their port (HC807). */
  readonly undeclared: ReadonlySet<string>;
  /** The defects of the traces that must be whole. */
  readonly diagnosis: Diagnosis;
}

export function viewRun(given: Capture): RunView {
  const configured = given.expectations.services?.value ?? {};
  const named = { services: configured, processes: learnProcesses(allSpans(given), configured) };
  const homes = homeNamespaces(allSpans(given), given.application, named);
  const told = homes.size === 0 ? named : { ...named, homes };
  const gateway = given.preflight.gateway ?? findGateway(gatewayTraces(given), searchIn(given, told));
  const defined =
    gateway === undefined
      ? given.application
      : { ...given.application, gateway: shortNameIn(gateway.value, configured) };
  const bound = pendingSeen(defined, allSpans(given), told);
  const application = settlePending(defined, (call) => bound.has(call));
  const capture = withDeclaredAnswers({ ...given, application }, told);
  const profile =
    capture.preflight.gatewayProfile?.value ?? gatewayProfileOf(gatewayTraces(capture), application.gateway, told);
  const look = (naming: Naming) => viewTraces(capture, profile, naming);
  const seen = look(told);
  const unknown = [...unknownNames(seen, application), ...otherGateways(seen, searchIn(capture, told))];
  const inferred = Object.fromEntries(unknown.map(({ seen: name, expected }) => [name, expected]));
  const naming = unknown.length === 0 ? told : { ...told, services: { ...inferred, ...configured } };
  const traces = unknown.length === 0 ? seen : look(naming);
  const view = {
    capture,
    application,
    pendingSeen: bound,
    definedGateway: given.application.gateway,
    naming,
    unknownNames: unknown,
    ...(profile !== undefined && { gatewayProfile: profile }),
    exchanges: new Map(capture.exchanges.map((exchange) => [exchange.probe.id, exchange])),
    settled: new Map(capture.traces.map((trace) => [trace.probe, trace])),
    fragments: Map.groupBy(capture.fragments, ({ probe }) => probe),
    traces,
    undeclared: undeclaredServices(capture, traces, (span) => identify(span, naming)?.service),
    ofMixer: traces.filter(({ assembly }) => assembly.trace.spans.some(isOfMixer)).length,
  };
  return { ...view, diagnosis: diagnose(diagnosisInput(view)) };
}

function viewTraces(capture: Capture, profile: GatewayProfile | undefined, naming: Naming): readonly TraceView[] {
  const settled = new Map(capture.traces.map((trace) => [trace.probe, trace]));
  return capture.exchanges.flatMap((exchange) => {
    const trace = settled.get(exchange.probe.id);
    return trace === undefined ? [] : (viewTrace(capture, exchange, trace, profile, naming) ?? []);
  });
}

function searchIn({ application, expectations }: Capture, naming: Naming): GatewaySearch {
  const { services, gateway } = expectations;
  return {
    application,
    naming,
    ...(services !== undefined && { configured: services }),
    ...(gateway !== undefined && { routed: gateway }),
  };
}

function* allSpans({ traces, fragments }: Capture) {
  for (const { spans } of traces) yield spans;
  for (const { spans } of fragments) yield spans;
}

function gatewayTraces({ traces, exchanges }: Capture): readonly GatewayTrace[] {
  const carried = new Map(exchanges.map(({ probe }) => [probe.id, probe]));
  return traces.map(({ probe, spans }) => asGatewayTrace({ ...carried.get(probe) }, spans));
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

/** What the diagnosis of a run is made from. */
export function diagnosisInput(view: Omit<RunView, 'diagnosis'>): DiagnosisInput {
  const { capture, application, naming, fragments, traces, undeclared } = view;
  const { format, markerSearch } = capture.preflight;
  // Untraced requests are not in a dump, so that without a list of requests all of them look traced.
  const isKnown = capture.imported?.requests ?? true;
  const undecided = isKnown ? capture.exchanges.filter(({ probe }) => probe.purpose === 'undecided') : [];
  const traced = new Set(traces.map(({ exchange }) => exchange.probe.id));
  return {
    application,
    requests: [...tracesToJudge(view), ...trialTraces(view)],
    fragments,
    ...(format !== undefined && { format: format.value }),
    naming,
    undeclared,
    // Other halves are looked for last. A run that was ended from outside may not have come so far.
    canSearch: markerSearch === 'supported' && capture.end !== 'interrupted',
    everythingIsTraced: undecided.length > 0 && undecided.every(({ probe }) => traced.has(probe.id)),
    samplingIsKnown: isKnown,
  };
}

/** Addresses in the backend's UI; undefined: it is not known where that is, or it has none. */
export function pagesOf({ preflight, run }: Capture): BackendPages | undefined {
  return backendPages(preflight.api, preflight.backendBase ?? run.traceBackend);
}

/** The trace in the backend's UI; undefined: there is no such page. */
export function traceLink(capture: Capture, id: TraceId): string | undefined {
  const pages = pagesOf(capture);
  return pages === undefined ? undefined : tracePage(pages, id);
}

/**
 * Hops of which fragments of the request have the call: one of them may be optional, or of a service that answered with a
 * redirect or a refusal, and was made then. A fragment may be
 * the trace of an earlier request, so that only what was made during this one counts.
 */
function elsewhereOf(
  probe: ProbeId,
  own: readonly Span[],
  { application, fragments }: Capture,
  naming: Naming,
): Pick<ExpectedContext, 'elsewhere'> {
  const isOpen = application.calls.some(({ optional }) => optional === true) || own.some(isEarly(application));
  if (fragments.length === 0 || !isOpen) return {};
  const from = Math.min(...own.map(({ startMicros }) => startMicros));
  const to = Math.max(...own.map(endMicros));
  const calls = fragments.flatMap((fragment) =>
    fragment.probe === probe
      ? fragment.spans.filter(({ startMicros }) => startMicros >= from && startMicros <= to)
      : [],
  );
  const hops = calls.flatMap((span) => {
    const caller = span.kind === 'client' && isProxySpan(span) ? identify(span, naming) : undefined;
    const callee = calledService(span, naming.homes);
    if (caller === undefined || callee === undefined) return [];
    const { service, version } = caller;
    return [hopKey({ caller: service, callee, ...(version !== undefined && { callerVersion: version }) })];
  });
  return { elsewhere: new Set(hops) };
}

function isEarly(application: Application): (span: Span) => boolean {
  return (span) => span.kind === 'server' && isEarlyAnswer(span, application);
}

function viewTrace(
  capture: Capture,
  exchange: Exchange,
  settled: SettledTrace,
  profile: GatewayProfile | undefined,
  naming: Naming,
): TraceView | undefined {
  const id = settled.traceId ?? settled.spans[0]?.traceId;
  if (id === undefined || settled.spans.length === 0) return undefined;
  const assembly = assemble({ id, spans: settled.spans }, exchange.probe.spanId);
  const context: ExpectedContext = {
    ...(profile !== undefined && { gatewayProfile: profile }),
    ...shownVersions(exchange.answer?.page),
    naming,
    ...elsewhereOf(exchange.probe.id, settled.spans, capture, naming),
  };
  const application = ofRequest(capture.application, exchange.probe.request, capture.run.startedAt);
  const made = madeSpans(assembly, naming);
  return new SeenTrace({
    exchange,
    settled,
    assembly,
    workloads: made.map(({ workload }) => workload),
    application,
    hops: checkHops(assembly, application, context, made),
    unidentified: made.flatMap(({ span, workload }) => (workload === undefined && isProxySpan(span) ? [span] : [])),
    context,
  });
}

type Seen = Omit<TraceView, 'made' | 'makers'> & { readonly workloads: readonly (Workload | undefined)[] };

/** Spans with their makers are put together when they are asked for: a run holds this for each of its traces. */
class SeenTrace implements TraceView {
  readonly exchange: Exchange;
  readonly settled: SettledTrace;
  readonly assembly: Assembly;
  readonly application: Application;
  readonly hops: TraceView['hops'];
  readonly unidentified: readonly Span[];
  readonly context: ExpectedContext;
  readonly makers: SpanMap<Workload>;
  readonly #workloads: readonly (Workload | undefined)[];

  constructor({ exchange, settled, assembly, application, hops, unidentified, context, workloads }: Seen) {
    this.exchange = exchange;
    this.settled = settled;
    this.assembly = assembly;
    this.application = application;
    this.hops = hops;
    this.unidentified = unidentified.length === 0 ? NONE : unidentified;
    this.context = context;
    this.makers = new SpanMap(assembly.trace.spans, workloads);
    this.#workloads = workloads;
  }

  get made(): readonly MadeSpan[] {
    if (last?.trace === this) return last.made;
    const made = this.assembly.trace.spans.map((span, place) => {
      const workload = this.#workloads[place];
      return workload === undefined ? { span } : { span, workload };
    });
    last = { trace: this, made };
    return made;
  }
}

/** A judge asks several times for one trace, and then for the next. */
let last: { readonly trace: SeenTrace; readonly made: readonly MadeSpan[] } | undefined;

const NONE: readonly never[] = [];
