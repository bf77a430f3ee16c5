import { BackendError, type TraceBackend } from '../backend/backend.ts';
import type { Settings } from '../config/settings.ts';
import type { Clock } from '../model/clock.ts';
import type { Exchange } from '../model/exchange.ts';
import { MARGIN_MS } from '../model/limits.ts';
import { listedAs } from '../model/listed-services.ts';
import type { RunNames } from '../model/run-names.ts';
import { MARKER_TAGS } from '../model/tag-names.ts';
import type { Trace } from '../model/trace.ts';

/** Two calls each where a backend has no batches: with negotiation and a last look at all, no more than 3 per request and 50. */
const POLLS = 24;
/** Spans of the mesh this long before the first request show that it is traced, ms. */
const LOOK_BACK_MS = 15 * 60_000;
/** For clocks that are apart, ms. */
const CLOCKS_MS = 60_000;

export interface FirstSpanInput {
  readonly settings: Settings;
  readonly names: RunNames;
  readonly clock: Clock;
  readonly onWaiting: (waitingFor: string) => void;
  /** Sends further requests; those of a mesh whose collector keeps few traces. */
  readonly sendMore: (signal: AbortSignal) => Promise<void>;
}

/** A request that left spans under the id it carried. */
export interface Arrived {
  readonly exchange: Exchange;
  readonly trace: Trace;
}

export interface FirstSpan {
  readonly arrived: readonly Arrived[];
  /** Spans that the mesh made of the requests under other ids; looked for where none arrived. */
  readonly foreignSpans: number;
  /** Epoch ms: until when it was waited. */
  readonly waitedUntilMs: number;
  /** From an answer to a read that did not yet show a span of it, ms: how long spans take at least. */
  readonly lagMs?: number;
  /** Why the last read failed. */
  readonly failure?: BackendError;
  /** Spans of the mesh's other traffic came, and none of the requests'. */
  readonly isTraced?: true;
}

/**
 * Waits for a first span of the requests. Proxies hold spans for up to one flush, so the window is two of them: a mesh
 * that does not trace ends it. Where nothing came by then, and yet the backend has young spans of this mesh's gateway or
 * entry service, spans are late rather than absent: a collector in between holds them (a batch of 10 s, tail sampling of
 * 30 s; docs/facts/collector.md). Then it waits for as long as the run would wait for any trace, and sends more requests,
 * for such a collector may keep only few of them.
 * @param requests all that were sent, {@link FirstSpanInput.sendMore} adds to them.
 */
export async function awaitFirstSpan(
  input: FirstSpanInput,
  backend: TraceBackend,
  requests: readonly Exchange[],
  signal: AbortSignal,
): Promise<FirstSpan> {
  const { settings, clock, onWaiting } = input;
  const windowMs = Math.min(settings.settleTimeoutMs, 2 * (settings.flushMs.value + MARGIN_MS));
  onWaiting(`a first span (proxies hold them for up to ${settings.flushMs.value / 1000} s)`);
  const soon = await watch(clock, backend, requests, windowMs, signal);
  if (soon.arrived.length > 0) return { ...soon, foreignSpans: 0 };
  const foreignSpans = await spansByMarker(input, backend, requests, signal);
  if (foreignSpans > 0 || soon.failure !== undefined || !(await hasYoungSpans(input, backend, requests, signal)))
    return { ...soon, foreignSpans };
  await input.sendMore(signal);
  const lastAnswerMs = Math.max(...requests.map(({ answeredAtMs }) => answeredAtMs));
  const leftMs = lastAnswerMs + settings.settleTimeoutMs - clock.now();
  onWaiting(
    `a first span (others of this mesh came; a collector may hold them, for ${Math.ceil(leftMs / 1000)} s more)`,
  );
  const late = await watch(clock, backend, requests, Math.max(0, leftMs), signal);
  if (late.arrived.length > 0) return { ...late, foreignSpans: 0 };
  return { ...late, foreignSpans: await spansByMarker(input, backend, requests, signal), isTraced: true };
}

/** Those of the requests that left spans under the id they carried. */
export async function readArrived(
  backend: TraceBackend,
  requests: readonly Exchange[],
  signal: AbortSignal,
): Promise<readonly Arrived[]> {
  const ids = requests.flatMap(({ probe }) => probe.traceId ?? []);
  const traces = new Map<string, Trace>();
  for (let at = 0; at < ids.length; at += backend.batchSize) {
    for (const [id, trace] of await backend.traces(ids.slice(at, at + backend.batchSize), signal))
      traces.set(id, trace);
  }
  return requests.flatMap((exchange) => {
    const trace = exchange.probe.traceId === undefined ? undefined : traces.get(exchange.probe.traceId);
    return trace === undefined || trace.spans.length === 0 ? [] : [{ exchange, trace }];
  });
}

type Watched = Pick<FirstSpan, 'arrived' | 'waitedUntilMs' | 'lagMs' | 'failure'>;

async function watch(
  clock: Clock,
  backend: TraceBackend,
  requests: readonly Exchange[],
  windowMs: number,
  signal: AbortSignal,
): Promise<Watched> {
  const deadlineMs = clock.now() + windowMs;
  // Where each id costs a call one request of each format is watched, and the others are looked at once.
  const watched = backend.batchSize > 1 ? requests : requests.slice(0, 2);
  let emptyAtMs: number | undefined;
  for (;;) {
    const askedAtMs = clock.now();
    const isLast = askedAtMs >= deadlineMs;
    let arrived: readonly Arrived[] = [];
    let failure: BackendError | undefined;
    try {
      arrived = await readArrived(backend, isLast ? requests : watched, signal);
      if (arrived.length > 0 && watched !== requests && !isLast) arrived = await readArrived(backend, requests, signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof BackendError)) throw error;
      failure = error;
    }
    if (arrived.length > 0 || isLast) {
      const lagMs = emptyAtMs === undefined ? undefined : lagOf(arrived, watched, emptyAtMs);
      return {
        arrived,
        waitedUntilMs: Math.max(clock.now(), deadlineMs),
        ...(lagMs !== undefined && { lagMs }),
        ...(failure !== undefined && { failure }),
      };
    }
    if (failure === undefined) emptyAtMs = askedAtMs;
    await clock.sleep(windowMs / POLLS, signal);
  }
}

/** Of those that were watched: a read that showed none of them was asked for so long after the first of their answers. */
function lagOf(arrived: readonly Arrived[], watched: readonly Exchange[], emptyAtMs: number): number | undefined {
  const answers = arrived
    .filter(({ exchange }) => watched.includes(exchange))
    .map(({ exchange }) => exchange.answeredAtMs);
  return answers.length === 0 ? undefined : Math.max(0, emptyAtMs - Math.min(...answers));
}

/** No request came under the id it carried: does the mesh trace them under others? Then the run can still show why. */
async function spansByMarker(
  input: FirstSpanInput,
  backend: TraceBackend,
  requests: readonly Exchange[],
  signal: AbortSignal,
): Promise<number> {
  if (!backend.markerSearch.supported) return 0;
  return orNothing(0, signal, async () => {
    for (const service of await ownServices(input, backend, signal)) {
      for (const { probe, sentAtMs } of requests.slice(0, 2)) {
        // No span of this mesh has shown yet which of the names it writes.
        for (const tag of MARKER_TAGS) {
          const marker = { tag, value: probe.marker };
          const query = { service, marker, ...around(sentAtMs, CLOCKS_MS, input.clock), limit: 1 };
          const spans = (await backend.search(query, signal)).reduce((sum, trace) => sum + trace.spans.length, 0);
          if (spans > 0) return spans;
        }
      }
    }
    return 0;
  });
}

/** Whether the backend has spans of this mesh, of whatever request, that are not old. */
async function hasYoungSpans(
  input: FirstSpanInput,
  backend: TraceBackend,
  requests: readonly Exchange[],
  signal: AbortSignal,
): Promise<boolean> {
  const firstSentMs = Math.min(...requests.map(({ sentAtMs }) => sentAtMs));
  return orNothing(false, signal, async () => {
    for (const service of await ownServices(input, backend, signal)) {
      const query = { service, ...around(firstSentMs, LOOK_BACK_MS, input.clock), limit: 1 };
      if ((await backend.search(query, signal)).some(({ spans }) => spans.length > 0)) return true;
    }
    return false;
  });
}

function around(sentAtMs: number, beforeMs: number, clock: Clock): { readonly fromMs: number; readonly toMs: number } {
  return { fromMs: sentAtMs - beforeMs, toMs: clock.now() + CLOCKS_MS };
}

async function ownServices(
  { names: { application }, settings }: FirstSpanInput,
  backend: TraceBackend,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const listed = await backend.services(signal);
  return [application.gateway, application.entry]
    .flatMap((service) => listedAs(listed, service, settings.services?.value))
    .slice(0, 4);
}

/** Only an extra hint is lost where the backend fails: the caller then says that nothing arrived. */
async function orNothing<Result>(nothing: Result, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted || !(error instanceof BackendError)) throw error;
    return nothing;
  }
}
