import { BackendError, type BackendTarget, toIncident } from '../backend/backend.ts';
import { negotiate } from '../backend/negotiate.ts';
import { createJsonReader } from '../backend/read-json.ts';
import type { HttpClient } from '../http/http.ts';
import { beginningCalls } from '../model/call-place.ts';
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
  /** How long the last span of a request may take to arrive, ms. */
  readonly graceMs: number;
  readonly signal: AbortSignal;
}

export interface Loose {
  readonly traces: readonly Trace[];
  /** Why not all of them were looked for; absent: they were. */
  readonly incident?: Incident;
}

/**
 * Other traces of the services that a run reached, in its time: a request that lost its context goes on in one of them. One
 * search per service name. Where a call names a parent that is not there, all are searched again after the grace time:
 * a request of another client may still be under way, and such a trace counts only once it has stayed as it is
 * (docs/architecture.md#rule-3). Judges nothing.
 */
export async function looseTraces(search: LooseSearch): Promise<Loose> {
  const { target, http, clock, own, fromMs, toMs, signal } = search;
  const found = new Map<string, Trace>();
  try {
    const backend = await negotiate(target.url, createJsonReader(target, http, clock), signal);
    const names = new Set(own.flatMap(({ spans }) => spans.filter(isProxySpan).map(({ service }) => service)));
    const window = { fromMs: fromMs - WINDOW_MS, toMs: toMs + WINDOW_MS, limit: own.length + MOST_TRACES };
    const searchAll = async () => {
      for (const service of names)
        for (const trace of await backend.search({ service, ...window }, signal)) found.set(trace.id, trace);
    };
    await searchAll();
    const open = without(found, own).filter(mayGrow);
    if (open.length > 0) {
      await clock.sleep(search.graceMs, signal);
      await searchAll();
      const before = new Map(open.map(({ id, spans }) => [id, spans.length]));
      for (const trace of [...found.values()])
        if (mayGrow(trace) && before.get(trace.id) !== trace.spans.length) found.delete(trace.id);
    }
  } catch (error) {
    if (signal.aborted || !(error instanceof BackendError)) throw error;
    return { traces: without(found, own), incident: toIncident(error, 'settle') };
  }
  return { traces: without(found, own) };
}

/** A call in it names a parent that is not in it: that span is still to come, or there is none. */
function mayGrow(trace: Trace): boolean {
  return beginningCalls(trace).some(({ parentId }) => parentId !== undefined);
}

function without(found: ReadonlyMap<string, Trace>, own: readonly Trace[]): readonly Trace[] {
  const ids = new Set<string>(own.map(({ id }) => id));
  return [...found.values()].filter(({ id }) => !ids.has(id));
}
