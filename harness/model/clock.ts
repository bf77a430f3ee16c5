/** The one way time comes in (docs/architecture.md#one-clock): a simulated clock replaces it in tests and labs. */
export interface Clock {
  /** Epoch, ms. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
