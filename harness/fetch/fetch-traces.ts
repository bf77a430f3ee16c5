import { BackendError, type TraceBackend } from '../backend/backend.ts';
import type { Clock } from '../model/clock.ts';
import type { TraceId } from '../model/ids.ts';
import type { Trace } from '../model/trace.ts';

export interface Fetching {
  readonly backend: TraceBackend;
  /** Full names, as the backend lists them. */
  readonly services: readonly string[];
  /** Spans that start in this time are searched, ms from 1970. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Traces of one service at most; at least 1. */
  readonly most: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onService?: (service: string, nth: number) => void;
}

/** A time in which a search found more traces than it may return. */
export interface CutSearch {
  readonly service: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Fetched {
  /** Each once, by id. */
  readonly traces: readonly Trace[];
  readonly searches: number;
  /** What was not fetched, in the order of the services, the newest time of each first. Empty: the search limit left nothing out. */
  readonly cut: readonly CutSearch[];
}

/** Traces that one search asks for: small enough for a body of some megabytes. */
const PAGE = 100;
/** A busier time than this is not divided any more, ms. */
const SHORTEST_MS = 1000;
/** The longest pause between two searches, ms. */
const LONGEST_PAUSE_MS = 1000;

/**
 * Fetches the traces of these services in this time, the newest first. No query API has pages, and none says that it left
 * traces out: a search that returns as many traces as it may is taken as cut, and both halves of its time are searched
 * again. One search runs at a time, with a pause as long as it took, so that the backend is at work half of the time at
 * most.
 * @throws BackendError
 */
export async function fetchTraces(fetching: Fetching): Promise<Fetched> {
  const { services, onService } = fetching;
  const traces = new Map<TraceId, Trace>();
  const cut: CutSearch[] = [];
  let searches = 0;
  for (const [index, service] of services.entries()) {
    onService?.(service, index + 1);
    const found = await fetchService(service, fetching);
    searches += found.searches;
    cut.push(...found.cut);
    for (const trace of found.traces) traces.set(trace.id, trace);
  }
  return { traces: [...traces.values()], searches, cut };
}

async function fetchService(
  service: string,
  { backend, fromMs, toMs, most, clock, signal }: Fetching,
): Promise<Fetched> {
  const limit = Math.min(PAGE, most);
  const found = new Map<TraceId, Trace>();
  const cut: CutSearch[] = [];
  // The last one is searched next.
  const open: (readonly [fromMs: number, toMs: number])[] = [[fromMs, toMs]];
  let searches = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [from, to] = next;
    if (found.size >= most) {
      cut.push({ service, fromMs: from, toMs: to });
      continue;
    }
    const startedAtMs = clock.now();
    const traces = await searched(backend, { service, fromMs: from, toMs: to, limit }, signal);
    searches += 1;
    for (const trace of traces ?? []) found.set(trace.id, trace);
    await clock.sleep(Math.min(Math.max(0, clock.now() - startedAtMs), LONGEST_PAUSE_MS), signal);
    if (traces !== undefined && traces.length < limit) continue;
    if (to - from <= SHORTEST_MS) {
      cut.push({ service, fromMs: from, toMs: to });
      continue;
    }
    const middle = Math.floor((from + to) / 2);
    open.push([from, middle], [middle, to]);
  }
  return { traces: [...found.values()], searches, cut: joined(cut) };
}

/** Times that follow each other as one, the newest first. */
function joined(cut: readonly CutSearch[]): readonly CutSearch[] {
  const parts: CutSearch[] = [];
  for (const part of cut.toSorted((a, b) => b.fromMs - a.fromMs)) {
    const later = parts.at(-1);
    if (later !== undefined && later.fromMs <= part.toMs) parts[parts.length - 1] = { ...later, fromMs: part.fromMs };
    else parts.push(part);
  }
  return parts;
}

/** undefined: the answer is larger than may be read, so that a shorter time is to be searched. */
async function searched(
  backend: TraceBackend,
  query: Parameters<TraceBackend['search']>[0],
  signal: AbortSignal,
): Promise<readonly Trace[] | undefined> {
  try {
    return await backend.search(query, signal);
  } catch (error) {
    if (error instanceof BackendError && error.code === 'HC713') return undefined;
    throw error;
  }
}
