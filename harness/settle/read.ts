import { BackendError, type TraceBackend } from '../backend/backend.ts';
import type { TraceId } from '../model/ids.ts';
import type { Trace } from '../model/trace.ts';
import { atOnce } from './at-once.ts';

/** What a round of reads brought. An id that is in neither map was not read: the backend failed, or no call was left. */
export interface Reads {
  /** Read; undefined: the backend does not know the id (yet). */
  readonly traces: ReadonlyMap<TraceId, Trace | undefined>;
  readonly failures: readonly { readonly error: BackendError; readonly ids: readonly TraceId[] }[];
}

/** Codes that speak of one answer, not of the backend: the other traces of the batch can still be read. */
const ONE_ANSWER = new Set(['HC704', 'HC713']);

/**
 * Reads many traces, some at a time. A batch spoiled by one bad answer is halved until the bad one stands alone, so that only that one
 * is lost; where all are bad, the calls end first.
 * @param callsAllowed requests that may be sent; at least one is sent.
 */
export async function readTraces(
  backend: TraceBackend,
  ids: readonly TraceId[],
  callsAllowed: number,
  signal: AbortSignal,
): Promise<Reads> {
  const traces = new Map<TraceId, Trace | undefined>();
  const failures: { error: BackendError; ids: readonly TraceId[] }[] = [];
  const queue: (readonly TraceId[])[] = [];
  for (let at = 0; at < ids.length; at += backend.batchSize) queue.push(ids.slice(at, at + backend.batchSize));
  const callsBefore = backend.calls;
  let begun = 0;
  let isGone = false;
  const noneLeft = () => Math.max(begun, backend.calls - callsBefore) >= callsAllowed;
  const isOver = () => isGone || (begun > 0 && noneLeft());
  const read = async (batch: readonly TraceId[]) => {
    begun += 1;
    try {
      const found = await backend.traces(batch, signal);
      for (const id of batch) traces.set(id, found.get(id));
    } catch (error) {
      if (signal.aborted || !(error instanceof BackendError)) throw error;
      // The whole backend is gone or refuses: asking for the rest now would only fail the same way.
      if (!ONE_ANSWER.has(error.code)) {
        if (!isGone) failures.push({ error, ids: batch });
        isGone = true;
        return;
      }
      const half = Math.ceil(batch.length / 2);
      if (batch.length > 1) queue.push(batch.slice(0, half), batch.slice(half));
      // A bad answer is reported once it stands alone, or when there is no call left to find it.
      if (batch.length === 1 || noneLeft()) failures.push({ error, ids: batch });
    }
  };
  while (queue.length > 0 && !isOver()) await atOnce(queue.splice(0), read, isOver);
  return { traces, failures };
}
