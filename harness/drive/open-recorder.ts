import { CaptureRecorder } from '../capture/recorder.ts';
import type { Redactor } from '../capture/redact.ts';
import { ConfigError } from '../config/config-error.ts';

/**
 * @param option that gave the path, for the message.
 * @throws ConfigError when the file cannot be made.
 */
export function openRecorder(redact: Redactor, path: string | undefined, option = '--capture'): CaptureRecorder {
  try {
    return new CaptureRecorder(redact, path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError([
      {
        option,
        value: path ?? '',
        source: `flag ${option}`,
        expected: `a path that can be written (${why})`,
        example: `${option} run.capture`,
      },
    ]);
  }
}
