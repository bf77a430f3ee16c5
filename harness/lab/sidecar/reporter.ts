import type { Clock } from '../../model/clock.ts';
import type { Random } from '../random.ts';
import type { ReportedSpan } from './report.ts';

export interface ReporterOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly minSpans: number;
  readonly intervalMs: number;
  /** Sends one batch; a failure loses it, as with Envoy: one POST, no retry. */
  readonly send: (spans: readonly ReportedSpan[]) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * One worker's buffer: sent at five spans, or when its own timer says so, whichever is first
 * (docs/facts/envoy.md#flush).
 */
export class WorkerReporter {
  readonly #options: ReporterOptions;
  #buffer: ReportedSpan[] = [];

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#runTimer();
  }

  add(span: ReportedSpan): void {
    this.#buffer.push(span);
    if (this.#buffer.length === this.#options.minSpans) this.#flush();
  }

  /** Every worker's timer has its own phase; what is buffered when the proxy ends is lost. */
  async #runTimer(): Promise<void> {
    const { clock, random, intervalMs, signal } = this.#options;
    try {
      await clock.sleep(random.next() * intervalMs, signal);
      for (;;) {
        this.#flush();
        await clock.sleep(intervalMs, signal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  #flush(): void {
    if (this.#buffer.length === 0) return;
    const spans = this.#buffer;
    this.#buffer = [];
    // Lost when the collector is away: that is how Envoy does it, and what the fault is about.
    this.#options.send(spans).catch(() => undefined);
  }
}
