import type { TraceId } from '../model/ids.ts';
import type { Span } from '../model/span.ts';
import type { Trace } from '../model/trace.ts';

/**
 * Several readings of one trace made one: a span that another reading has too is the same span, also where Jaeger has
 * shifted its times for one of them (docs/facts/jaeger.md#raw-reads). Inside one reading nothing is touched: two spans
 * of one id there are a finding (docs/architecture.md#rule-4), so that each span is there as often as in the reading
 * that has it most.
 */
export function mergeTraces(readings: readonly (readonly Trace[])[]): Trace[] {
  const merged = new Map<TraceId, Trace | Merging>();
  for (const reading of readings) {
    for (const trace of reading) {
      const { id, spans } = trace;
      const first = merged.get(id);
      if (first === undefined) {
        merged.set(id, trace);
        continue;
      }
      // Most traces are there once: only of the others the spans are counted.
      const known = 'count' in first ? first : { id, spans: [...first.spans], count: countOf(first.spans) };
      merged.set(id, known);
      const seen = new Map<string, number>();
      for (const span of spans) {
        const key = keyOf(span);
        const nth = (seen.get(key) ?? 0) + 1;
        seen.set(key, nth);
        if (nth <= (known.count.get(key) ?? 0)) continue;
        known.spans.push(span);
        known.count.set(key, nth);
      }
    }
  }
  return [...merged.values()].map((one) => ('count' in one ? { id: one.id, spans: one.spans } : one));
}

interface Merging extends Trace {
  readonly spans: Span[];
  readonly count: Map<string, number>;
}

function countOf(spans: readonly Span[]): Map<string, number> {
  const count = new Map<string, number>();
  for (const span of spans) count.set(keyOf(span), (count.get(keyOf(span)) ?? 0) + 1);
  return count;
}

/** Not its times, which the two APIs round differently, nor its tags, of which each API adds some. */
function keyOf({ id, kind, service }: Span): string {
  return `${id} ${kind} ${service}`;
}

/** Two parts of one reading: all spans of both. */
export function concatenated(some: readonly Trace[], others: readonly Trace[]): readonly Trace[] {
  const traces = new Map(some.map((trace) => [trace.id, trace]));
  for (const { id, spans } of others) traces.set(id, { id, spans: [...(traces.get(id)?.spans ?? []), ...spans] });
  return [...traces.values()];
}
