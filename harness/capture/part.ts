import type { Capture, Fragment, Incident, Preflight, Timings } from '../model/capture.ts';
import type { Exchange } from '../model/exchange.ts';
import { HopcheckError } from '../model/hopcheck-error.ts';
import type { Data } from '../model/schema.ts';
import type { RECORDS } from './schema.ts';

/** A piece of a capture, in the order in which a run learns it. */
export type CapturePart =
  | { readonly type: 'head'; readonly head: Data<typeof RECORDS.head>['head'] }
  | { readonly type: 'preflight'; readonly preflight: Preflight }
  | { readonly type: 'exchange'; readonly exchange: Exchange }
  | { readonly type: 'trace'; readonly trace: Capture['traces'][number] }
  | { readonly type: 'fragment'; readonly fragment: Fragment }
  | { readonly type: 'changes'; readonly changes: NonNullable<Capture['changes']> }
  | { readonly type: 'incident'; readonly incident: Incident }
  | { readonly type: 'end'; readonly end: Exclude<Capture['end'], 'cut'>; readonly timings: Timings };

/**
 * A whole capture as its parts, in the order of the file, so that one made in memory can be written too. One that was
 * cut has no end record: it is cut again when it is read, and its timings, which stand in that record, are lost.
 */
export function* partsOf(capture: Capture): Generator<CapturePart> {
  const { schema, run, imported, application, expectations, configuration, plan, cluster, target, parts } = capture;
  const facts = {
    ...(imported !== undefined && { imported }),
    ...(cluster !== undefined && { cluster }),
    ...(target !== undefined && { target }),
    ...(parts !== undefined && { parts }),
  };
  yield { type: 'head', head: { schema, run, application, expectations, configuration, plan, ...facts } };
  yield { type: 'preflight', preflight: capture.preflight };
  for (const exchange of capture.exchanges) yield { type: 'exchange', exchange };
  for (const trace of capture.traces) yield { type: 'trace', trace };
  for (const fragment of capture.fragments) yield { type: 'fragment', fragment };
  if (capture.changes !== undefined) yield { type: 'changes', changes: capture.changes };
  for (const incident of capture.incidents) yield { type: 'incident', incident };
  if (capture.end !== 'cut') yield { type: 'end', end: capture.end, timings: capture.timings };
}

/**
 * A file that is not a capture, or not one that this version can read. The message says what, where and what was
 * expected.
 */
export class CaptureError extends HopcheckError {
  override readonly name = 'CaptureError' as const;
}
