import { BackendError, type TraceBackend } from '../backend/backend.ts';
import type { GatewayProfile, Incident, Preflight } from '../model/capture.ts';
import type { Exchange } from '../model/exchange.ts';
import { probeId } from '../model/exchange.ts';
import { asGatewayTrace } from '../model/gateway-profile.ts';
import { MARGIN_MS } from '../model/limits.ts';
import { listedAs } from '../model/listed-services.ts';
import type { UnknownName } from '../model/unknown-names.ts';
import { arrivals } from '../preflight/arrivals.ts';
import { type Arrived, readArrived } from '../preflight/first-span.ts';
import { gatewayProfileInUse, profileIn, spansOf } from '../preflight/preflight.ts';
import { makeUndecided } from '../probe/make-probe.ts';
import { newEntry } from '../settle/entry.ts';
import { findByMarker } from '../settle/find-by-marker.ts';
import { RunContext } from '../survey/context.ts';
import { checkTarget } from '../survey/survey.ts';
import type { SurveyInput } from '../survey/survey-input.ts';
import { type BrokenTraces, brokenTraces } from './broken-traces.ts';
import { isBackendAtIngress } from './swapped.ts';

/** Requests without a context, to see whether the mesh traces any. */
const UNDECIDED = 5;

/** What a run's preflight finds, and two things that a run sees by itself. */
export interface Examination {
  readonly preflight: Preflight;
  /** Why the backend, asked apart because the ingress does not answer, cannot be used. */
  readonly backendTrouble?: Incident;
  /**
   * Short names the backend knows of the application's services, the gateway's among them; absent: it could not be
   * asked.
   */
  readonly known?: readonly string[];
  /** Services that spans know by another name. */
  readonly unknownNames?: readonly UnknownName[];
  /** Gateway spans a request as the traces have it, beside what was configured; absent: no trace shows it. */
  readonly profileSeen?: GatewayProfile;
  /** Undecided requests and those that left a trace; absent: they cannot be looked for. */
  readonly undecided?: { readonly sent: number; readonly traced: number };
  /** What the forced-on traces that came already show; absent: none came. */
  readonly broken?: BrokenTraces;
  /** A trace backend answers at the URL of the ingress: the two URLs are swapped, or both lead to it. */
  readonly backendAtIngress?: boolean;
}

/**
 * The preflight of a run alone, by the same code, and beside it: which services the backend knows, and whether the mesh
 * traces undecided requests. Sends ten requests at most, judges nothing; rejects only with the reason of the signal.
 */
export async function examine(input: SurveyInput): Promise<Examination> {
  const run = new RunContext(input);
  let isAsked: Promise<boolean> | undefined;
  const isBackend = (requests: readonly Exchange[]) => {
    isAsked ??= isBackendAtIngress(input, requests);
    return isAsked;
  };
  const { checked } = await checkTarget(run, { refusesUnserved: { isBackend } });
  const { preflight, backend, backendTrouble } = checked;
  if (input.signal.aborted) throw input.signal.reason;
  // Where every answer has status 404, preflight has not asked.
  const backendAtIngress = preflight.stopped !== undefined && (await isBackend(preflight.requests));
  if (backend === undefined || backendAtIngress) {
    return {
      preflight,
      ...(backendTrouble !== undefined && { backendTrouble }),
      ...(backendAtIngress && { backendAtIngress }),
    };
  }
  const startedAtMs = input.clock.now();
  const undecided = preflight.stopped === undefined ? await seeSampling(backend, run, preflight) : undefined;
  const arrived = await readAgain(backend, run, preflight, startedAtMs);
  const spansSeen = arrived === undefined ? preflight.spansSeen : spansOf(arrived);
  const profileSeen = profileIn(arrived ?? [], run.names) ?? checked.profileSeen;
  const gatewayProfile = gatewayProfileInUse(input.settings, profileSeen);
  const { gateway } = run.names;
  const unknownNames = run.names.infer((arrived ?? []).map(({ trace }) => trace));
  // With the names that have just been inferred.
  const broken = brokenTraces(arrived ?? [], run);
  // Last, because the services have been called by then.
  const known = await askServices(backend, run);
  return {
    preflight: {
      ...preflight,
      ...(gateway !== undefined && { gateway }),
      spansSeen,
      ...(gatewayProfile !== undefined && { gatewayProfile }),
    },
    ...(unknownNames.length > 0 && { unknownNames }),
    ...(known !== undefined && { known }),
    ...(profileSeen !== undefined && { profileSeen }),
    ...(undecided !== undefined && { undecided }),
    ...(broken !== undefined && { broken }),
  };
}

/**
 * Preflight goes on with the first span that comes, often a sidecar's before the gateway has sent its own; by now all have
 * had their time.
 * @param sinceMs when it went on.
 * @returns undefined: nothing had come, or the backend could not be asked again.
 */
async function readAgain(
  backend: TraceBackend,
  run: RunContext,
  { requests, spansSeen }: Preflight,
  sinceMs: number,
): Promise<readonly Arrived[] | undefined> {
  const { settings, clock, signal, onProgress } = run.input;
  if (Object.keys(spansSeen).length === 0) return undefined;
  try {
    const seen = await readNow(backend, run, requests);
    const leftMs = sinceMs + settings.flushMs.value + MARGIN_MS - clock.now();
    const isAllThere =
      profileIn(seen, run.names) !== undefined &&
      missingOf({ requests, spansSeen: spansOf(seen) }) === 0 &&
      brokenTraces(seen, run)?.broken === 0;
    if (leftMs <= 0 || isAllThere) return seen;
    onProgress?.({ phase: 'preflight', waitingFor: 'the spans of the last forced-on requests' });
    await clock.sleep(leftMs, signal);
    return await readNow(backend, run, requests);
  } catch (error) {
    if (signal.aborted || !(error instanceof BackendError)) throw error;
    return undefined;
  }
}

async function readNow(
  backend: TraceBackend,
  run: RunContext,
  requests: Preflight['requests'],
): Promise<readonly Arrived[]> {
  const arrived = await readArrived(backend, requests, run.input.signal);
  run.names.learn(arrived.map(({ exchange, trace }) => asGatewayTrace(exchange.probe, trace.spans)));
  return arrived;
}

/** Requests without spans, of the formats that the mesh reads. */
function missingOf(preflight: Pick<Preflight, 'requests' | 'spansSeen'>): number {
  const { asked, seen } = arrivals(preflight);
  return asked - seen;
}

async function askServices(backend: TraceBackend, run: RunContext): Promise<readonly string[] | undefined> {
  const { input, application, names } = run;
  try {
    const listed = await backend.services(input.signal);
    const wanted = [application.gateway, ...application.services.map(({ name }) => name)];
    return wanted.filter(
      (name) => listedAs(listed, name, names.naming.services).length > 0 || names.fullNames(name).length > 0,
    );
  } catch (error) {
    if (input.signal.aborted || !(error instanceof BackendError)) throw error;
    return undefined;
  }
}

async function seeSampling(
  backend: TraceBackend,
  run: RunContext,
  preflight: Preflight,
): Promise<Examination['undecided']> {
  const { settings, clock, signal, onProgress } = run.input;
  if (!backend.markerSearch.supported) return undefined;
  const exchanges: Exchange[] = [];
  for (let index = 0; index < UNDECIDED; index += 1) {
    const probe = makeUndecided(probeId(index, 'u'), run.head.run.id, run.random);
    exchanges.push(await run.send(probe, signal));
  }
  const answered = exchanges.filter(({ answer }) => answer !== undefined);
  if (answered.length === 0) return undefined;
  onProgress?.({ phase: 'preflight', waitingFor: `spans of ${answered.length} undecided requests` });
  await clock.sleep(settings.flushMs.value + MARGIN_MS, signal);
  try {
    if (run.names.gateway === undefined) await readNow(backend, run, preflight.requests);
    const found = await findByMarker(answered.map(newEntry), [], run.markerSearch(backend, preflight), signal);
    return { sent: answered.length, traced: found.traces.size };
  } catch (error) {
    if (signal.aborted || !(error instanceof BackendError)) throw error;
    return undefined;
  }
}
