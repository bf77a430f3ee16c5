import type { Exchange } from '../model/exchange.ts';
import { AUTO_RATE } from '../model/limits.ts';
import { median } from '../model/median.ts';

/** Probes a second, as they may be sent now. */
export interface Rate {
  now(): number;
  /** One answer, or the lack of one; in the order in which they come. */
  answered(exchange: Exchange): void;
}

export function fixedRate(rate: number): Rate {
  return { now: () => rate, answered: () => undefined };
}

/** Answers that show how the ingress is at the start. */
const BASELINE = 20;
/** Answers to requests sent at one rate that allow the next one. */
const WINDOW = 10;
const GROWTH = 1.5;
/** Answers take as long as at the start up to this: a share more, and for very short ones so many ms. */
const LATENCY_GROWTH = 1.5;
const LATENCY_MS = 5;

/**
 * Begins with the lowest rate and raises it step by step to the highest one (docs/options.md), while the ingress answers as it
 * did at the start: half of the answers as fast, and no larger share of them failed. Where it does not any more, the rate is
 * the lowest one again, for the rest of the run: hopcheck tests traces, and no load. It sends no additional request.
 */
export class AdaptiveRate implements Rate {
  #rate: number = AUTO_RATE.from;
  #isOver = false;
  #changedAtMs = Number.NEGATIVE_INFINITY;
  #start: { readonly latencyMs: number; readonly failures: number } | undefined;
  #window: Exchange[] = [];

  now(): number {
    return this.#rate;
  }

  answered(exchange: Exchange): void {
    // Answers to requests of the rate before say nothing about this one.
    if (this.#isOver || exchange.sentAtMs < this.#changedAtMs) return;
    this.#window.push(exchange);
    if (this.#start === undefined) {
      if (this.#window.length < BASELINE) return;
      this.#start = { latencyMs: medianMs(this.#window), failures: failuresOf(this.#window) / BASELINE };
    } else {
      if (failuresOf(this.#window) > this.#start.failures * WINDOW) this.#end();
      if (this.#isOver || this.#window.length < WINDOW) return;
      if (medianMs(this.#window) > this.#start.latencyMs * LATENCY_GROWTH + LATENCY_MS) {
        this.#end();
        return;
      }
    }
    this.#set(Math.min(AUTO_RATE.most, this.#rate * GROWTH), exchange.answeredAtMs);
  }

  #end(): void {
    this.#isOver = true;
    this.#rate = AUTO_RATE.from;
  }

  #set(rate: number, nowMs: number): void {
    this.#window = [];
    if (rate !== this.#rate) this.#changedAtMs = nowMs;
    this.#rate = rate;
  }
}

function medianMs(exchanges: readonly Exchange[]): number {
  return median(exchanges.map(({ sentAtMs, answeredAtMs }) => answeredAtMs - sentAtMs));
}

/** No answer, or one that a broken or overloaded server gives. */
function failuresOf(exchanges: readonly Exchange[]): number {
  return exchanges.filter(({ answer }) => answer === undefined || answer.status >= 500 || answer.status === 429).length;
}
