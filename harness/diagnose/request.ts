import type { Application } from '../model/application.ts';
import type { Fragment } from '../model/capture.ts';
import type { ContextFormat, Exchange } from '../model/exchange.ts';
import type { CheckedHop, ExpectedContext, MadeSpan } from '../model/expected.ts';
import type { Span } from '../model/span.ts';
import type { Assembly } from '../model/trace.ts';
import type { Naming, Workload } from '../model/workload.ts';

/** One request as the diagnosis looks at it: its settled trace, put together. */
export interface ExaminedRequest {
  readonly exchange: Exchange;
  readonly assembly: Assembly;
  readonly made: readonly MadeSpan[];
  readonly makers: ReadonlyMap<Span, Workload | undefined>;
  readonly hops: readonly CheckedHop[];
  /** Proxy spans that cannot be identified: then nothing counts as missing. */
  readonly unidentified: readonly Span[];
  readonly context: ExpectedContext;
  /** A fragment below a break, not the trace of the request itself. */
  readonly isPart?: true;
  /** The application as this request shows it: its entry, and the calls that it can get to. */
  readonly application: Application;
  /** Absent: it is looked at by itself. */
  readonly kind?: RequestKind;
}

/**
 * Requests that differ in ids, times and texts of one request alone (harness/model/trace-form.ts), and that carried the same
 * and were answered by the same versions: an object stands for them. None of them has a fragment.
 */
export interface RequestKind {
  /** How many of the run's traces are of it. */
  readonly traces: number;
}

/** The format that the mesh goes by in this request: a trial that it does not read gets a new context. */
export function carriedFormat(
  { exchange: { probe }, assembly }: ExaminedRequest,
  mesh: ContextFormat | undefined,
): ContextFormat | undefined {
  return probe.format === 'none' || assembly.trace.id !== probe.traceId ? mesh : probe.format;
}

/** True for a trial whose format the mesh reads. */
export function isCarriedTrial({ exchange: { probe }, assembly }: ExaminedRequest): boolean {
  return probe.trial === true && assembly.trace.id === probe.traceId;
}

/** What the diagnosis is made from. */
export interface DiagnosisInput {
  readonly application: Application;
  /** Traces that must be whole, in order of the probes. */
  readonly requests: readonly ExaminedRequest[];
  readonly fragments: ReadonlyMap<string, readonly Fragment[]>;
  /** The mesh's own context format, where it is known. */
  readonly format?: ContextFormat;
  /** How names are read, see identify(). */
  readonly naming?: Naming;
  /** Services of which no span is made, as their port is not declared as HTTP. */
  readonly undeclared: ReadonlySet<string>;
  /** Services whose calls the mesh sees, by the configuration of the cluster. */
  readonly captured: ReadonlySet<string>;
  /** Whether the backend could be searched for fragments. */
  readonly canSearch: boolean;
  /**
   * True where every undecided probe was traced: then a lost context starts a new trace, and a missing one carried the
   * decision not to trace.
   */
  readonly everythingIsTraced: boolean;
  /** False for a dump without a list of requests: it does not show how many of them were traced. */
  readonly samplingIsKnown: boolean;
}
