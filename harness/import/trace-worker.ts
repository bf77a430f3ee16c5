import { LegacyBytes } from '../backend/legacy-bytes.ts';
import { SpanPacker } from '../model/span-packer.ts';
import { answerWith } from '../system/reading-threads.ts';
import { BucketReader, type GivenBucket } from './bucket-reader.ts';
import type { ReadPiece } from './trace-workers.ts';

// The thread of harness/import/trace-workers.ts: reads the traces of a piece of a dump, or of a bucket of spans, and answers
// with their packed spans. The bytes go back with them, because some may have to be read the plain way.

const packer = new SpanPacker();
const reader = new LegacyBytes(packer);
const buckets = new BucketReader();

answerWith((given: Uint8Array<ArrayBuffer> | GivenBucket) =>
  given instanceof Uint8Array ? readPiece(given) : buckets.read(given),
);

function readPiece(bytes: Uint8Array<ArrayBuffer>): ReadPiece {
  const { traces, at } = reader.take(bytes, 0);
  const { batch, words } = packer.finish();
  return { bytes, traces, at, batch, words };
}
