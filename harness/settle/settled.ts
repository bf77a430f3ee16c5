import type { TraceBackend } from '../backend/backend.ts';
import type { Incident } from '../model/capture.ts';
import type { Clock } from '../model/clock.ts';
import type { Trace } from '../model/trace.ts';
import type { Entry } from './entry.ts';
import type { SlowWay } from './slow-way.ts';

export interface SettlerInput {
  readonly backend: TraceBackend;
  readonly clock: Clock;
  /** Probes planned: what the allowance of calls is counted from. */
  readonly probes: number;
  /** Requests of preflight that count as probes for that allowance; default 0. */
  readonly lateRequests?: number;
  readonly flushMs: number;
  /** Spans of earlier requests came, and how long they took at least, ms; absent: none came. */
  readonly earlier?: { readonly lagMs?: number };
  /** From the last answer to giving up, ms. */
  readonly settleTimeoutMs: number;
  /** The mesh's clock minus ours, at least, ms, so that no lag is counted longer than it was; 0 when not known. */
  readonly meshAheadMs: number;
  readonly longestUpstreamTimeoutMs: number;
  readonly isComplete: (entry: Entry) => boolean;
  /** The missing parts of a trace that is not complete; default: not known, and every clock runs in full. */
  readonly lacksOf?: (entry: Entry) => Lacks;
  /**
   * Finds traces of probes that carry no id as soon as all of them can be there, one margin before the search that counts, so
   * that a change after it is noticed. It returns only those that show the gateway. Default: not done.
   */
  readonly glance?: (
    entries: readonly Entry[],
    seen: readonly Entry[],
    signal: AbortSignal,
  ) => Promise<ReadonlyMap<Entry, Trace>>;
  /** Finds the traces of probes that carry no id; called once, with those entries, when the shared read is due. */
  readonly findByMarker: (
    entries: readonly Entry[],
    seen: readonly Entry[],
    signal: AbortSignal,
  ) => Promise<ReadonlyMap<Entry, Trace>>;
  readonly onIncident: (incident: Incident) => void;
  readonly onProgress: (progress: SettleProgress) => void;
}

/** The missing parts of a trace. */
export interface Lacks {
  /** The parts, one key for each. */
  readonly lacks: readonly string[];
  /** The services whose proxies owe spans of them. */
  readonly owing: readonly string[];
}

export interface SettleProgress {
  readonly settled: number;
  readonly of: number;
  /** What is waited for, and why. */
  readonly waitingFor: string;
}

export interface Settled {
  readonly entries: readonly Entry[];
  readonly polls: number;
  readonly graceMs: number;
  readonly longestLagMs?: number;
  /** A service all of whose spans took longer than a flush explains; absent: none was seen. */
  readonly slowWay?: SlowWay;
  /** How long no read had succeeded any more when waiting ended, ms; absent: the last one did. */
  readonly backendAwayMs?: number;
}
