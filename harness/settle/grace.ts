import { ENVOY_FLUSH_MS, MARGIN_MS } from '../model/limits.ts';

/** A shorter flush is that of a lab, where a busy machine alone makes spans late, ms. */
const LAB_FLUSH_MS = 1000;

/**
 * How long after an answer spans may still come: the flush and the margin, ms. A lag disproves a shorter flush that was
 * configured: no span of 84 000 of real Envoy took longer than its flush (docs/waiting.md). The lag is itself only a lower
 * bound, and Envoy's default is more likely.
 * @param flushMs as configured
 * @param lagMs the longest that was seen; absent: none
 */
export function graceMs(flushMs: number, lagMs = 0): number {
  const isDisproved = flushMs >= LAB_FLUSH_MS && lagMs > flushMs;
  return Math.max(flushMs, lagMs, isDisproved ? ENVOY_FLUSH_MS : 0) + MARGIN_MS;
}

/**
 * How long after the run's last answer a trace waits that is of its late tail, ms: twice the time before what a trace lacks
 * counts, so 12 s with Envoy's flush. Spans that take up to 7 s beside their flush come within it.
 * @param flushMs as configured
 */
export function tailWaitMs(flushMs: number): number {
  return 2 * lackGraceMs(flushMs);
}

/**
 * The same before what a trace lacks counts, ms. A proxy that holds its spans for Envoy's 5 s shows no lag before it sends. So
 * few probes cannot disprove a shorter flush that was configured: their traces are whole at once, or lack spans and are
 * still. Whole traces do not wait.
 */
export function lackGraceMs(flushMs: number, lagMs?: number): number {
  return Math.max(graceMs(flushMs, lagMs), flushMs >= LAB_FLUSH_MS ? ENVOY_FLUSH_MS + MARGIN_MS : 0);
}
