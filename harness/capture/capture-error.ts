/** A file that is no capture, or not one this version can read; the message says what, where and what was expected. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError' as const;
}
