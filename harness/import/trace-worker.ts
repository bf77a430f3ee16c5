import { parentPort } from 'node:worker_threads';
import { LegacyBytes } from '../backend/legacy-bytes.ts';
import { SpanPacker } from '../model/span-packer.ts';
import type { ReadPiece } from './trace-workers.ts';

// The thread of harness/import/trace-workers.ts: reads the traces of a piece of a dump, and answers with their packed spans.
// The piece goes back with them, because the rest of it may have to be read the plain way.

const packer = new SpanPacker();
const reader = new LegacyBytes(packer);

parentPort?.on('message', (bytes: Uint8Array<ArrayBuffer>) => {
  const { traces, at } = reader.take(bytes, 0);
  const { batch, words } = packer.finish();
  const answer: ReadPiece = { bytes, traces, at, batch, words };
  const moved = [bytes, ...Object.values(batch)].map(({ buffer }) => buffer as ArrayBuffer);
  parentPort?.postMessage(answer, moved);
});
