import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { decodeCapture } from '../capture/decode.ts';
import { CaptureError } from '../capture/part.ts';
import { type CaptureHead, headOf } from '../fleet/group-captures.ts';
import type { Capture } from '../model/capture.ts';

/** A packed capture may not become more than this, bytes. */
const LARGEST = 2 ** 30;

/** A capture that is at hand, packed or not; its name is for messages. */
export interface CaptureSource {
  readonly origin: string;
  /** @throws CaptureError */
  read(): string;
}

export function captureFile(path: string, cwd: string): CaptureSource {
  return { origin: path, read: () => unpacked(bytesOf(path, cwd), path) };
}

/** @throws CaptureError for what is gzip by its first bytes, and cannot be unpacked */
export function unpacked(bytes: Buffer, origin: string): string {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString('utf8');
  try {
    return gunzipSync(bytes, { maxOutputLength: LARGEST }).toString('utf8');
  } catch (cause) {
    throw new CaptureError(`${origin} cannot be unpacked (${messageOf(cause)}); expected a capture packed with gzip`, {
      cause,
    });
  }
}

/** Reads the first record, and whether the last one is the end: thousands of captures need not be at hand at once. */
export function readHead({ origin, read }: CaptureSource): CaptureHead {
  const text = read();
  const end = text.trimEnd();
  const first = text.slice(0, text.indexOf('\n') < 0 ? undefined : text.indexOf('\n'));
  const last = end.slice(end.lastIndexOf('\n') + 1);
  return headOf(origin, decodeCapture(first === last ? `${first}\n` : `${first}\n${last}`, origin));
}

export function readCapture({ origin, read }: CaptureSource): Capture {
  return decodeCapture(read(), origin);
}

function bytesOf(path: string, cwd: string): Buffer {
  try {
    return readFileSync(resolve(cwd, path));
  } catch (cause) {
    throw new CaptureError(
      `${path} cannot be read (${messageOf(cause)}); expected a file written by hopcheck run --capture FILE`,
      { cause },
    );
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
