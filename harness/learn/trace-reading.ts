/** Something in a trace from which nothing must be learnt. */
export interface Defect {
  /**
   * - `orphan`: the span's parent is not in the trace. - `no-server`, `no-client`: half a hop. - `several-roots`: more than
   * one span begins the trace. - `wrong-parent`: a call hangs below another service's span. - `tangled`: cycles, or one id
   * twice. - `no-service`: no service behind the gateway left a span. - `gateway-end`: a call to a gateway, and nothing behind it.
   */
  readonly kind:
    | 'gateway-end'
    | 'orphan'
    | 'no-server'
    | 'no-client'
    | 'several-roots'
    | 'wrong-parent'
    | 'tangled'
    | 'no-service';
  readonly caller?: string;
  readonly callee?: string;
  /** With `no-server`: the callee is a host outside of the cluster, by its name. */
  readonly isOutside?: true;
}

/** Calls of one service to one other in one trace. */
export interface SeenCalls {
  /** How many of those below one SERVER span were answered, at most; 0: all of them failed. */
  readonly times: number;
  /** Codes of gRPC that stand for a right answer, perhaps, and that calls were answered with. */
  readonly statuses: readonly number[];
  /** No call was answered with anything else. */
  readonly isRefused: boolean;
  /** All of them, failed ones too. */
  readonly tries: number;
  readonly through: boolean;
  /** No SERVER span below any of them. */
  readonly isHalf: boolean;
  readonly isOutside: boolean;
  /** Start of the first, for the order in the definition. */
  readonly startMicros: number;
}

/** One version of a service at work on one request. */
export interface Turn {
  readonly service: string;
  readonly version?: string;
  readonly calls: ReadonlyMap<string, SeenCalls>;
}

/** What one request's trace shows. */
export interface TraceReading {
  readonly request: string;
  /** Gateways in the order of the way. */
  readonly gateways: readonly string[];
  readonly entry?: string;
  /** Services with a SERVER span, whatever they answered. */
  readonly services: readonly string[];
  readonly turns: readonly Turn[];
  readonly defects: readonly Defect[];
}
