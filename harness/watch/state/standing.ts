import type { OutcomeStatus } from '../../model/outcome.ts';
import type { PromiseId } from '../../model/promises.ts';
import type { StandingName, WatchedRun, WatchState } from '../../model/watch.ts';

/** What is asked of a watch. */
export interface Question {
  /** Only a run that started after this time counts; epoch, ms. */
  readonly sinceMs?: number;
  /** Only this promise counts. */
  readonly promise?: PromiseId;
}

/** Where the mesh stands, by the last run that counts. */
export interface Standing {
  readonly name: StandingName;
  /** The run that it rests on; absent: there is none. */
  readonly run?: WatchedRun;
  /** Since that run started, ms. */
  readonly ageMs?: number;
  /** When to ask again, where that may change the answer soon, s. */
  readonly retryAfterS: number;
}

/**
 * When a run started, as the machine's clock showed it then or shows that time now, whichever is earlier; epoch, ms. Where
 * the clock was set back, or the machine was suspended, a run must not seem to have started later than it did.
 */
function earliestStartMs(run: Pick<WatchedRun, 'startedAtMs' | 'aheadMs'>, { aheadMs = 0 }: WatchState): number {
  return run.startedAtMs + Math.min(run.aheadMs ?? 0, aheadMs);
}

/** Of a run, before one has shown how long it takes, ms. */
const USUAL_RUN_MS = 30_000;

/**
 * The answer by the newest run that has ended. A run that started before `sinceMs` saw another mesh than the one that is
 * asked about, so it counts for nothing, and neither does a run that is too old: never a pass on old evidence.
 */
export function standingOf(state: WatchState, { sinceMs, promise }: Question = {}): Standing {
  const { nowMs, staleAfterMs, runs } = state;
  const last = runs.at(-1);
  const retryAfterS = Math.max(1, Math.ceil((nextEndMs(state, sinceMs) - nowMs) / 1000));
  if (last === undefined || (sinceMs !== undefined && earliestStartMs(last, state) <= sinceMs))
    return { name: 'none', retryAfterS };
  // The clock of the watch stands still while its machine is suspended; the machine's clock shows that.
  const leapMs = Math.max(0, (state.aheadMs ?? 0) - (last.aheadMs ?? 0));
  const ageMs = Math.max(0, nowMs - last.startedAtMs) + leapMs;
  const about = { run: last, ageMs, retryAfterS };
  if (ageMs > staleAfterMs) return { name: 'stale', ...about };
  return { name: promise === undefined ? last.verdict : verdictOf(last.promises[promise]), ...about };
}

/** A promise that was not judged is not a pass. */
function verdictOf(status: OutcomeStatus | undefined): 'pass' | 'fail' | 'inconclusive' {
  return status === 'pass' || status === 'fail' ? status : 'inconclusive';
}

/** When the next run that counts ends, as far as the last one shows; epoch, ms. */
function nextEndMs(state: WatchState, sinceMs: number | undefined): number {
  const { nowMs, runs, running, nextAtMs } = state;
  const last = runs.at(-1);
  const usualMs = last === undefined ? USUAL_RUN_MS : Math.max(1, last.endedAtMs - last.startedAtMs);
  if (running === undefined) return Math.max(nowMs, nextAtMs) + usualMs;
  const endMs = Math.max(nowMs, running.startedAtMs + usualMs);
  return sinceMs === undefined || earliestStartMs(running, state) > sinceMs
    ? endMs
    : Math.max(endMs, nextAtMs) + usualMs;
}
