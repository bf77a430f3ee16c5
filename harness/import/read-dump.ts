import { BackendError } from '../backend/backend.ts';
import type { BackendRow } from '../backend/backend-row.ts';
import { BACKEND_ROWS } from '../backend/backends.ts';
import { orList } from '../model/or-list.ts';
import type { Trace } from '../model/trace.ts';
import { BACKEND_PRODUCTS } from '../model/trace-backends.ts';
import { faultOf, type Kind, kindOf } from './dump-kind.ts';
import { ImportError } from './import-error.ts';
import { jsonDocuments } from './json-documents.ts';
import { mergeTraces } from './merge-traces.ts';

/** What a dump should be, for messages. */
export const EXPECTED = `traces as ${orList(BACKEND_PRODUCTS)} gives them: ${orList(BACKEND_ROWS.flatMap(({ dump }) => dump.shapes))}`;
export const EXAMPLE = "curl -s 'http://127.0.0.1:16686/api/traces/TRACE_ID?raw=true' > trace.json";

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

/**
 * @param nth which items of lists, from the outermost on, were read alone: the place is counted from their beginnings.
 * @throws ImportError with the place, where something does not fit.
 */
export function parsed(read: () => Trace[], file: string, at: string, nth: readonly number[] = []): Trace[] {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    const { place: within = '', expected = EXPECTED } = error.misfit ?? {};
    const place = nth.reduceRight((text, number, index) => withNumber(text, index, number), within);
    throw new ImportError(
      { file, at: [at, place].filter((part) => part !== '').join(', ') },
      { expected, received: error.received ?? 'something else', example: EXAMPLE, cause: error },
    );
  }
}

/** Of bytes that should be JSON. */
export function brokenJson(
  place: { readonly file: string; readonly at: string },
  received: string,
  cause?: unknown,
): ImportError {
  return new ImportError(place, { expected: "JSON of a trace backend's query API", received, example: EXAMPLE, cause });
}

/** `a[0].b[0]` with another number at one of its places. */
function withNumber(place: string, index: number, number: number): string {
  let seen = -1;
  return place.replace(/\[\d+\]/g, (found) => {
    seen += 1;
    return seen === index ? `[${number}]` : found;
  });
}

/** Which of several; nothing where there is but one. */
function nth(index: number, documents: readonly unknown[]): string {
  return documents.length === 1 ? '' : `document ${index + 1} of ${documents.length}`;
}
