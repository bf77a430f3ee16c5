import { aheadOf, type Clock } from '../model/clock.ts';
import type { RunReport } from '../model/report.ts';
import type { RunEnd, WatchAlert, WatchedRun, WatchState } from '../model/watch.ts';
import { type Course, recordOf, recordWithout } from './record.ts';
import { type Agreement, alertsOf, signKey } from './state/alerts.ts';
import { type History, NO_HISTORY, withRun } from './state/history.ts';
import { nextStartMs } from './state/schedule.ts';

/** One run as the watch asks for it. */
export interface Launch {
  readonly id: string;
  /** By the clock of the watch; epoch, ms. */
  readonly startedAtMs: number;
  /** How far the machine's clock was ahead of it then, ms. */
  readonly aheadMs: number;
  /** Aborts at the run's time limit, and when the watch ends: the run then reports what it has. */
  readonly signal: AbortSignal;
}

export interface WatchInput {
  readonly clock: Clock;
  readonly everyMs: number;
  /** Between two starts at the least, ms (docs/guides/watch.md#budget). */
  readonly spacingMs: number;
  /** Time limit of a run, ms. */
  readonly deadlineMs: number;
  readonly staleAfterMs: number;
  /** Reports, and runs, that are remembered. */
  readonly keep: number;
  readonly agreement: Agreement;
  /** Makes one run. Reads everything anew, and may reject. */
  readonly launch: (launch: Launch) => Promise<RunReport>;
  readonly newId: () => string;
  /** A run has ended, and this is written before the next one begins; it does not throw. */
  readonly onRun?: (run: WatchedRun, report: RunReport | undefined) => void;
  readonly onAlerts?: (change: {
    readonly began: readonly WatchAlert[];
    readonly ended: readonly WatchAlert[];
  }) => void;
}

/** A report that is kept. */
export interface KeptReport {
  readonly run: WatchedRun;
  readonly report: RunReport;
}

/** After its signal has aborted, a run has this long to report, ms. SIGTERM ends a watch within 5 s. */
export const LAST_WORDS_MS = 4000;

class HungError extends Error {}

/**
 * Runs again and again, one run at a time, and knows how things stand. All it keeps is bounded: `keep` runs and reports,
 * and sums. Time comes from the clock alone.
 */
export class Watch {
  readonly #input: WatchInput;
  readonly #watchStartedAtMs: number;
  readonly #waiting = new Set<() => void>();
  #history: History = NO_HISTORY;
  #reports: readonly KeptReport[] = [];
  #alerts: readonly WatchAlert[] = [];
  #running: Launch | undefined;
  #requestedId: string | undefined;
  #lastStartedAtMs: number | undefined;
  #wake: AbortController | undefined;
  #hung = 0;

  constructor(input: WatchInput) {
    this.#input = input;
    this.#watchStartedAtMs = input.clock.now();
  }

  state(): WatchState {
    const { everyMs, spacingMs, staleAfterMs, keep } = this.#input;
    const { runs, verdicts, ends, probes } = this.#history;
    return {
      nowMs: this.#input.clock.now(),
      aheadMs: aheadOf(this.#input.clock),
      watchStartedAtMs: this.#watchStartedAtMs,
      everyMs: Math.max(everyMs, spacingMs),
      staleAfterMs,
      runs: runs.slice(-keep),
      totals: { verdicts, ends, probes },
      ...(this.#running !== undefined && { running: this.#running }),
      nextAtMs: this.#nextAtMs(),
      alerts: this.#alerts,
    };
  }

  /** Oldest first. */
  reports(): readonly KeptReport[] {
    return this.#reports;
  }

  /** Runs that were given up and may still be going on. */
  get hung(): number {
    return this.#hung;
  }

  /**
   * Asks for a run that starts as soon as the budget allows it. Until it has started, asking again is the same request:
   * requests do not pile up.
   * @returns the id of the run
   */
  request(): string {
    this.#requestedId ??= this.#input.newId();
    this.#wake?.abort();
    return this.#requestedId;
  }

  /** Resolves when the next run has ended, or the signal aborts. */
  ended(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      if (signal.aborted) return resolve();
      this.#waiting.add(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }

  /** Runs until the signal aborts; then the running one has {@link LAST_WORDS_MS} to report. */
  async go(signal: AbortSignal): Promise<void> {
    const stop = () => this.#wake?.abort();
    signal.addEventListener('abort', stop);
    try {
      while (!signal.aborted) {
        if (await this.#due()) await this.#run(signal);
      }
    } finally {
      signal.removeEventListener('abort', stop);
      for (const done of [...this.#waiting]) done();
    }
  }

  #nextAtMs(): number {
    const { clock, everyMs, spacingMs } = this.#input;
    return nextStartMs({
      nowMs: clock.now(),
      everyMs,
      spacingMs,
      ...(this.#lastStartedAtMs !== undefined && { lastStartedAtMs: this.#lastStartedAtMs }),
      isRequested: this.#requestedId !== undefined,
    });
  }

  /** Waits for the next start. False: woken before it, and to be asked again. */
  async #due(): Promise<boolean> {
    const { clock } = this.#input;
    const leftMs = this.#nextAtMs() - clock.now();
    if (leftMs <= 0) return true;
    const wake = new AbortController();
    this.#wake = wake;
    const slept = await clock.sleep(leftMs, wake.signal).then(
      () => true,
      () => false,
    );
    this.#wake = undefined;
    return slept;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { clock, launch, newId } = this.#input;
    const id = this.#requestedId ?? newId();
    this.#requestedId = undefined;
    const startedAtMs = clock.now();
    const aheadMs = aheadOf(clock);
    this.#lastStartedAtMs = startedAtMs;
    const limit = new AbortController();
    const over = new AbortController();
    const stop = () => limit.abort(signal.reason);
    signal.addEventListener('abort', stop);
    const running: Launch = { id, startedAtMs, aheadMs, signal: limit.signal };
    this.#running = running;
    const givenUp = this.#giveUp(limit, over.signal);
    // An error that `launch` throws at once is a failure like any other.
    const report = Promise.resolve().then(() => launch(running));
    let end: RunEnd = 'complete';
    let result: RunReport | undefined;
    let why = '';
    try {
      result = await Promise.race([report, givenUp]);
      if (limit.signal.aborted) end = signal.aborted ? 'stopped' : 'deadline';
    } catch (error) {
      end = error instanceof HungError ? 'hung' : signal.aborted ? 'stopped' : 'failed';
      why = error instanceof Error ? error.message : String(error);
      if (error instanceof HungError) this.#forget(report);
    } finally {
      over.abort();
      signal.removeEventListener('abort', stop);
      this.#running = undefined;
    }
    this.#take({ id, startedAtMs, aheadMs, endedAtMs: clock.now(), end }, result, why);
  }

  /** Rejects once a run did not end although its signal has aborted: at the deadline, or when the watch ends. */
  async #giveUp(limit: AbortController, over: AbortSignal): Promise<never> {
    const { clock, deadlineMs } = this.#input;
    const aborted = new Promise<void>((resolve) => {
      limit.signal.addEventListener('abort', () => resolve(), { once: true });
      over.addEventListener('abort', () => resolve(), { once: true });
    });
    clock.sleep(deadlineMs, over).then(
      () => limit.abort(new Error(`the time limit of ${deadlineMs} ms`)),
      () => undefined,
    );
    await aborted;
    // Over: the race has been decided.
    if (over.aborted) return new Promise<never>(() => undefined);
    await clock.sleep(LAST_WORDS_MS, over).catch(() => undefined);
    if (over.aborted) return new Promise<never>(() => undefined);
    throw new HungError('it did not end when it had to');
  }

  /** A run that was given up counts as such, whatever it reports later. */
  #forget(report: Promise<unknown>): void {
    this.#hung += 1;
    const back = () => {
      this.#hung -= 1;
    };
    report.then(back, back);
  }

  #take(course: Course, report: RunReport | undefined, why: string): void {
    const { keep, agreement, onRun, onAlerts } = this.#input;
    const run = report === undefined ? recordWithout(course, why) : recordOf(report, course);
    this.#history = withRun(this.#history, run, Math.max(keep, agreement.of));
    if (report !== undefined) {
      // What pictures need is large: the newest report alone keeps it.
      const earlier = this.#reports.map(({ run: of, report: { detail: _, ...rest } }) => ({ run: of, report: rest }));
      this.#reports = [...earlier, { run, report }].slice(-keep);
    }
    const before = this.#alerts;
    this.#alerts = alertsOf(this.#history, agreement);
    const missing = (from: readonly WatchAlert[], among: readonly WatchAlert[]) => {
      const known = new Set(among.map(signKey));
      return from.filter((alert) => !known.has(signKey(alert)));
    };
    onRun?.(run, report);
    const change = { began: missing(this.#alerts, before), ended: missing(before, this.#alerts) };
    if (change.began.length + change.ended.length > 0) onAlerts?.(change);
    for (const done of [...this.#waiting]) done();
  }
}
