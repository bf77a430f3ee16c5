import type { Exchange } from '../model/exchange.ts';
import type { Trace } from '../model/trace.ts';

/** A request, and the trace of the dump that is its own. */
export interface Claim {
  readonly exchange: Exchange;
  readonly own?: Trace;
  /** The trace it began, under an id that it did not carry. */
  readonly stray?: Trace;
  /** No other request has its user agent. */
  readonly hasMarker: boolean;
}
