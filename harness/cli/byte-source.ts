import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, Readable, type Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';

/** Bytes read at a time. */
const CHUNK_BYTES = 1 << 20;

/** The bytes of a file or of standard input, unpacked where they are gzip or zstd, whatever the name says. */
export interface ByteSource {
  readonly chunks: AsyncIterable<Buffer>;
  /** So many bytes of the file itself have been read, packed as they may be. */
  readonly position: () => number;
}

/**
 * @param stdin in place of a file
 * @param isHeld false: the caller copies what it keeps of a piece before it takes the next one. Then a file that is not
 *   packed is read into the same memory again and again
 */
export function openBytes(path: string, stdin?: AsyncIterable<Buffer>, isHeld = true): ByteSource {
  let position = 0;
  const source =
    stdin ?? (isHeld || isPacked(path) ? createReadStream(path, { highWaterMark: CHUNK_BYTES }) : again(path));
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      position += chunk.length;
      yield chunk;
    }
  }
  return { chunks: unpacked(counted()), position: () => position };
}

async function* again(path: string): AsyncGenerator<Buffer> {
  const file = await open(path);
  try {
    // While the caller looks at one piece, the next one is read.
    let [room, other] = [Buffer.allocUnsafeSlow(CHUNK_BYTES), Buffer.allocUnsafeSlow(CHUNK_BYTES)];
    let next = file.read(room, 0, CHUNK_BYTES, null);
    try {
      for (;;) {
        const { bytesRead } = await next;
        if (bytesRead === 0) return;
        next = file.read(other, 0, CHUNK_BYTES, null);
        yield room.subarray(0, bytesRead);
        [room, other] = [other, room];
      }
    } finally {
      // The piece is not wanted any more, nor is its error.
      await next.catch(() => undefined);
    }
  } finally {
    await file.close();
  }
}

function isPacked(path: string): boolean {
  const head = Buffer.alloc(4);
  const file = openSync(path, 'r');
  try {
    return decoderOf(head.subarray(0, readSync(file, head))) !== undefined;
  } finally {
    closeSync(file);
  }
}

async function* unpacked(packed: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* decoded(packed);
  } finally {
    // Also where the reader leaves behind the first piece.
    await packed.return(undefined);
  }
}

async function* decoded(packed: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  while (head.length < 4) {
    const { value, done } = await packed.next();
    if (done === true) break;
    head = head.length === 0 ? value : Buffer.concat([head, value]);
  }
  const decoder = decoderOf(head);
  if (decoder === undefined) {
    if (head.length > 0) yield head;
    yield* packed;
    return;
  }
  async function* whole(): AsyncGenerator<Buffer> {
    yield head;
    yield* packed;
  }
  // An error of either reaches the reader of the last one.
  yield* pipeline(Readable.from(whole()), decoder, () => undefined) as AsyncIterable<Buffer>;
}

/** By their first bytes (RFC 1952 §2.3.1, RFC 8878 §3.1.1). */
function decoderOf(head: Buffer): Transform | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return createGunzip({ chunkSize: CHUNK_BYTES });
  if (head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528) return createZstdDecompress({ chunkSize: CHUNK_BYTES });
  return undefined;
}
