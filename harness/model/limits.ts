// Limits that more than one room or document names, each with its unit and its source. A limit of one module stands in
// that module. tools/limits.test.ts holds the documents to them.

/**
 * Added to the longest time a proxy holds a span, for the way from proxy to backend, ms. The sum is the grace time
 * (docs/architecture.md#rule-3).
 */
export const MARGIN_MS = 1000;

/** Envoy's default for the time that a proxy holds spans, ms (docs/facts/envoy.md#flush). */
export const ENVOY_FLUSH_MS = 5000;

/** Clocks may be this far apart beyond the uncertainty of the measurement: less widens no window that matters (HC707). ms */
export const CLOCK_TOLERANCE_MS = 1000;

/**
 * Marked requests of preflight at most. Four make five spans in one worker of the entry service's sidecar, which then
 * flushes at once (docs/facts/envoy.md#flush).
 */
export const PREFLIGHT_REQUESTS = 5;

/**
 * Sent in preflight beside those where spans come late: of a collector that keeps one trace in ten, some come
 * (docs/facts/collector.md#preflight). Each counts as a probe for the calls of the backend.
 */
export const LATE_REQUESTS = 40;

/** Probes a second of `--rate auto`: at the start and whenever the ingress answers in another way, and at most (docs/options.md). */
export const AUTO_RATE = { from: 20, most: 100 } as const;

/** Between two requests of `--wait`, ms. */
export const WAIT_EVERY_MS = 2000;

/** Calls of the backend that a run may make for each probe, and beside them (docs/architecture.md#figures-to-reach). */
export const CALLS_PER_PROBE = 3;
export const CALLS_BESIDE = 50;

export function callAllowance(probes: number): number {
  return CALLS_PER_PROBE * probes + CALLS_BESIDE;
}

/** SLS gives this many spans of a trace, and does not say that there are more (docs/facts/jaeger.md#sls). */
export const SLS_SPANS = 1000;

/** A date can be made of it (ECMA-262, time values), ms since 1970. */
export const LATEST_MS = 8.64e15;

/** A duration that is longer is a slip of the pen, ms. */
export const LONGEST_DURATION_MS = 24 * 3_600_000;
