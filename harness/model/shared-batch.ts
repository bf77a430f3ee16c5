import type { SpanBatch } from './span-words.ts';

/** Where each array begins: as the widest of them need it, bytes. */
const STEP = 8;

/**
 * The same batch in one piece of memory that threads share: it is handed from one to another without a copy, and several
 * may read it.
 */
export function sharedBatch(batch: SpanBatch): SpanBatch {
  const arrays = Object.values(batch) as readonly (Float64Array | Uint32Array | Uint16Array | Uint8Array)[];
  const memory = new SharedArrayBuffer(arrays.reduce((sum, { byteLength }) => sum + rounded(byteLength), 0));
  let at = 0;
  const place = <Kind extends Float64Array | Uint32Array | Uint16Array | Uint8Array>(
    make: new (memory: SharedArrayBuffer, at: number, length: number) => Kind,
    from: Kind,
  ): Kind => {
    const to = new make(memory, at, from.length);
    to.set(from);
    at += rounded(from.byteLength);
    return to;
  };
  return {
    traceIds: place(Uint8Array, batch.traceIds),
    counts: place(Uint32Array, batch.counts),
    ids: place(Uint8Array, batch.ids),
    parentIds: place(Uint8Array, batch.parentIds),
    startMicros: place(Float64Array, batch.startMicros),
    durationMicros: place(Float64Array, batch.durationMicros),
    frames: place(Uint32Array, batch.frames),
    offsets: place(Uint32Array, batch.offsets),
    cells: batch.cells instanceof Uint16Array ? place(Uint16Array, batch.cells) : place(Uint32Array, batch.cells),
    palette: place(Uint32Array, batch.palette),
  };
}

function rounded(bytes: number): number {
  return Math.ceil(bytes / STEP) * STEP;
}
