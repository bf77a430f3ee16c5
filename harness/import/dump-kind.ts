import type { BackendRow } from '../backend/backend-row.ts';
import { BACKEND_ROWS } from '../backend/backends.ts';

/** The row that reads it; `fault`: an answer that says what is wrong. */
export type Kind = BackendRow | 'fault' | 'other';

export function kindOf(document: unknown): Kind {
  const row = BACKEND_ROWS.find(({ dump }) => dump.isOf(document));
  return row ?? (faultOf(document) === undefined ? 'other' : 'fault');
}

/**
 * The errors that an answer itself names: Jaeger's errors in either API's own way, also beside traces
 * (docs/facts/jaeger.md#legacy-envelope, #v3-replies), and Tempo's word for a trace that was cut
 * (docs/facts/jaeger.md#tempo).
 */
export function faultOf(document: unknown): string | undefined {
  if (typeof document !== 'object' || document === null) return undefined;
  const { error, errors, status } = document as Record<string, unknown>;
  if (status === 'PARTIAL') return 'a trace that the backend has cut (status PARTIAL)';
  const first: unknown = Array.isArray(errors) ? errors[0] : error;
  if (typeof first !== 'object' || first === null) return undefined;
  const { msg, message } = first as Record<string, unknown>;
  const said = msg ?? message;
  return typeof said === 'string' ? `an error of the trace backend: ${said.slice(0, 200)}` : undefined;
}
