import { readRecording, toCapture } from '../../../fixtures/recordings/load.ts';
import { CaptureEncoder } from '../../capture/encode.ts';
import { partsOf } from '../../capture/part.ts';

/** The text of a capture file, of a recording. */
export function recordedCapture(name: string): string {
  const encoder = new CaptureEncoder();
  return [...partsOf(toCapture(readRecording(name)))].map((part) => encoder.encode(part)).join('');
}
