import { MARGIN_MS } from '../model/limits.ts';
import { endMicros, type Span } from '../model/span.ts';
import { type Entry, freshSpans } from './entry.ts';

/** Fewer spans of a service say nothing: each may have waited for a flush. */
const FEWEST_SPANS = 20;

/** A trace counts when it was first looked at so soon after its answer, ms. Reads are 1 s apart, and take time themselves. */
const FIRST_LOOK_MS = 1500;

/** Every span of a service took longer than a flush explains. */
export interface SlowWay {
  /** As its spans name it. */
  readonly service: string;
  /** How long each of them took at least, ms. */
  readonly wayMs: number;
}

interface Seen {
  spans: number;
  shortestMs: number;
  firstAnswerAtMs: number;
  lastAnswerAtMs: number;
}

/**
 * How long the spans of each service take from their end to the backend where no proxy holds them. A proxy sends the span
 * that ended just before its flush at once. So the shortest time of many spans is that of the way alone, and a span that
 * has to wait for the flush as well takes both together, though none may have been seen to.
 */
export class Ways {
  readonly #services = new Map<string, Seen>();

  /**
   * Takes in what one read brought, after {@link Entry} has.
   * @param before its spans before that read.
   * @param readBeforeAtMs when it was read before; undefined: never.
   * @param meshAheadMs the mesh's clock minus ours, at least.
   */
  note(entry: Entry, before: readonly Span[], readBeforeAtMs: number | undefined, meshAheadMs: number): void {
    const { answeredAtMs } = entry.exchange;
    const { firstReadAtMs = Number.POSITIVE_INFINITY } = entry;
    // Whether a trace counts must not depend on what the read brought, or quick spans would be left out.
    if (firstReadAtMs > answeredAtMs + FIRST_LOOK_MS) return;
    for (const span of freshSpans(before, entry.spans)) {
      const fromMs = Math.max(answeredAtMs, endMicros(span) / 1000 - meshAheadMs);
      const tookMs = readBeforeAtMs === undefined ? 0 : Math.max(0, readBeforeAtMs - fromMs);
      const seen = this.#services.get(span.service);
      if (seen === undefined) {
        const answer = { firstAnswerAtMs: answeredAtMs, lastAnswerAtMs: answeredAtMs };
        this.#services.set(span.service, { spans: 1, shortestMs: tookMs, ...answer });
        continue;
      }
      seen.spans += 1;
      seen.shortestMs = Math.min(seen.shortestMs, tookMs);
      seen.firstAnswerAtMs = Math.min(seen.firstAnswerAtMs, answeredAtMs);
      seen.lastAnswerAtMs = Math.max(seen.lastAnswerAtMs, answeredAtMs);
    }
  }

  /**
   * The slowest way of a service that is longer than the margin. Where the requests lie closer together than a flush, all their
   * spans may have waited for the rest of it: that much longer it has to be.
   * @param flushMs a proxy may hold a span for so long, ms
   */
  slowest(flushMs: number): SlowWay | undefined {
    let slowest: SlowWay | undefined;
    for (const [service, { spans, shortestMs, firstAnswerAtMs, lastAnswerAtMs }] of this.#services) {
      const heldMs = Math.max(0, flushMs - (lastAnswerAtMs - firstAnswerAtMs));
      if (spans < FEWEST_SPANS || shortestMs <= MARGIN_MS + heldMs) continue;
      if (shortestMs > (slowest?.wayMs ?? 0)) slowest = { service, wayMs: shortestMs };
    }
    return slowest;
  }
}
