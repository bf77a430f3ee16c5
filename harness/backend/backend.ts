import type { BackendApi, Incident } from '../model/capture.ts';
import type { FindingCode } from '../model/codes.ts';
import type { TraceId } from '../model/ids.ts';
import type { SearchedTag } from '../model/tag-names.ts';
import type { Trace } from '../model/trace.ts';

/** Where the trace backend is and how to be let in. */
export interface BackendTarget {
  /** The query URL, with or without base path; without userinfo. */
  readonly url: URL;
  /** Every header to send, credentials included. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
}

export interface MarkerQuery {
  /** Full service name, as the backend knows it; legacy search cannot do without. */
  readonly service: string;
  /** The user agent to look for, and the tag that carries it; absent: every trace of the service in the window. */
  readonly marker?: { readonly tag: SearchedTag; readonly value: string };
  readonly fromMs: number;
  readonly toMs: number;
  readonly limit: number;
}

/** A trace backend as the harness sees it: always raw reads, answers checked at this edge. */
export interface TraceBackend {
  readonly api: BackendApi;
  /** With the base path that was found. */
  readonly baseUrl: URL;
  readonly markerSearch: { readonly supported: true } | { readonly supported: false; readonly reason: string };
  /** How long after it has come a search may not show a trace that a read by its id shows, ms; absent: it shows it at once. */
  readonly searchDelayMs?: number;
  /** Trace ids one call of {@link traces} reads at most with a single request; 1: one request per id. */
  readonly batchSize: number;
  /** Requests sent so far, negotiation and retries included. */
  readonly calls: number;
  /** Unknown ids are absent from the map. Rejects with {@link BackendError}. */
  traces(ids: readonly TraceId[], signal?: AbortSignal): Promise<ReadonlyMap<TraceId, Trace>>;
  /** Whole traces in which a span of the service carries the marker; without a marker, in which it has any span. */
  search(query: MarkerQuery, signal?: AbortSignal): Promise<readonly Trace[]>;
  /** What it says of itself, e.g. `v2.13.0`; undefined: it does not tell. Never a reason to fail. */
  version(signal?: AbortSignal): Promise<string | undefined>;
  /** Full names of the services it knows. */
  services(signal?: AbortSignal): Promise<readonly string[]>;
}

/** A place in an answer, such as `data[0].spans[3].startTime`, and what was expected there. */
interface Misfit {
  readonly place: string;
  readonly expected: string;
}

/** The backend cannot be used, or not for this call; `code` is a HC7xx. */
export class BackendError extends Error {
  override readonly name = 'BackendError' as const;
  readonly code: FindingCode;
  readonly hint: string;
  readonly expected?: string;
  readonly received?: string;
  /** Of an answer that does not fit: where, and what was expected there. */
  readonly misfit?: Misfit;
  constructor(
    code: FindingCode,
    message: string,
    details: { hint: string; expected?: string; received?: string; misfit?: Misfit; cause?: unknown },
  ) {
    super(message, { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    if (details.expected !== undefined) this.expected = details.expected;
    if (details.received !== undefined) this.received = details.received;
    if (details.misfit !== undefined) this.misfit = details.misfit;
  }
}

/** A failure of the backend as data, for the capture. */
export function toIncident(error: BackendError, during: Incident['during']): Incident {
  return {
    code: error.code,
    during,
    message: error.message,
    hint: error.hint,
    times: 1,
    ...(error.expected !== undefined && { expected: error.expected }),
    ...(error.received !== undefined && { received: error.received }),
  };
}
