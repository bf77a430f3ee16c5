import type { Clock } from '../../model/clock.ts';
import { retry } from '../../system/retry.ts';
import { KubeError, type KubeFailure } from './kube-error.ts';

/** An API server that restarts is away for some seconds; together these waits are longer. */
const WAITS_MS = [250, 500, 1000, 2000, 4000] as const;
/** Before anything was ever answered, the address is more likely wrong than the server restarting. */
const FIRST_WAITS_MS = [250, 500] as const;

const TRANSIENT: ReadonlySet<KubeFailure> = new Set(['unreachable', 'throttled', 'server']);

/**
 * Calls again after failures that pass by themselves, a bounded number of times. A timeout is tried once more only,
 * because it costs long.
 */
export class Retrying {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #answered = false;

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
  }

  /** @throws the last KubeError, or the signal's reason. */
  async call<T>(attempt: () => Promise<T>): Promise<T> {
    let timeouts = 0;
    const result = await retry(attempt, {
      clock: this.#clock,
      signal: this.#signal,
      waitMs: (error, failures) => {
        if (!(error instanceof KubeError)) return undefined;
        if (error.kind === 'timeout') timeouts += 1;
        const again = TRANSIENT.has(error.kind) || (error.kind === 'timeout' && timeouts < 2);
        const waits = this.#answered ? WAITS_MS : FIRST_WAITS_MS;
        return again ? waits[failures - 1] : undefined;
      },
    });
    this.#answered = true;
    return result;
  }
}
