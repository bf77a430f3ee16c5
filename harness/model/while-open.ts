import { endMicros, type Span } from './span.ts';

/**
 * Clocks of a sidecar's two sides are one; spans are cut to whole microseconds (docs/facts/envoy.md#healthy-traces).
 */
const ALLOWANCE_MICROS = 1000;

/** From when to when a span that was made while this one was open may begin, both included. */
export function openMicros(around: Span): { readonly from: number; readonly to: number } {
  return { from: around.startMicros - ALLOWANCE_MICROS, to: endMicros(around) + ALLOWANCE_MICROS };
}

/** Begun while the other was open, on the clock of one sidecar. */
export function isDuring({ startMicros }: Span, around: Span): boolean {
  const { from, to } = openMicros(around);
  return startMicros >= from && startMicros <= to;
}
