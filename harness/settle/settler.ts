import { type BackendError, toIncident } from '../backend/backend.ts';
import type { Exchange } from '../model/exchange.ts';
import { callAllowance, MARGIN_MS } from '../model/limits.ts';
import { type Entry, newEntry, observe } from './entry.ts';
import { lateTail } from './late-tail.ts';
import { Lateness, reopen } from './lateness.ts';
import { MarkerSearches } from './marker-searches.ts';
import { backOffMs, CANARY_CALLS, EARLY_CALLS, FRAGMENT_CALLS, Phases } from './pace.ts';
import { readTraces } from './read.ts';
import { arrivedControlsMs, lackedEarlier, noneCame, type Situation, settleEnded, settleOpen } from './rules.ts';
import { readFromNowOn, waitForNextReadMs } from './schedule.ts';
import type { Settled, SettlerInput } from './settled.ts';

/** The backend may be away this long before waiting for it is given up, ms. */
const GIVE_UP_MS = 15_000;

/** Polls all traces together until each has a reason not to change any more (docs/architecture.md#rule-3). */
export class Settler {
  readonly #input: SettlerInput;
  readonly #entries: Entry[] = [];
  readonly #markers: MarkerSearches;
  #lastAnswerAtMs: number | undefined;
  readonly #lateness: Lateness;
  #polls = 0;
  #canaries = 0;
  readonly #phases = new Phases();
  #failingSinceMs: number | undefined;
  #wake: (() => void) | undefined;

  constructor(input: SettlerInput) {
    this.#input = input;
    this.#lateness = new Lateness(input.flushMs, input.earlier?.lagMs);
    this.#markers = new MarkerSearches({
      input,
      entries: this.#entries,
      take: (entry, spans, nowMs) => this.#take(entry, spans, nowMs),
      onFailure: (error) => this.#count([error], false),
    });
  }

  answered(exchange: Exchange): void {
    this.#entries.push(newEntry(exchange));
    this.#wake?.();
  }

  /** No probe will be answered any more. */
  allAnswered(): void {
    this.#lastAnswerAtMs = Math.max(0, ...this.#entries.map((entry) => entry.exchange.answeredAtMs));
    this.#wake?.();
  }

  /** Runs until everything is settled, the deadline, or the signal; what is open then is `deadline`. Never loses a read. */
  async run(signal: AbortSignal): Promise<Settled> {
    try {
      await this.#pollUntilSettled(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      settleEnded(this.#open(), () => this.#situation());
    }
    for (const entry of this.#open()) entry.reason = 'deadline';
    const { longestLagMs, slowWay } = this.#lateness;
    const awayMs = this.#failingSinceMs === undefined ? undefined : this.#input.clock.now() - this.#failingSinceMs;
    return {
      entries: this.#entries,
      polls: this.#polls,
      graceMs: this.#graceMs(),
      ...(longestLagMs !== undefined && { longestLagMs }),
      ...(slowWay !== undefined && { slowWay }),
      ...(awayMs !== undefined && { backendAwayMs: awayMs }),
    };
  }

  async #pollUntilSettled(signal: AbortSignal): Promise<void> {
    let longestGraceMs = this.#graceMs();
    for (let round = 0; ; round += 1) {
      await this.#poll(signal);
      if (this.#graceMs() > longestGraceMs) reopen(this.#entries);
      longestGraceMs = Math.max(longestGraceMs, this.#graceMs());
      settleOpen(this.#open(), () => this.#situation());
      this.#report();
      if (this.#lastAnswerAtMs !== undefined && this.#open().length === 0) return;
      const waitMs = this.#waitMs(round, this.#situation());
      if (waitMs === undefined) return;
      await this.#sleep(waitMs, signal);
    }
  }

  async #poll(signal: AbortSignal): Promise<void> {
    const { clock, backend } = this.#input;
    const due = this.#due();
    if (due.length > 0) {
      this.#polls += 1;
      // The read counts from when it was asked for: what came in meanwhile may not be in it.
      const nowMs = clock.now();
      const reads = await readTraces(
        backend,
        due.flatMap((entry) => entry.traceId ?? []),
        this.#callsLeft(),
        signal,
      );
      for (const entry of due) {
        if (entry.traceId === undefined || !reads.traces.has(entry.traceId)) continue;
        this.#take(entry, reads.traces.get(entry.traceId)?.spans ?? [], nowMs);
      }
      this.#count(
        reads.failures.map(({ error }) => error),
        reads.traces.size > 0,
      );
    }
    await this.#markers.runDue(this.#timing(), signal);
  }

  #take(entry: Entry, spans: Entry['spans'], nowMs: number): void {
    const before = entry.spans;
    const readBeforeAtMs = entry.lastReadAtMs;
    const lagMs = observe(entry, spans, nowMs, this.#input.meshAheadMs);
    if (entry.spans !== before) {
      entry.complete = this.#input.isComplete(entry);
      const missing = entry.complete ? undefined : this.#input.lacksOf?.(entry);
      entry.lacks = missing?.lacks ?? [];
      entry.owing = missing?.owing ?? [];
      this.#lateness.note(entry, before, readBeforeAtMs, this.#input.meshAheadMs, lagMs);
    }
  }

  /**
   * The shared read is of all. Before it only what may still grow is looked at, and for one call per probe at most: enough
   * to see how late spans come, however many probes there are. Without batches a few canaries must do.
   */
  #due(): readonly Entry[] {
    const { backend } = this.#input;
    const open = this.#open().filter((entry) => entry.traceId !== undefined);
    if (this.#sharedReadIsDue()) {
      const nowMs = this.#input.clock.now();
      return readFromNowOn({ open, situation: this.#situation(), batchSize: backend.batchSize, nowMs });
    }
    if (backend.calls > this.#entries.length + EARLY_CALLS) return [];
    const growing = open.filter(({ complete, probe }) => !complete && probe.purpose !== 'forced-off');
    if (backend.batchSize > 1) return growing;
    const canaries = growing.filter(({ probe }) => probe.purpose === 'forced-on').slice(0, 2);
    if (this.#canaries + canaries.length > CANARY_CALLS) return [];
    this.#canaries += canaries.length;
    return canaries;
  }

  #sharedReadIsDue(): boolean {
    return this.#lastAnswerAtMs !== undefined && this.#input.clock.now() >= this.#lastAnswerAtMs + this.#graceMs();
  }

  #timing(): Parameters<MarkerSearches['runDue']>[0] {
    return { lastAnswerAtMs: this.#lastAnswerAtMs, graceMs: this.#graceMs(), isLate: this.#isLate() };
  }

  /** Spans of earlier requests came and none of these yet: a collector may hold them for longer than the others. */
  #isLate(): boolean {
    return this.#input.earlier !== undefined && noneCame(this.#entries);
  }

  /** undefined: the deadline has come, or the backend has been away for too long. */
  #waitMs(round: number, situation: Situation): number | undefined {
    const nowMs = this.#input.clock.now();
    if (this.#lastAnswerAtMs === undefined) return backOffMs(round);
    const leftMs = this.#lastAnswerAtMs + this.#input.settleTimeoutMs - nowMs;
    if (leftMs <= 0) return undefined;
    if (this.#failingSinceMs !== undefined && nowMs - this.#failingSinceMs >= GIVE_UP_MS) return undefined;
    const sharedReadInMs = this.#lastAnswerAtMs + this.#graceMs() - nowMs;
    if (sharedReadInMs > 0) {
      const glanceInMs = (this.#markers.glanceAtMs(this.#timing()) ?? Number.POSITIVE_INFINITY) - nowMs;
      // Where reads are cheap, the last spans are looked for closely: they come around the flush.
      const isFlushed = sharedReadInMs <= MARGIN_MS && this.#input.backend.batchSize > 1;
      const since = this.#phases.since(round, isFlushed ? 'flushed' : 'before');
      return Math.min(backOffMs(since), sharedReadInMs, Math.max(0, glanceInMs));
    }
    const open = this.#open();
    const isEmpty = open.every((entry) => entry.spans.length === 0);
    if (isEmpty && !this.#isLate() && -sharedReadInMs >= this.#graceMs()) return undefined;
    const { batchSize } = this.#input.backend;
    const callsLeft = this.#callsLeft();
    const since = this.#phases.since(round, 'shared');
    return waitForNextReadMs({ nowMs, leftMs, round: since, open, situation, batchSize, callsLeft });
  }

  #callsLeft(): number {
    const { probes, lateRequests = 0, backend } = this.#input;
    return callAllowance(probes + lateRequests) - FRAGMENT_CALLS - backend.calls;
  }

  #situation(): Situation {
    const controls = arrivedControlsMs(this.#entries);
    if (this.#markers.strayControlSentAtMs !== undefined) controls.push(this.#markers.strayControlSentAtMs);
    const situation: Situation = {
      ...(this.#lastAnswerAtMs !== undefined && { lastAnswerAtMs: this.#lastAnswerAtMs }),
      ...(controls.length > 0 && { lastArrivedControlSentAtMs: Math.max(...controls) }),
      ...this.#lateness.waits(),
      meshAheadMs: this.#input.meshAheadMs,
      longestUpstreamTimeoutMs: this.#input.longestUpstreamTimeoutMs,
    };
    return {
      ...situation,
      lackedEarlier: lackedEarlier(this.#entries, situation, this.#lateness.isLate()),
      lateTail: lateTail(this.#entries, situation),
    };
  }

  #graceMs(): number {
    return this.#lateness.waits().graceMs;
  }

  #open(): Entry[] {
    return this.#entries.filter((entry) => entry.reason === undefined);
  }

  #count(errors: readonly BackendError[], anyRead: boolean): void {
    if (errors.length === 0 || anyRead) this.#failingSinceMs = undefined;
    else this.#failingSinceMs ??= this.#input.clock.now();
    for (const error of errors) this.#input.onIncident(toIncident(error, 'settle'));
  }

  #report(): void {
    const open = this.#open();
    const waitingFor =
      this.#failingSinceMs !== undefined
        ? 'the trace backend, which does not answer'
        : this.#lastAnswerAtMs === undefined
          ? 'answers of the ingress'
          : this.#sharedReadIsDue()
            ? `${open.length} traces that may still change`
            : `proxies, which hold spans for up to ${Math.ceil((this.#graceMs() - MARGIN_MS) / 1000)} s`;
    this.#input.onProgress({ settled: this.#entries.length - open.length, of: this.#input.probes, waitingFor });
  }

  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    const waking = new AbortController();
    const woken = Promise.withResolvers<void>();
    this.#wake = woken.resolve;
    // While probes are being sent an answer does not end the wait; the end of sending does, because it sets the
    // deadline.
    const sleeping = this.#input.clock.sleep(ms, AbortSignal.any([signal, waking.signal]));
    try {
      await (this.#lastAnswerAtMs === undefined && this.#entries.length === 0
        ? Promise.race([sleeping, woken.promise])
        : sleeping);
    } finally {
      this.#wake = undefined;
      waking.abort();
      // Ended by us a line above: its rejection says nothing new.
      sleeping.catch(() => undefined);
    }
  }
}
