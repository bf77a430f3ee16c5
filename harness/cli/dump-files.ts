import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ImportError } from '../import/import-error.ts';
import { mergeTraces } from '../import/merge-traces.ts';
import { readDump } from '../import/read-dump.ts';
import type { BackendApi, SearchedWindow } from '../model/capture.ts';
import type { Trace } from '../model/trace.ts';

export interface Dump {
  /** By trace id, as often as it was found made one. */
  readonly traces: readonly Trace[];
  /** Files with traces in them. */
  readonly files: number;
  /** JSON in a folder that is of something else. */
  readonly passedOver: readonly string[];
  /** Where they were fetched; absent: they come from files. */
  readonly origin?: DumpOrigin;
}

export interface DumpOrigin {
  readonly searched: SearchedWindow;
  readonly api: BackendApi;
  /** With the base path that was found. */
  readonly baseUrl: URL;
  /** Credentials that were sent, for the redactor. */
  readonly secrets: readonly { readonly value: string; readonly placeholder: string }[];
}

/** A file, as it was given or found, and where it really is. */
interface DumpFile {
  readonly shown: string;
  readonly path: string;
  readonly isFound: boolean;
}

const EXAMPLE = 'hopcheck import traces.json, or a folder with .json, .jsonl or .ndjson files';

/**
 * Reads files, and all JSON files of folders and of those in them, by name; what is given twice is read once.
 * @param except a file that is no dump: the list of requests, which may lie beside it.
 * @throws ImportError
 */
export function readDumpFiles(given: readonly string[], cwd: string, except: string | undefined): Dump {
  const files = new Map(given.flatMap((name) => filesOf(name, cwd)).map((file) => [file.path, file]));
  if (except !== undefined) files.delete(attempt(except, () => realpathSync(except)));
  const passedOver: string[] = [];
  const readings: (readonly Trace[])[] = [];
  for (const { shown, path, isFound } of files.values()) {
    const traces = readDump(readText(shown, path), shown);
    if (traces !== undefined) readings.push(traces);
    else if (isFound) passedOver.push(shown);
    else throw nothingIn(shown, 'JSON of something else');
  }
  const traces = mergeTraces(readings).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  if (traces.length > 0) return { traces, files: readings.length, passedOver };
  const others = passedOver.length > 0 ? `; ${passedOver.length} are JSON of something else` : '';
  const read = files.size === 0 ? 'no JSON file' : `${files.size} JSON files without any trace${others}`;
  throw nothingIn(given.join(', '), read);
}

/** Text of a file, or why there is none. @throws ImportError */
export function readText(shown: string, path: string): string {
  return attempt(shown, () => readFileSync(path, 'utf8'));
}

function filesOf(given: string, cwd: string): readonly DumpFile[] {
  const path = attempt(given, () => realpathSync(resolve(cwd, given)));
  if (!attempt(given, () => statSync(path).isDirectory())) return [{ shown: given, path, isFound: false }];
  return attempt(given, () => readdirSync(path, { recursive: true, encoding: 'utf8' }))
    .filter((name) => /\.(json|jsonl|ndjson)$/i.test(name))
    .toSorted()
    .flatMap((name): DumpFile[] => {
      const shown = join(given, name);
      const found = attempt(shown, () => realpathSync(join(path, name)));
      return attempt(shown, () => statSync(found).isFile()) ? [{ shown, path: found, isFound: true }] : [];
    });
}

function attempt<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const received = cause instanceof Error ? cause.message : String(cause);
    const problem = { expected: 'a file or folder that can be read', received, example: EXAMPLE, cause };
    throw new ImportError({ file }, problem);
  }
}

function nothingIn(file: string, received: string): ImportError {
  const expected = 'at least one trace, saved from /api/traces or /api/v3/traces';
  return new ImportError({ file }, { expected, received, example: EXAMPLE });
}
