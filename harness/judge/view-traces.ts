// Over 250 lines: a trace of a kind and one that has none, which answer the same, read together.
import type { ExaminedRequest, RequestKind } from '../diagnose/request.ts';
import type { Application } from '../model/application.ts';
import type { Capture, Fragment, GatewayProfile, SettledTrace } from '../model/capture.ts';
import { isEarlyAnswer } from '../model/early-answer.ts';
import type { Exchange, Probe, ProbeId } from '../model/exchange.ts';
import {
  type CheckedHop,
  checkHops,
  type ExpectedContext,
  hopKey,
  type MadeSpan,
  madeSpans,
  shownVersions,
} from '../model/expected.ts';
import type { TraceId } from '../model/ids.ts';
import { ofRequest } from '../model/of-request.ts';
import { calledService, endMicros, isProxySpan, type Span } from '../model/span.ts';
import { SpanMap } from '../model/span-map.ts';
import { type Assembly, assemble } from '../model/trace.ts';
import type { TraceForm } from '../model/trace-form.ts';
import { identify, type Naming, type Workload } from '../model/workload.ts';

/** One probe's settled trace, put together once for all promises. */
export interface TraceView extends ExaminedRequest {
  readonly settled: SettledTrace;
}

/** The spans of a trace, without putting it together where it has a kind: then the backend returned each of them once. */
export function spansOf(trace: TraceView): readonly Span[] {
  return trace.kind === undefined ? trace.assembly.trace.spans : trace.settled.spans;
}

/** How the traces of a run are looked at. */
export interface Looking {
  readonly capture: Capture;
  readonly profile: GatewayProfile | undefined;
  readonly naming: Naming;
  readonly fragments: ReadonlyMap<ProbeId, readonly Fragment[]>;
  /** By probe; undefined: it has none. */
  readonly formOf: (settled: SettledTrace) => TraceForm | undefined;
}

/** Traces with at least one span, in order of the exchanges. */
export function viewTraces(looking: Looking): readonly TraceView[] {
  const { capture } = looking;
  const settled = new Map(capture.traces.map((trace) => [trace.probe, trace]));
  const kinds = new Map<TraceForm, Map<string, TraceKind>>();
  const views: TraceView[] = [];
  for (const exchange of capture.exchanges) {
    const trace = settled.get(exchange.probe.id);
    const id = trace === undefined ? undefined : (trace.traceId ?? trace.spans[0]?.traceId);
    if (trace === undefined || id === undefined || trace.spans.length === 0) continue;
    const form = looking.fragments.has(exchange.probe.id) ? undefined : looking.formOf(trace);
    if (form === undefined) {
      views.push(new SingleTrace(exchange, trace, id, looking));
      continue;
    }
    const ofForm = kinds.get(form) ?? new Map<string, TraceKind>();
    if (ofForm.size === 0) kinds.set(form, ofForm);
    const name = nameOfKind(exchange, trace, id);
    let kind = ofForm.get(name);
    if (kind === undefined) {
      kind = new TraceKind(exchange, trace, id, looking);
      ofForm.set(name, kind);
    }
    kind.traces += 1;
    views.push(new TraceOfKind(exchange, trace, id, kind));
  }
  return views;
}

/** All beside the spans that what is found in a trace depends on, as far as it is not the same for a whole run. */
function nameOfKind({ probe, answer }: Exchange, { reason }: SettledTrace, id: TraceId): string {
  const { version, further } = answer?.page ?? {};
  const { purpose, format, trial, request } = probe;
  const shown = further === undefined ? '' : JSON.stringify(further);
  return [
    purpose,
    format,
    trial === true,
    request ?? '',
    probe.traceId === id,
    reason === 'deadline',
    version ?? '',
    shown,
  ].join(' ');
}

/** What traces share that differ in ids, times and texts of one request alone. */
class TraceKind implements RequestKind {
  traces = 0;
  readonly application: Application;
  readonly context: ExpectedContext;
  readonly workloads: readonly (Workload | undefined)[];
  /** Places of proxy spans that cannot be identified. */
  readonly unidentified: readonly number[];

  constructor(exchange: Exchange, { spans }: SettledTrace, id: TraceId, looking: Looking) {
    this.application = applicationOf(exchange, looking);
    this.context = contextOf(exchange, looking);
    const made = madeSpans(assemble({ id, spans }, exchange.probe.spanId), looking.naming);
    this.workloads = made.map(({ workload }) => workload);
    this.unidentified = made.flatMap(({ span, workload }, at) =>
      workload === undefined && isProxySpan(span) ? [at] : [],
    );
  }
}

function applicationOf({ probe }: Exchange, { capture }: Looking): Application {
  return ofRequest(capture.application, probe.request, capture.run.startedAt);
}

function contextOf({ answer }: Exchange, { profile, naming }: Looking): ExpectedContext {
  return { ...(profile !== undefined && { gatewayProfile: profile }), ...shownVersions(answer?.page), naming };
}

/** A trace is put together when its parts are asked for: a run has very many of them. */
abstract class Viewed implements TraceView {
  readonly exchange: Exchange;
  readonly settled: SettledTrace;
  readonly #id: TraceId;
  #assembly: Assembly | undefined;
  #hops: readonly CheckedHop[] | undefined;
  #makers: SpanMap<Workload> | undefined;
  abstract readonly application: Application;
  abstract readonly context: ExpectedContext;
  protected abstract readonly workloads: readonly (Workload | undefined)[];

  constructor(exchange: Exchange, settled: SettledTrace, id: TraceId) {
    this.exchange = exchange;
    this.settled = settled;
    this.#id = id;
  }

  get assembly(): Assembly {
    this.#assembly ??= assemble({ id: this.#id, spans: this.settled.spans }, this.exchange.probe.spanId);
    return this.#assembly;
  }

  get hops(): readonly CheckedHop[] {
    this.#hops ??= checkHops(this.assembly, this.application, this.context, this.made);
    return this.#hops;
  }

  get made(): readonly MadeSpan[] {
    if (last?.trace === this) return last.made;
    const { workloads } = this;
    const made = this.spans.map((span, place) => {
      const workload = workloads[place];
      return workload === undefined ? { span } : { span, workload };
    });
    last = { trace: this, made };
    return made;
  }

  get makers(): SpanMap<Workload> {
    this.#makers ??= new SpanMap(this.spans, this.workloads);
    return this.#makers;
  }

  abstract get unidentified(): readonly Span[];
  protected abstract get spans(): readonly Span[];
}

/** A judge asks several times for one trace, and then for the next. */
let last: { readonly trace: Viewed; readonly made: readonly MadeSpan[] } | undefined;

const NONE: readonly never[] = [];

class TraceOfKind extends Viewed {
  readonly kind: TraceKind;

  constructor(exchange: Exchange, settled: SettledTrace, id: TraceId, kind: TraceKind) {
    super(exchange, settled, id);
    this.kind = kind;
  }

  override get application(): Application {
    return this.kind.application;
  }

  override get context(): ExpectedContext {
    return this.kind.context;
  }

  protected override get workloads(): TraceKind['workloads'] {
    return this.kind.workloads;
  }

  /** A trace with copies has no kind. */
  protected override get spans(): readonly Span[] {
    return this.settled.spans;
  }

  override get unidentified(): readonly Span[] {
    const { unidentified } = this.kind;
    return unidentified.length === 0 ? NONE : unidentified.flatMap((at) => this.spans[at] ?? []);
  }
}

class SingleTrace extends Viewed {
  readonly application: Application;
  readonly context: ExpectedContext;
  protected readonly workloads: readonly (Workload | undefined)[];
  readonly unidentified: readonly Span[];

  constructor(exchange: Exchange, settled: SettledTrace, id: TraceId, looking: Looking) {
    super(exchange, settled, id);
    const { capture, naming } = looking;
    this.application = applicationOf(exchange, looking);
    this.context = {
      ...contextOf(exchange, looking),
      ...elsewhereOf(exchange.probe.id, settled.spans, capture, naming),
    };
    const made = madeSpans(this.assembly, naming);
    this.workloads = made.map(({ workload }) => workload);
    const unidentified = made.flatMap(({ span, workload }) =>
      workload === undefined && isProxySpan(span) ? [span] : [],
    );
    this.unidentified = unidentified.length === 0 ? NONE : unidentified;
  }

  protected override get spans(): readonly Span[] {
    return this.assembly.trace.spans;
  }
}

/**
 * Hops of which fragments of the request have the call: one of them may be optional, or of a service that answered with a
 * redirect or a refusal, and was made then. A fragment may be
 * the trace of an earlier request, so that only what was made during this one counts.
 */
function elsewhereOf(
  probe: Probe['id'],
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
