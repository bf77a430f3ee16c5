import type { Incident } from '../model/capture.ts';
import type { BackendError } from './backend.ts';

/** A failure of the backend as data, for the capture. */
export function toIncident(error: BackendError, during: Incident['during']): Incident {
  return {
    code: error.code,
    during,
    message: error.message,
    hint: error.hint,
    times: 1,
    ...(error.expected !== undefined && { expected: error.expected }),
    ...(error.received !== undefined && { received: error.received }),
  };
}
