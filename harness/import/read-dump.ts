import { BackendError } from '../backend/backend.ts';
import type { BackendRow } from '../backend/backend-row.ts';
import { BACKEND_ROWS } from '../backend/backends.ts';
import { orList } from '../model/or-list.ts';
import type { Trace } from '../model/trace.ts';
import { BACKEND_PRODUCTS } from '../model/trace-backends.ts';
import { ImportError } from './import-error.ts';
import { jsonDocuments } from './json-documents.ts';
import { mergeTraces } from './merge-traces.ts';

const EXPECTED = `traces as ${orList(BACKEND_PRODUCTS)} gives them: ${orList(BACKEND_ROWS.flatMap(({ dump }) => dump.shapes))}`;
const EXAMPLE = "curl -s 'http://127.0.0.1:16686/api/traces/TRACE_ID?raw=true' > trace.json";

/**
 * The traces of one file: legacy answers (search or single, also the bare traces in them), v3 or OTLP JSON, and streams
 * of either. undefined: it is JSON, and not of traces.
 * @throws ImportError that names the place of the first thing that does not fit. Nothing is dropped silently: an answer
 * that says itself that it is not whole is refused.
 */
export function readDump(text: string, file: string): readonly Trace[] | undefined {
  return tracesOf(jsonDocuments(text, file), file);
}

/** {@link readDump}, of what has been parsed already. */
export function tracesOf(documents: readonly unknown[], file: string): readonly Trace[] | undefined {
  const kinds = documents.map(kindOf);
  if (kinds.every((kind) => kind === 'other')) return undefined;
  for (const [index, document] of documents.entries()) {
    const fault = kinds[index] === 'other' ? 'other JSON between them' : faultOf(document);
    if (fault === undefined) continue;
    const place = { file, at: nth(index, documents) };
    throw new ImportError(place, { expected: EXPECTED, received: fault, example: EXAMPLE });
  }
  return mergeTraces(BACKEND_ROWS.flatMap((row) => tracesOfRow(row, kinds, documents, file)));
}

/** Documents of a stream are one answer; others are read one by one, so that a problem names its document. */
function tracesOfRow(
  row: BackendRow,
  kinds: readonly Kind[],
  documents: readonly unknown[],
  file: string,
): readonly Trace[][] {
  const own = documents.flatMap((document, index) =>
    kinds[index] === row ? [{ document, at: nth(index, documents) }] : [],
  );
  if (own.length === 0) return [];
  if (row.dump.isStream) return [parsed(() => row.dump.read(own.map(({ document }) => document)), file, '')];
  return own.map(({ document, at }) => parsed(() => row.dump.read([document]), file, at));
}

/** The row that reads it; `fault`: an answer that says what is wrong. */
type Kind = BackendRow | 'fault' | 'other';

function kindOf(document: unknown): Kind {
  const row = BACKEND_ROWS.find(({ dump }) => dump.isOf(document));
  return row ?? (faultOf(document) === undefined ? 'other' : 'fault');
}

/**
 * What an answer itself says is wrong with it: Jaeger's errors in either API's own way, also beside traces
 * (docs/facts/jaeger.md#legacy-envelope, #v3-replies), and Tempo's word for a trace that was cut
 * (docs/facts/jaeger.md#tempo).
 */
function faultOf(document: unknown): string | undefined {
  if (typeof document !== 'object' || document === null) return undefined;
  const { error, errors, status } = document as Record<string, unknown>;
  if (status === 'PARTIAL') return 'a trace that the backend has cut (status PARTIAL)';
  const first: unknown = Array.isArray(errors) ? errors[0] : error;
  if (typeof first !== 'object' || first === null) return undefined;
  const { msg, message } = first as Record<string, unknown>;
  const said = msg ?? message;
  return typeof said === 'string' ? `an error of the trace backend: ${said.slice(0, 200)}` : undefined;
}

function parsed(read: () => Trace[], file: string, at: string): Trace[] {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    const { place = '', expected = EXPECTED } = error.misfit ?? {};
    throw new ImportError(
      { file, at: [at, place].filter((part) => part !== '').join(', ') },
      { expected, received: error.received ?? 'something else', example: EXAMPLE, cause: error },
    );
  }
}

/** Which of several; nothing where there is but one. */
function nth(index: number, documents: readonly unknown[]): string {
  return documents.length === 1 ? '' : `document ${index + 1} of ${documents.length}`;
}
