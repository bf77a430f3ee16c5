import { BackendError, type TraceBackend, toIncident } from '../backend/backend.ts';
import type { Settings } from '../config/settings.ts';
import { formatInTurn, MESH_FORMATS } from '../formats/formats.ts';
import type { ClockOffset, GatewayProfile, Incident, Preflight } from '../model/capture.ts';
import type { Clock } from '../model/clock.ts';
import type { Exchange, Probe } from '../model/exchange.ts';
import { probeId } from '../model/exchange.ts';
import { asGatewayTrace, gatewayProfileOf } from '../model/gateway-profile.ts';
import { LATE_REQUESTS, PREFLIGHT_REQUESTS } from '../model/limits.ts';
import type { RandomHex } from '../model/random-ids.ts';
import type { RunNames } from '../model/run-names.ts';
import { byStart, type Trace } from '../model/trace.ts';
import { identify } from '../model/workload.ts';
import { makeProbe } from '../probe/make-probe.ts';
import { commonOffset, ingressOffset, spanOffset } from './clocks.ts';
import { describeBackend } from './describe-backend.ts';
import { type Arrived, awaitFirstSpan, type FirstSpan } from './first-span.ts';
import { noPageCanCome, type RefusesUnserved } from './unserved.ts';

export interface PreflightInput {
  readonly settings: Settings;
  readonly names: RunNames;
  readonly negotiate: (signal: AbortSignal) => Promise<TraceBackend>;
  readonly send: (probe: Probe, signal: AbortSignal) => Promise<Exchange>;
  readonly runId: string;
  readonly random: RandomHex;
  readonly clock: Clock;
  readonly onWaiting: (waitingFor: string) => void;
  /** Default: where no page can come from the ingress, it is for the judge to say so. */
  readonly refusesUnserved?: RefusesUnserved;
}

export interface PreflightResult {
  readonly preflight: Preflight;
  /** Absent when it could not be reached or is not a Jaeger. */
  readonly backend?: TraceBackend;
  /** Why the backend cannot be used either, where the ingress already stopped the run. */
  readonly backendTrouble?: Incident;
  /** Gateway spans a request as the traces have it, whatever was configured; absent: no trace shows it. */
  readonly profileSeen?: GatewayProfile;
  /** A request left spans, and how long the first took at least, ms: what holds spans holds those of the run as well. */
  readonly arrival?: { readonly lagMs?: number };
}

/**
 * A handful of checks that a verdict is possible. It stops the run only when nothing can be decided: ingress or backend
 * not reachable, not Jaeger, or not one span of any forced-on probe. Anything else is for the judge.
 */
export async function preflight(input: PreflightInput, signal: AbortSignal): Promise<PreflightResult> {
  const requests: Exchange[] = [];
  const base = (): Preflight => ({ markerSearch: 'unknown', requests, ...ingressClockOf(requests), spansSeen: {} });
  try {
    for (const probe of forcedProbes(input, PREFLIGHT_REQUESTS)) {
      input.onWaiting('the ingress to answer');
      requests.push(await input.send(probe, signal));
      const unreachable = ingressUnreachable(requests, input);
      if (unreachable !== undefined) return await askBackend(input, { ...base(), stopped: unreachable }, signal);
      signal.throwIfAborted();
    }
    const unserved = await noPageCanCome(requests, input, signal);
    if (unserved !== undefined) return await askBackend(input, { ...base(), stopped: unserved }, signal);
    input.onWaiting('the trace backend to answer');
    const backend = await input.negotiate(signal);
    return { backend, ...(await watchArrival(input, backend, requests, signal)) };
  } catch (error) {
    // Interrupted: what was collected is kept; the survey knows that it was ended.
    if (signal.aborted) return { preflight: base() };
    if (error instanceof BackendError) return { preflight: { ...base(), stopped: toIncident(error, 'preflight') } };
    throw error;
  }
}

/** Nothing can be tested. But a person who fixes the ingress wants to know of the backend's trouble at once. */
async function askBackend(input: PreflightInput, stopped: Preflight, signal: AbortSignal): Promise<PreflightResult> {
  input.onWaiting('the trace backend to answer');
  try {
    const backend = await input.negotiate(signal);
    return { backend, preflight: { ...stopped, ...(await describeBackend(backend, signal)) } };
  } catch (error) {
    if (signal.aborted) return { preflight: stopped };
    if (error instanceof BackendError) return { preflight: stopped, backendTrouble: toIncident(error, 'preflight') };
    throw error;
  }
}

/** With the format configured all carry it; else two of each that a mesh may speak, so that one of them arrives by its id. */
function forcedProbes({ settings, runId, random }: PreflightInput, count: number, from = 0): readonly Probe[] {
  return Array.from({ length: count }, (_, turn) =>
    makeProbe(probeId(from + turn, 'f'), 'forced-on', formatInTurn(settings.format.value, turn), runId, random),
  );
}

/** Two failures in a row are the ingress, one may be an accident. */
function ingressUnreachable(requests: readonly Exchange[], { settings }: PreflightInput): Incident | undefined {
  const [first, second] = requests;
  if (requests.length !== 2 || first?.error === undefined || second?.error === undefined) return undefined;
  return {
    code: 'HC708',
    during: 'preflight',
    message: `${settings.ingress.url.origin} does not answer: ${second.error.message}`,
    hint: unreachableHint(second.error, settings.ingress.url),
    expected: 'an HTTP answer',
    received: second.error.message,
    times: requests.length,
  };
}

function unreachableHint({ kind, tls }: NonNullable<Exchange['error']>, { origin, hostname }: URL): string {
  if (kind === 'dns')
    return 'check the host name in --ingress; a name that only the mesh knows goes into --host or --resolve';
  switch (tls) {
    case 'untrusted':
      return 'give the CA that signed it: --ingress-ca FILE; or, for a test, do not verify it: --ingress-insecure';
    case 'wrong-name':
      return `say which name is meant: --host, --ingress-sni, or that name in --ingress with --resolve NAME:PORT:${hostname}`;
    case 'client-certificate':
      return 'give the certificate that it asks for: --ingress-cert FILE, and --ingress-key FILE where the key is not in it';
    case 'no-tls':
      return 'check http or https in --ingress, and the port';
    default:
      return `send the request by hand: curl -v ${origin}`;
  }
}

async function watchArrival(
  input: PreflightInput,
  backend: TraceBackend,
  requests: Exchange[],
  signal: AbortSignal,
): Promise<Pick<PreflightResult, 'preflight' | 'profileSeen' | 'arrival'>> {
  const { settings, clock, names } = input;
  const sendMore = async (stop: AbortSignal) => {
    for (const probe of forcedProbes(input, LATE_REQUESTS, requests.length))
      requests.push(await input.send(probe, stop));
  };
  const first = await awaitFirstSpan({ ...input, sendMore }, backend, requests, signal);
  const { arrived, foreignSpans, lagMs } = first;
  const answeredAtMs = Math.min(...arrived.map(({ exchange }) => exchange.answeredAtMs));
  const arrivalMs = arrived.length === 0 ? undefined : Math.round(clock.now() - answeredAtMs);
  names.learn(arrived.map(({ exchange, trace }) => asGatewayTrace(exchange.probe, trace.spans)));
  const profileSeen = profileIn(arrived, names);
  const profile = gatewayProfileInUse(settings, profileSeen);
  const format = formatInUse(
    settings,
    arrived.map(({ exchange }) => exchange),
  );
  const spanClock = commonOffset(arrived.flatMap(({ exchange, trace }) => gatewayOffset(exchange, trace, names) ?? []));
  const preflight: Preflight = {
    ...(await describeBackend(backend, signal)),
    ...(format !== undefined && { format }),
    ...(profile !== undefined && { gatewayProfile: profile }),
    ...(names.gateway !== undefined && { gateway: names.gateway }),
    ...ingressClockOf(requests),
    ...(spanClock !== undefined && { spanClock }),
    requests,
    ...(arrivalMs !== undefined && { arrivalMs }),
    spansSeen: spansOf(arrived),
    ...(arrived.length === 0 && foreignSpans === 0 && { stopped: nothingArrived(first, input, requests) }),
  };
  return {
    preflight,
    ...(profileSeen !== undefined && { profileSeen }),
    ...(arrived.length > 0 && { arrival: lagMs === undefined ? {} : { lagMs } }),
  };
}

/** Gateway spans a request as these traces have it; undefined when none of them shows it. */
export function profileIn(arrived: readonly Arrived[], names: RunNames): GatewayProfile | undefined {
  const seen = arrived.map(({ exchange, trace }) => asGatewayTrace(exchange.probe, trace.spans));
  return gatewayProfileOf(seen, names.application.gateway, names.naming);
}

/** As preflight keeps them: spans by probe. */
export function spansOf(arrived: readonly Arrived[]): Preflight['spansSeen'] {
  return Object.fromEntries(arrived.map(({ exchange, trace }) => [exchange.probe.id, trace.spans.length]));
}

function nothingArrived(
  { failure, waitedUntilMs, isTraced }: FirstSpan,
  { settings, names: { application } }: PreflightInput,
  requests: readonly Exchange[],
): Incident {
  if (failure !== undefined) return toIncident(failure, 'preflight');
  const lastMs = Math.max(...requests.map(({ answeredAtMs }) => answeredAtMs));
  const waited = Math.round((waitedUntilMs - lastMs) / 1000);
  const statuses = [...new Set(requests.map(({ answer }) => answer?.status ?? 'no answer'))].join(', ');
  const served = requests.some(({ answer }) => answer?.page.whole);
  // No page either: then the address is the likelier mistake.
  const hint = served
    ? `check that ${settings.traceBackend.url.origin} is this mesh's trace backend and that ${isTraced ? 'no collector in between drops the traces of probes (tail sampling)' : 'a Telemetry resource turns tracing on'}, and that nothing in front of the gateway decides against tracing (x-b3-sampled: 0, a traceparent that ends with 00, its own x-request-id)`
    : `check --ingress and --host first: ${settings.ingress.url.origin} serves no page of ${application.name}`;
  const answers = served ? `answered ${statuses}` : `answered ${statuses}, without the page`;
  const others = isTraced ? ', and other requests of this mesh did' : '';
  return {
    code: 'HC709',
    during: 'preflight',
    message: `${requests.length} forced-on probes were ${answers} and left no span within ${waited} s${others}`,
    hint,
    expected: 'a span of a forced-on probe',
    received: `none within ${waited} s of ${requests.length} probes, ${answers}${others}`,
    times: requests.length,
  };
}

function formatInUse(settings: Settings, arrived: readonly Exchange[]): Preflight['format'] {
  const { value, source, from } = settings.format;
  if (value !== 'auto') return { value, source, from };
  const seen = new Set(arrived.map(({ probe }) => probe.format));
  const found = MESH_FORMATS.find((format) => seen.has(format));
  return found === undefined ? undefined : { value: found, source: 'discovered', from: 'preflight' };
}

/** A configured profile is demanded of every trace. One that is only seen describes them (HC303, HC304). */
export function gatewayProfileInUse(
  { gatewayProfile: { value, source, from } }: Settings,
  seen: GatewayProfile | undefined,
): Preflight['gatewayProfile'] {
  if (value !== 'auto') return { value, source, from };
  return seen === undefined ? undefined : { value: seen, source: 'discovered', from: 'preflight' };
}

function ingressClockOf(requests: readonly Exchange[]): Pick<Preflight, 'ingressClock'> {
  const ingressClock = requests.map(ingressOffset).find(Boolean);
  return ingressClock === undefined ? {} : { ingressClock };
}

function gatewayOffset(exchange: Exchange, trace: Trace, { application, naming }: RunNames): ClockOffset | undefined {
  const spans = trace.spans.filter((span) => identify(span, naming)?.service === application.gateway).toSorted(byStart);
  return spans[0] === undefined ? undefined : spanOffset(exchange, spans[0]);
}
