import type { BackendTarget, TraceBackend } from '../backend/backend.ts';
import type { CapturePart } from '../capture/part.ts';
import { expectationsOf } from '../config/expectations.ts';
import type { Settings } from '../config/settings.ts';
import type { HttpClient } from '../http/http.ts';
import type { ReadableApplication } from '../model/application.ts';
import {
  CAPTURE_SCHEMA,
  type Capture,
  type Expectations,
  type Fragment,
  type Incident,
  type Preflight,
  type Timings,
} from '../model/capture.ts';
import type { Clock } from '../model/clock.ts';
import type { ClusterFacts } from '../model/cluster.ts';
import type { Exchange, PlannedProbe, Probe } from '../model/exchange.ts';
import { isComplete, missingHops } from '../model/expected.ts';
import { probeId } from '../model/probe-id.ts';
import type { ProgressEvent } from '../model/progress.ts';
import { assemble } from '../model/trace.ts';
import { makePlanned } from '../probe/make-probe.ts';
import { cryptoRandom, type RandomHex } from '../probe/random.ts';
import { sendProbe } from '../probe/send.ts';
import { type Entry, toSettledTrace } from '../settle/entry.ts';
import type { MarkerSearch } from '../settle/find-by-marker.ts';
import { findFragments } from '../settle/fragments.ts';
import { FRAGMENT_CALLS } from '../settle/pace.ts';
import type { Settled } from '../settle/settled.ts';
import { HOPCHECK_VERSION } from '../system/version.ts';

export interface SurveyInput {
  readonly settings: Settings;
  readonly application: ReadableApplication;
  readonly plan: readonly PlannedProbe[];
  readonly clock: Clock;
  readonly http: { readonly ingress: HttpClient; readonly jaeger: HttpClient };
  /** Default: the operating system's. */
  readonly random?: RandomHex;
  /** What was read from the cluster, where one was. */
  readonly cluster?: SurveyedCluster;
  readonly onProgress?: (event: ProgressEvent) => void;
  /** Gets each part as soon as it is known, so that a killed run leaves a file. */
  readonly onPart?: (part: CapturePart) => void;
  readonly signal: AbortSignal;
}

export interface SurveyedCluster {
  readonly facts: ClusterFacts;
  readonly expectations: Pick<Expectations, 'gatewayProfile' | 'loadBalancing' | 'excuses'>;
  /** Why no run is possible. */
  readonly stopped?: Incident;
}

/** What one run has collected so far. */
export class Run {
  readonly input: SurveyInput;
  readonly random: RandomHex;
  readonly head: Extract<CapturePart, { type: 'head' }>['head'];
  readonly exchanges: Exchange[] = [];
  preflight: Preflight = { markerSearch: 'unknown', requests: [], spansSeen: {} };
  timings: Timings;
  readonly #traces: Capture['traces'][number][] = [];
  readonly #fragments: Fragment[] = [];
  readonly #incidents = new Map<string, Incident>();

  constructor(input: SurveyInput) {
    this.input = input;
    this.random = input.random ?? cryptoRandom;
    this.head = makeHead(input, this.random);
    this.timings = {
      preflightMs: 0,
      probeMs: 0,
      settleMs: 0,
      polls: 0,
      backendCalls: 0,
      graceMs: input.settings.flushMs.value,
    };
  }

  get application() {
    return this.input.application.definition;
  }

  get #services() {
    return this.input.settings.services?.value ?? {};
  }

  backendTarget(): BackendTarget {
    const { jaeger, timeoutMs, maxBodyBytes } = this.input.settings;
    return { url: jaeger.url, headers: jaeger.headers, timeoutMs, maxBodyBytes };
  }

  markerSearch(backend: TraceBackend): MarkerSearch {
    return {
      backend,
      gateway: this.application.gateway,
      services: this.#services,
      meshAheadMs: this.preflight.spanClock?.offsetMs ?? 0,
      nowMs: () => this.input.clock.now(),
    };
  }

  /** Probes without an id can only be found by marker; without that search they are not sent at all. */
  probes(markerSearch: boolean): readonly Probe[] {
    const format = this.preflight.format?.value ?? 'b3';
    return this.input.plan
      .filter(({ purpose }) => markerSearch || purpose !== 'undecided')
      .map((planned, index) => makePlanned(probeId(index), planned, format, this.head.run.id, this.random));
  }

  send(probe: Probe, signal: AbortSignal): Promise<Exchange> {
    const { settings, application, http, clock } = this.input;
    const { ingress } = settings;
    const host = ingress.host === undefined ? [] : [['host', ingress.host] as const];
    const headers = [...host, ...ingress.headers];
    const url = new URL(application.definition.request.path, ingress.url);
    const { timeoutMs, maxBodyBytes } = settings;
    return sendProbe(
      probe,
      { http: http.ingress, url, headers, timeoutMs, maxBodyBytes, read: application.read, clock },
      signal,
    );
  }

  isComplete(entry: Entry): boolean {
    const profile = this.preflight.gatewayProfile?.value;
    return isComplete(this.#assemble(entry), this.application, {
      ...(profile !== undefined && { gatewayProfile: profile }),
      ...pageVersion(entry),
      services: this.#services,
    });
  }

  async fragments(settled: Settled, search: MarkerSearch, signal: AbortSignal): Promise<readonly Fragment[]> {
    const missing = (entry: Entry) =>
      missingHops(this.#assemble(entry), this.application, { ...pageVersion(entry), services: this.#services });
    if (settled.entries.some((entry) => entry.spans.length > 0 && missing(entry).length > 0))
      this.input.onProgress?.({ phase: 'fragments', waitingFor: 'a search for the other halves of broken traces' });
    return findFragments(
      settled.entries,
      missing,
      search,
      FRAGMENT_CALLS,
      (incident) => this.incident(incident),
      signal,
    );
  }

  exchange(exchange: Exchange): void {
    this.exchanges.push(exchange);
    this.part({ type: 'exchange', exchange });
  }

  trace(entry: Entry): void {
    const trace = toSettledTrace(entry);
    this.#traces.push(trace);
    this.part({ type: 'trace', trace });
  }

  fragment(fragment: Fragment): void {
    this.#fragments.push(fragment);
    this.part({ type: 'fragment', fragment });
  }

  /** The same trouble again is counted, not repeated. */
  incident(incident: Incident): void {
    const key = `${incident.code} ${incident.during} ${incident.message}`;
    const before = this.#incidents.get(key);
    this.#incidents.set(key, { ...incident, times: (before?.times ?? 0) + incident.times });
  }

  part(part: CapturePart): void {
    this.input.onPart?.(part);
  }

  end(end: Exclude<Capture['end'], 'cut'>, backendCalls: number): Capture {
    const incidents = [...this.#incidents.values()];
    for (const incident of incidents) this.part({ type: 'incident', incident });
    const timings = { ...this.timings, backendCalls };
    this.part({ type: 'end', end, timings });
    return {
      ...this.head,
      preflight: this.preflight,
      exchanges: this.exchanges,
      traces: this.#traces,
      fragments: this.#fragments,
      incidents,
      timings,
      end,
    };
  }

  #assemble(entry: Entry) {
    const id = entry.traceId ?? entry.spans[0]?.traceId;
    return assemble({ id: id as NonNullable<typeof id>, spans: entry.spans }, entry.probe.spanId);
  }
}

function pageVersion(entry: Entry): { pageVersion?: string } {
  const version = entry.exchange.answer?.page.version;
  return version === undefined ? {} : { pageVersion: version };
}

function makeHead(input: SurveyInput, random: RandomHex): Run['head'] {
  const { settings, application, plan, clock, cluster } = input;
  const { ingress, jaeger } = settings;
  return {
    schema: CAPTURE_SCHEMA,
    run: {
      id: random(8),
      startedAt: new Date(clock.now()).toISOString(),
      hopcheck: HOPCHECK_VERSION,
      ingress: ingress.url.href,
      ...(ingress.host !== undefined && { ingressHost: ingress.host }),
      ...(ingress.headers.length > 0 && {
        ingressHeaders: ingress.headers.map(([name], index) => [name, ingress.placeholders[index] ?? '…'] as const),
      }),
      traceBackend: jaeger.url.href,
    },
    application: application.definition,
    expectations: { ...expectationsOf(settings, application.definition), ...cluster?.expectations },
    configuration: settings.configuration,
    ...(cluster !== undefined && { cluster: cluster.facts }),
    plan,
  };
}
