import type { Capture } from '../model/capture.ts';
import type { CapturePart } from './part.ts';

/**
 * A whole capture as its parts, in the order of the file, so that one made in memory can be written too. One that was
 * cut has no end record: it is cut again when it is read, and its timings, which stand in that record, are lost.
 */
export function* partsOf(capture: Capture): Generator<CapturePart> {
  const { schema, run, imported, application, expectations, configuration, plan, cluster } = capture;
  const facts = { ...(imported !== undefined && { imported }), ...(cluster !== undefined && { cluster }) };
  yield { type: 'head', head: { schema, run, application, expectations, configuration, plan, ...facts } };
  yield { type: 'preflight', preflight: capture.preflight };
  for (const exchange of capture.exchanges) yield { type: 'exchange', exchange };
  for (const trace of capture.traces) yield { type: 'trace', trace };
  for (const fragment of capture.fragments) yield { type: 'fragment', fragment };
  for (const incident of capture.incidents) yield { type: 'incident', incident };
  if (capture.end !== 'cut') yield { type: 'end', end: capture.end, timings: capture.timings };
}
