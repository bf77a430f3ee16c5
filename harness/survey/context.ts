import type { BackendTarget, TraceBackend } from '../backend/backend.ts';
import type { CapturePart } from '../capture/part.ts';
import { expectationsOf } from '../config/expectations.ts';
import { formatToSend } from '../formats/formats.ts';
import { CAPTURE_SCHEMA, type Fragment, type Incident, type Preflight } from '../model/capture.ts';
import type { Exchange, PlannedProbe, Probe } from '../model/exchange.ts';
import { probeId } from '../model/exchange.ts';
import { type ExpectedContext, hopKey, isComplete, missingHops, shownVersions } from '../model/expected.ts';
import { asGatewayTrace } from '../model/gateway-profile.ts';
import { ofRequest, requestOf } from '../model/of-request.ts';
import { settlePending } from '../model/pending.ts';
import type { RandomHex } from '../model/random-ids.ts';
import { RunNames } from '../model/run-names.ts';
import { assemble, type Trace } from '../model/trace.ts';
import { assignRequests } from '../probe/assign-requests.ts';
import { makePlanned } from '../probe/make-probe.ts';
import { cryptoRandom } from '../probe/random.ts';
import { sendProbe } from '../probe/send.ts';
import type { Entry } from '../settle/entry.ts';
import type { MarkerSearch } from '../settle/find-by-marker.ts';
import { findFragments } from '../settle/fragments.ts';
import { FRAGMENT_CALLS } from '../settle/pace.ts';
import type { Lacks, Settled } from '../settle/settled.ts';
import { HOPCHECK_VERSION } from '../system/version.ts';
import type { SurveyInput } from './survey-input.ts';

const NONE: ReadonlySet<string> = new Set();
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Before anything was sent. */
export const NO_PREFLIGHT: Preflight = { markerSearch: 'unknown', requests: [], spansSeen: {} };

/** What one run needs for each request and each look into the backend; it keeps nothing of what they show. */
export class RunContext {
  readonly input: SurveyInput;
  readonly random: RandomHex;
  readonly head: Extract<CapturePart, { type: 'head' }>['head'];
  readonly names: RunNames;

  constructor(input: SurveyInput) {
    this.input = input;
    this.random = input.random ?? cryptoRandom;
    this.head = makeHead(input, this.random);
    this.names = new RunNames(settlePending(input.application.definition), this.head.expectations);
  }

  /** With the gateway's name as spans have it, as soon as one shows it. */
  get application() {
    return this.names.application;
  }

  backendTarget(): BackendTarget {
    const { traceBackend, timeoutMs, maxBodyBytes } = this.input.settings;
    return { url: traceBackend.url, headers: traceBackend.headers, timeoutMs, maxBodyBytes };
  }

  /** The mesh's clock minus ours, at least, ms; 0 when not known. By it a span ends no earlier than it did. */
  meshAheadMs({ spanClock }: Preflight): number {
    return spanClock === undefined ? 0 : spanClock.offsetMs - spanClock.uncertaintyMs;
  }

  markerSearch(backend: TraceBackend, { spanClock }: Preflight): MarkerSearch {
    return {
      backend,
      gateway: this.application.gateway,
      naming: this.names.naming,
      markerTag: this.names.markerTag,
      knownAs: (service) => this.names.fullNames(service),
      meshAheadMs: spanClock?.offsetMs ?? 0,
      nowMs: () => this.input.clock.now(),
      waitUntilMs: (atMs, signal) => this.input.clock.sleep(Math.max(0, atMs - this.input.clock.now()), signal),
    };
  }

  /** Of one stage, and of this part. Probes without an id can only be found by marker; without that search they are not sent at all. */
  probes({ markerSearch }: TraceBackend, preflight: Preflight, stage?: 2): readonly Probe[] {
    const format = formatToSend(preflight.format?.value);
    const { part } = this.input;
    const isOwn = (planned: PlannedProbe) =>
      part === undefined || planned.part === undefined || planned.part === part.index;
    return this.head.plan
      .filter(({ purpose }) => markerSearch.supported || purpose !== 'undecided')
      .map((planned, index) => ({ planned, id: probeId(index) }))
      .filter(({ planned }) => planned.stage === stage && isOwn(planned))
      .map(({ planned, id }) => makePlanned(id, planned, format, this.head.run.id, this.random));
  }

  send(probe: Probe, signal: AbortSignal): Promise<Exchange> {
    const { settings, application, http, clock } = this.input;
    const { ingress } = settings;
    const host = ingress.host === undefined ? [] : [['host', ingress.host] as const];
    const request = requestOf(application.definition, probe.request);
    const content = request && application.contents?.get(request.name);
    const { method, path } = request ?? application.definition.request;
    const headers = [...host, ...(content?.headers ?? []), ...ingress.headers];
    const url = new URL(path, ingress.url);
    const { timeoutMs, maxBodyBytes } = settings;
    const sender = {
      http: http.ingress,
      method: METHODS.find((one) => one === method) ?? 'GET',
      url,
      headers,
      timeoutMs,
      maxBodyBytes,
      read: content?.read ?? application.read,
      ...(content?.body !== undefined && { body: content.body }),
      ...(application.dropsBodies === true && { dropsBodies: true }),
      clock,
    };
    return sendProbe(probe, sender, signal);
  }

  isComplete(entry: Entry, { gatewayProfile }: Preflight): boolean {
    if (this.names.gateway === undefined) this.learn([entry]);
    const profile = gatewayProfile?.value;
    return isComplete(this.#assemble(entry), this.#applicationOf(entry), {
      ...(profile !== undefined && { gatewayProfile: profile }),
      ...pageVersion(entry),
      naming: this.names.naming,
    });
  }

  /** One key for each hop, and for each way of being joined, that {@link isComplete} misses in this trace, and who owes them. */
  lacksOf(entry: Entry): Lacks {
    const assembly = this.#assemble(entry);
    const hops = missingHops(assembly, this.#applicationOf(entry), {
      ...pageVersion(entry),
      naming: this.names.naming,
    });
    const lacks = hops.map((hop) => `${hopKey(hop)} ${hop.half}`);
    if (assembly.entries.length !== 1) lacks.push('one entry');
    if (assembly.orphans.length > 0) lacks.push('parents');
    if (lacks.length === 0) lacks.push('gateway span or version');
    // Where no hop is missing, a span of the gateway is. A lost parent follows from the span that is missing.
    const services = hops.map(({ caller, callee, half }) => (half === 'server' ? callee : caller));
    return { lacks, owing: hops.length === 0 ? [this.application.gateway] : [...new Set(services)] };
  }

  learn(entries: readonly Entry[]): void {
    this.names.learn(entries.map(({ spans, probe }) => asGatewayTrace(probe, spans)));
  }

  /** The other halves of broken traces. @param search made anew once all names are known. */
  async fragments(
    settled: Settled,
    search: () => MarkerSearch,
    onIncident: (incident: Incident) => void,
    signal: AbortSignal,
  ): Promise<readonly Fragment[]> {
    this.names.infer(
      settled.entries.flatMap(({ traceId, spans }) => (traceId === undefined ? [] : { id: traceId, spans })),
    );
    // A call that is optional may have been made and have lost its context: a sample of those is looked up too.
    const all = { has: () => true };
    const missing = (entry: Entry, elsewhere: ExpectedContext['elsewhere'] = all) =>
      missingHops(this.#assemble(entry), this.#applicationOf(entry), {
        ...(elsewhere !== undefined && { elsewhere }),
        ...pageVersion(entry),
        naming: this.names.naming,
      });
    if (settled.entries.some((entry) => entry.spans.length > 0 && missing(entry, NONE).length > 0))
      this.input.onProgress?.({ phase: 'fragments', waitingFor: 'the other halves of broken traces' });
    const ofFragment = (entry: Entry, fragment: Trace) =>
      missingHops(assemble(fragment), this.#applicationOf(entry), {
        elsewhere: all,
        ...pageVersion(entry),
        naming: this.names.naming,
      }).filter(({ caller }) => caller !== this.application.gateway);
    const lacking = { ofProbe: (entry: Entry) => missing(entry), ofFragment };
    return findFragments(settled.entries, lacking, search(), FRAGMENT_CALLS, onIncident, signal);
  }

  /** As this entry's request shows it. */
  #applicationOf({ probe }: Entry) {
    return ofRequest(this.application, probe.request, this.head.run.startedAt);
  }

  #assemble(entry: Entry) {
    const id = entry.traceId ?? entry.spans[0]?.traceId;
    return assemble({ id: id as NonNullable<typeof id>, spans: entry.spans }, entry.probe.spanId);
  }
}

function pageVersion({ exchange }: Entry): Pick<ExpectedContext, 'pageVersion' | 'furtherVersions'> {
  return shownVersions(exchange.answer?.page);
}

function makeHead(input: SurveyInput, random: RandomHex): RunContext['head'] {
  const { settings, application, plan, clock, cluster, part, target } = input;
  const { ingress, traceBackend } = settings;
  const id = random(8);
  const startedAt = new Date(clock.now()).toISOString();
  return {
    schema: CAPTURE_SCHEMA,
    run: {
      id,
      startedAt,
      hopcheck: HOPCHECK_VERSION,
      ingress: ingress.url.href,
      ...(ingress.host !== undefined && { ingressHost: ingress.host }),
      ...(ingress.headers.length > 0 && {
        ingressHeaders: ingress.headers.map(([name], index) => [name, ingress.placeholders[index] ?? '…'] as const),
      }),
      traceBackend: traceBackend.url.href,
    },
    application: application.definition,
    expectations: { ...expectationsOf(settings, application.definition), ...cluster?.expectations },
    configuration: settings.configuration,
    ...(cluster !== undefined && { cluster: cluster.facts }),
    plan: assignRequests(plan, application.definition, random),
    ...(target !== undefined && { target }),
    ...(part !== undefined && { parts: [{ ...part, run: id, startedAt }] }),
  };
}
