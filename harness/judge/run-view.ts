// Over 250 lines: what a promise needs of a run, made once and read together.
import { onceOfKind, oneOfEach } from '../diagnose/alike.ts';
import { type Diagnosis, diagnose } from '../diagnose/diagnose.ts';
import type { DiagnosisInput } from '../diagnose/request.ts';
import type { Application, Call } from '../model/application.ts';
import { type BackendPages, tracePage } from '../model/backend-pages.ts';
import type { Capture, Fragment, GatewayProfile, SettledTrace } from '../model/capture.ts';
import { withDeclaredAnswers } from '../model/declared-answers.ts';
import type { Exchange, ProbeId } from '../model/exchange.ts';
import { findGateway, type GatewaySearch, otherGateways } from '../model/gateway.ts';
import { asGatewayTrace, type GatewayTrace, gatewayProfileOf } from '../model/gateway-profile.ts';
import { homeNamespaces } from '../model/home-namespaces.ts';
import type { TraceId } from '../model/ids.ts';
import { isOfMixer } from '../model/mixer.ts';
import { learnProcesses } from '../model/naming.ts';
import { pendingSeen, settlePending } from '../model/pending.ts';
import { backendPages } from '../model/trace-backends.ts';
import { type FormFinder, type TraceForm, TraceForms } from '../model/trace-form.ts';
import { type UnknownName, unknownNames } from '../model/unknown-names.ts';
import { identify, type Naming, shortNameIn } from '../model/workload.ts';
import { undeclaredServices } from './undeclared-ports.ts';
import { type TraceView, viewTraces } from './view-traces.ts';

export type { TraceView } from './view-traces.ts';

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

/** @param finder of the forms of its traces; default: a new one */
export function viewRun(given: Capture, finder: FormFinder = new TraceForms()): RunView {
  const forms = formsOf(given, finder);
  const each = () => oneOfEachForm(given, forms);
  const configured = given.expectations.services?.value ?? {};
  const named = { services: configured, processes: learnProcesses(each(), configured) };
  // Whether there are several shows in one trace of each form; which is the most common one, in all of them only.
  const isSpread = homeNamespaces(each(), given.application, named).size > 0;
  const homes = isSpread ? homeNamespaces(allSpans(given), given.application, named) : new Map<string, string>();
  const told = homes.size === 0 ? named : { ...named, homes };
  const gateway = given.preflight.gateway ?? findGateway(gatewayTraces(given, forms), searchIn(given, told));
  const defined =
    gateway === undefined
      ? given.application
      : { ...given.application, gateway: shortNameIn(gateway.value, configured) };
  const bound = pendingSeen(defined, each(), told);
  const application = settlePending(defined, (call) => bound.has(call));
  const capture = withDeclaredAnswers({ ...given, application }, told);
  const profile =
    capture.preflight.gatewayProfile?.value ??
    gatewayProfileOf(gatewayTraces(capture, forms), application.gateway, told);
  const fragments = Map.groupBy(capture.fragments, ({ probe }) => probe);
  const look = (naming: Naming) =>
    viewTraces({ capture, profile, naming, fragments, formOf: (trace) => forms.get(trace) });
  const seen = look(told);
  const kinds = oneOfEach(seen);
  const unknown = [...unknownNames(kinds, application), ...otherGateways(kinds, searchIn(capture, told))];
  const inferred = Object.fromEntries(unknown.map(({ seen: name, expected }) => [name, expected]));
  const naming = unknown.length === 0 ? told : { ...told, services: { ...inferred, ...configured } };
  const traces = unknown.length === 0 ? seen : look(naming);
  const hasMixer = onceOfKind(({ settled }: TraceView) => settled.spans.some(isOfMixer));
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
    fragments,
    traces,
    undeclared: undeclaredServices(capture, oneOfEach(traces), (span) => identify(span, naming)?.service),
    ofMixer: traces.filter(hasMixer).length,
  };
  return { ...view, diagnosis: diagnose(diagnosisInput(view)) };
}

type Forms = ReadonlyMap<SettledTrace, TraceForm>;

function formsOf({ traces, exchanges }: Capture, finder: FormFinder): Forms {
  const forms = new Map<SettledTrace, TraceForm>();
  const carried = new Map(exchanges.map(({ probe }) => [probe.id, probe.spanId]));
  for (const trace of traces) {
    const form = finder.of(trace.spans, carried.get(trace.probe));
    if (form !== undefined) forms.set(trace, form);
  }
  return forms;
}

/** Of each form the first trace, and all that have none, with how many traces they stand for. */
function countForms({ traces }: Capture, forms: Forms): ReadonlyMap<SettledTrace, number> {
  const counted = new Map<SettledTrace, number>();
  const firsts = new Map<TraceForm, SettledTrace>();
  for (const trace of traces) {
    const form = forms.get(trace);
    const first = (form && firsts.get(form)) ?? trace;
    if (form !== undefined) firsts.set(form, first);
    counted.set(first, (counted.get(first) ?? 0) + 1);
  }
  return counted;
}

function* oneOfEachForm(capture: Capture, forms: Forms) {
  for (const { spans } of countForms(capture, forms).keys()) yield spans;
  for (const { spans } of capture.fragments) yield spans;
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

function gatewayTraces(capture: Capture, forms: Forms): readonly GatewayTrace[] {
  const carried = new Map(capture.exchanges.map(({ probe }) => [probe.id, probe]));
  return [...countForms(capture, forms)].map(([{ probe, spans }, times]) => ({
    ...asGatewayTrace({ ...carried.get(probe) }, spans),
    times,
  }));
}

/** Traces of probes that carry a format beside the mesh's own; they tell what is carried, and break no promise. */
export function trialTraces({ traces }: Pick<RunView, 'traces'>): readonly TraceView[] {
  return traces.filter(({ exchange, settled }) => exchange.probe.trial === true && settled.reason !== 'deadline');
}

const judged = new WeakMap<RunView['traces'], readonly TraceView[]>();

/** The traces that must be whole: of forced-on probes, and of undecided ones that the mesh chose to trace; settled. */
export function tracesToJudge({ traces }: Pick<RunView, 'traces'>): readonly TraceView[] {
  const known =
    judged.get(traces) ??
    traces.filter(
      ({ exchange, settled }) =>
        exchange.probe.purpose !== 'forced-off' && exchange.probe.trial === undefined && settled.reason !== 'deadline',
    );
  judged.set(traces, known);
  return known;
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
    captured: new Set(capture.cluster?.captured),
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
