import { BackendError } from '../backend/backend.ts';
import { MARGIN_MS } from '../model/limits.ts';
import type { Trace } from '../model/trace.ts';
import { adopt, type Entry } from './entry.ts';
import { findWithStrays, searchedByMarker } from './searched-by-marker.ts';
import type { SettlerInput } from './settled.ts';

/** When searches are due. */
interface Timing {
  /** undefined while probes are still being sent. */
  readonly lastAnswerAtMs: number | undefined;
  readonly graceMs: number;
  /** Spans of earlier requests came and none of these yet: a search now would find nothing. */
  readonly isLate: boolean;
}

interface Settling {
  readonly input: SettlerInput;
  readonly entries: readonly Entry[];
  readonly take: (entry: Entry, spans: Entry['spans'], nowMs: number) => void;
  readonly onFailure: (error: BackendError) => void;
}

/**
 * The searches for traces that have no id to read by: a glance when proxies have sent all they held, and one margin later
 * the search that counts.
 */
export class MarkerSearches {
  readonly #settling: Settling;
  #glanced = false;
  #searchedAtMs: number | undefined;
  /** When a forced-on probe was sent whose trace came under another id, epoch ms: waiting was long enough for the others too. */
  strayControlSentAtMs: number | undefined;

  constructor(settling: Settling) {
    this.#settling = settling;
  }

  async runDue(timing: Timing, signal: AbortSignal): Promise<void> {
    if (timing.lastAnswerAtMs === undefined) return;
    const nowMs = this.#settling.input.clock.now();
    const sharedReadAtMs = timing.lastAnswerAtMs + timing.graceMs;
    if (nowMs < sharedReadAtMs) {
      if (!this.#glanced && nowMs >= sharedReadAtMs - MARGIN_MS) await this.#glance(signal);
      return;
    }
    // Once; and once more where spans turned out to come so late that the search before was too early for them.
    const isDue = this.#searchedAtMs === undefined || this.#searchedAtMs < sharedReadAtMs;
    if (isDue && !timing.isLate) await this.#search(sharedReadAtMs, signal);
  }

  /** From when a glance is due, epoch ms; undefined: there is none any more. */
  glanceAtMs({ lastAnswerAtMs, graceMs }: Timing): number | undefined {
    if (this.#glanced || lastAnswerAtMs === undefined) return undefined;
    return lastAnswerAtMs + graceMs - MARGIN_MS;
  }

  async #glance(signal: AbortSignal): Promise<void> {
    this.#glanced = true;
    const { input, entries, take } = this.#settling;
    const { glance, clock } = input;
    const unknown = entries.filter(({ traceId }) => traceId === undefined);
    const nowMs = clock.now();
    const found = glance && (await this.#found(unknown, signal, (seen) => glance(unknown, seen, signal)));
    for (const [entry, trace] of found ?? []) {
      adopt(entry, trace.id);
      take(entry, trace.spans, nowMs);
    }
  }

  async #search(sharedReadAtMs: number, signal: AbortSignal): Promise<void> {
    const { input, entries, take } = this.#settling;
    const nowMs = input.clock.now();
    this.#searchedAtMs = nowMs;
    const unknown = searchedByMarker(entries);
    const found = await this.#found(unknown, signal, (seen) =>
      findWithStrays(unknown, entries, (some) => input.findByMarker(some, seen, signal)),
    );
    if (found === undefined) return;
    for (const entry of unknown) {
      const trace = found.get(entry);
      if (entry.probe.traceId !== undefined && entry.probe.trial === undefined) {
        if (trace !== undefined) this.strayControlSentAtMs = entry.exchange.sentAtMs;
        continue;
      }
      // A trial that is nowhere keeps the id it carried, and others keep the one found before: it has just been read.
      const isRead = (entry.lastReadAtMs ?? 0) >= sharedReadAtMs;
      if (entry.traceId !== undefined && (trace === undefined || (trace.id === entry.traceId && isRead))) continue;
      if (trace !== undefined) adopt(entry, trace.id);
      take(entry, trace?.spans ?? [], nowMs);
    }
  }

  /** @returns undefined where there is nothing to search for, or the backend failed. */
  async #found(
    unknown: readonly Entry[],
    signal: AbortSignal,
    find: (seen: readonly Entry[]) => Promise<ReadonlyMap<Entry, Trace>>,
  ): Promise<ReadonlyMap<Entry, Trace> | undefined> {
    if (unknown.length === 0) return undefined;
    const { entries, onFailure } = this.#settling;
    try {
      return await find(entries.filter((entry) => entry.spans.length > 0));
    } catch (error) {
      if (signal.aborted || !(error instanceof BackendError)) throw error;
      onFailure(error);
      return undefined;
    }
  }
}
