import { describe, expect, it } from 'vitest';
import { readRecording, toCapture } from '../../fixtures/recordings/load.ts';
import type { Capture } from '../model/capture.ts';
import { decodeCapture } from './decode.ts';
import { CaptureEncoder } from './encode.ts';
import { CaptureLines } from './lines.ts';
import { CaptureError, partsOf } from './part.ts';

const encoder = new CaptureEncoder();
const text = [...partsOf(toCapture(readRecording('drop-all-reviews')))].map((part) => encoder.encode(part)).join('');

function read(bytes: Buffer, chunk: number) {
  const lines = new CaptureLines('a.capture');
  for (let at = 0; at < bytes.length; at += chunk) lines.push(bytes.subarray(at, at + chunk));
  return lines.end();
}

/** Packed spans say the same as others, in another form. */
const plain = (capture: Capture) => JSON.parse(JSON.stringify(capture)) as unknown;

describe('a capture that comes piece by piece', () => {
  it.each([7, 1000, 65_536])('is what it is at once, in pieces of %i bytes', (chunk) => {
    expect(plain(read(Buffer.from(text), chunk))).toEqual(plain(decodeCapture(text)));
  });

  it('is cut where it ends early', () => {
    const bytes = Buffer.from(text);
    expect(plain(read(bytes.subarray(0, -20), 1000))).toEqual(plain(decodeCapture(bytes.subarray(0, -20).toString())));
    expect(read(bytes.subarray(0, bytes.length - 20), 1000).end).toBe('cut');
  });

  it('is refused where the file is something else', () => {
    expect(() => read(Buffer.from('{"data": []}\n'), 5)).toThrow(CaptureError);
    const lines = new CaptureLines('traces.json');
    const piece = Buffer.alloc(64 * 2 ** 20, 'x');
    expect(() => {
      for (let times = 0; times < 5; times += 1) lines.push(piece);
    }).toThrow(/traces\.json is not a capture.*hopcheck import traces\.json --judge/);
  });
});
