import type { Trace } from '../model/trace.ts';
import type { TraceBackend } from './backend.ts';
import type { JsonReader } from './read-json.ts';

/** Reads what a person saved of the API's answers. */
export interface DumpReader {
  /** Its shapes, for messages. */
  readonly shapes: readonly string[];
  readonly isOf: (document: unknown) => boolean;
  /** Documents of one file are one answer: a trace may be spread over them. */
  readonly isStream: boolean;
  /** @throws BackendError HC704 that names the place of the first thing that does not fit. */
  readonly read: (documents: readonly unknown[]) => Trace[];
}

/** One query API: how it is recognised, spoken and read from files. Its texts and links are in harness/model/trace-backends.ts. */
export interface BackendRow {
  /**
   * Asks under this base path. undefined: the server does not speak this API there.
   * @throws BackendError where the server cannot be asked.
   */
  readonly detect: (
    baseUrl: URL,
    reader: JsonReader,
    signal?: AbortSignal,
  ) => Promise<TraceBackend['markerSearch'] | undefined>;
  readonly create: (baseUrl: URL, reader: JsonReader, markerSearch: TraceBackend['markerSearch']) => TraceBackend;
  readonly dump: DumpReader;
}

/** A route under the base path. @param path with its query. */
export function routeAt(baseUrl: URL, path: string): URL {
  return new URL(`${baseUrl.pathname.replace(/\/+$/, '')}${path}`, baseUrl);
}
