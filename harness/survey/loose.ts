import { BackendError, type BackendTarget, toIncident } from '../backend/backend.ts';
import { negotiate } from '../backend/negotiate.ts';
import { createJsonReader } from '../backend/read-json.ts';
import type { HttpClient } from '../http/http.ts';
import type { Incident } from '../model/capture.ts';
import type { Clock } from '../model/clock.ts';
import { isProxySpan } from '../model/span.ts';
import type { Trace } from '../model/trace.ts';

/** Around the run's own times, for clocks that are a little apart, ms. */
const WINDOW_MS = 1000;
/** Traces of one service; a busy mesh has more, and those are not looked at. */
const MOST_TRACES = 500;

export interface LooseSearch {
  readonly target: BackendTarget;
  readonly http: HttpClient;
  readonly clock: Clock;
  /** Those of the run, which are not loose. */
  readonly own: readonly Trace[];
  /** When the first request was sent and the last was answered, epoch ms. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly signal: AbortSignal;
}

export interface Loose {
  readonly traces: readonly Trace[];
  /** Why not all of them were looked for; absent: they were. */
  readonly incident?: Incident;
}

/**
 * Other traces of the services that a run reached, in its time: a request that lost its context goes on in one of them. One
 * search per service name. Judges nothing.
 */
export async function looseTraces(search: LooseSearch): Promise<Loose> {
  const { target, http, clock, own, fromMs, toMs, signal } = search;
  const found = new Map<string, Trace>();
  try {
    const backend = await negotiate(target.url, createJsonReader(target, http, clock), signal);
    const names = new Set(own.flatMap(({ spans }) => spans.filter(isProxySpan).map(({ service }) => service)));
    const window = { fromMs: fromMs - WINDOW_MS, toMs: toMs + WINDOW_MS, limit: own.length + MOST_TRACES };
    for (const service of names)
      for (const trace of await backend.search({ service, ...window }, signal)) found.set(trace.id, trace);
  } catch (error) {
    if (signal.aborted || !(error instanceof BackendError)) throw error;
    return { traces: without(found, own), incident: toIncident(error, 'settle') };
  }
  return { traces: without(found, own) };
}

function without(found: ReadonlyMap<string, Trace>, own: readonly Trace[]): readonly Trace[] {
  const ids = new Set<string>(own.map(({ id }) => id));
  return [...found.values()].filter(({ id }) => !ids.has(id));
}
