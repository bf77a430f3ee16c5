import type { Capture, Fragment, Incident, Preflight, Timings } from '../model/capture.ts';
import type { Exchange } from '../model/exchange.ts';

/** A piece of a capture, in the order in which a run comes to know it. */
export type CapturePart =
  | {
      readonly type: 'head';
      readonly head: Pick<
        Capture,
        'schema' | 'run' | 'imported' | 'application' | 'expectations' | 'configuration' | 'plan' | 'cluster'
      >;
    }
  | { readonly type: 'preflight'; readonly preflight: Preflight }
  | { readonly type: 'exchange'; readonly exchange: Exchange }
  | { readonly type: 'trace'; readonly trace: Capture['traces'][number] }
  | { readonly type: 'fragment'; readonly fragment: Fragment }
  | { readonly type: 'incident'; readonly incident: Incident }
  | { readonly type: 'end'; readonly end: Exclude<Capture['end'], 'cut'>; readonly timings: Timings };
