import type { RequestDefinition } from '../definition/schema.ts';
import type { SpanId } from '../model/ids.ts';
import type { Trace } from '../model/trace.ts';

/** A request that is learnt from. */
export interface AskedRequest {
  /** As in `requests` of the definition. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** Statuses of a right answer; absent: the one that most answers have, below 400. */
  readonly statuses?: readonly number[];
  /** As a person wrote it, with what no trace shows, such as its body; absent: a plain request. */
  readonly written?: RequestDefinition;
}

/** One request and its own trace. */
export interface RequestTrace {
  /** Name of the {@link AskedRequest}. */
  readonly request: string;
  /** No spans: nothing came. */
  readonly trace: Trace;
  /** The span id that the request carried: what its first span's parent is. */
  readonly carriedParent?: SpanId;
  /** Of the answer; absent: none came, or it is not known. */
  readonly status?: number;
}

export interface LearnInput {
  /** Name of the application. */
  readonly name: string;
  readonly requests: readonly AskedRequest[];
  readonly traces: readonly RequestTrace[];
  /** Traces of the same mesh and time that belong to none of the requests, as far as they are known. */
  readonly loose: readonly Trace[];
  /** What a person declared to have no spans: a call to it is half a hop, and right. */
  readonly declared: Declared;
  /** A single service without calls is a whole application, by a person's word. Default false. */
  readonly mayCallNothing?: boolean;
  /** Names in spans → names of the application, as configured. */
  readonly names: Readonly<Record<string, string>>;
}

export interface Declared {
  /** Services without a sidecar. */
  readonly untraced: ReadonlySet<string>;
  /** Hosts outside of the mesh, by their full names. */
  readonly external: ReadonlySet<string>;
  /** By edge: statuses of gRPC that are right answers. Default none. */
  readonly statuses?: ReadonlyMap<string, readonly string[]>;
}

/** `a->b`: how a call is named in options, messages and counts. */
export function edgeOf(caller: string, callee: string): string {
  return `${caller}->${callee}`;
}
