import type { FindingCode } from '../model/codes.ts';
import type { Exchange } from '../model/exchange.ts';
import type { Fact } from '../model/facts/facts.ts';
import type { FindingRef, Subject } from '../model/finding.ts';
import type { Span } from '../model/span.ts';
import type { RunView, TraceView } from './run-view.ts';

/** A note of a promise, as far as a circumstance looks at it. */
export interface Noted {
  readonly code: FindingCode;
  readonly subject: Subject;
  readonly received: Fact;
  readonly exchange?: Exchange;
  readonly spans?: readonly Span[];
}

/**
 * A setting, or a change of the mesh, that was found by itself and from which other findings follow. It explains what it
 * could have caused and nothing else (docs/architecture.md#rule-11).
 */
export interface Circumstance {
  /** The finding that names it. undefined: it does not account for the note. */
  readonly explains: (note: Noted) => FindingRef | undefined;
}

const byProbe = new WeakMap<RunView['traces'], ReadonlyMap<string, TraceView>>();

/** The trace of a note's probe; undefined: it has none. */
export function traceOf({ exchange }: Noted, { traces }: RunView): TraceView | undefined {
  const known = byProbe.get(traces) ?? new Map(traces.map((trace) => [trace.exchange.probe.id, trace]));
  byProbe.set(traces, known);
  return exchange && known.get(exchange.probe.id);
}

/** Services that a subject names. */
export function servicesIn(subject: Subject): readonly string[] {
  if (subject.kind === 'hop') return [subject.caller, subject.callee];
  return subject.kind === 'service' ? [subject.service] : [];
}
