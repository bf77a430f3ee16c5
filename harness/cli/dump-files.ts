import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DumpStream } from '../import/dump-stream.ts';
import { ImportError } from '../import/import-error.ts';
import { mergeTraces } from '../import/merge-traces.ts';
import { ParallelDump } from '../import/parallel-dump.ts';
import { readDump } from '../import/read-dump.ts';
import type { BackendApi, SearchedWindow } from '../model/capture.ts';
import type { Trace } from '../model/trace.ts';
import { keepHeapSmall } from '../system/small-heap.ts';
import { type ByteSource, openBytes } from './byte-source.ts';

export interface Dump {
  /** By trace id, as often as it was found made one. */
  readonly traces: readonly Trace[];
  /** Files with traces in them. */
  readonly files: number;
  /** JSON in a folder that is of something else. */
  readonly passedOver: readonly string[];
  /** Reading was ended before the last byte. */
  readonly isCut: boolean;
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
  /** Of the file as it lies there; absent: not known, as of standard input. */
  readonly bytes?: number;
}

export interface ReadingOptions {
  readonly cwd: string;
  /** A file beside the dumps: the list of requests, which may lie beside it. */
  readonly except?: string;
  /** What `-` means. */
  readonly stdin?: AsyncIterable<Buffer>;
  /** Files up to this size, unpacked, are parsed at once. Default: 16 MiB. */
  readonly wholeBytes?: number;
  /** @param of absent: not known */
  readonly onProgress?: (read: number, of?: number) => void;
  /** Ends the reading; what was read until then counts. */
  readonly signal?: AbortSignal;
}

const WHOLE_BYTES = 16 * 2 ** 20;
const STDIN = '-';
const EXAMPLE =
  'hopcheck import traces.json, or a folder with .json, .jsonl or .ndjson files, packed as .gz or .zst or not';

/**
 * Reads files, and all JSON files of folders and of those in them, by name; what is given twice is read once. A large file
 * is read trace by trace, so that its size does not matter, only what its traces need.
 * @throws ImportError
 */
export async function readDumpFiles(given: readonly string[], options: ReadingOptions): Promise<Dump> {
  const { cwd, except, signal } = options;
  const files = new Map(given.flatMap((name) => filesOf(name, cwd)).map((file) => [file.path, file]));
  if (except !== undefined) files.delete(attempt(except, () => realpathSync(except)));
  const sizes = [...files.values()].map(({ bytes }) => bytes);
  const total = sizes.some((bytes) => bytes === undefined)
    ? undefined
    : sizes.reduce<number>((sum, n) => sum + (n ?? 0), 0);
  let before = 0;
  const passedOver: string[] = [];
  const readings: (readonly Trace[])[] = [];
  for (const file of files.values()) {
    if (signal?.aborted) break;
    const isLarge = (file.bytes ?? 0) > (options.wholeBytes ?? WHOLE_BYTES);
    const source = openBytes(file.path, file.path === STDIN ? options.stdin : undefined, !isLarge);
    const told = () => options.onProgress?.(before + source.position(), total);
    const traces = await readOne(file.shown, source, told, { ...options, isLarge });
    before += source.position();
    if (traces !== undefined) readings.push(traces);
    else if (file.isFound) passedOver.push(file.shown);
    else throw nothingIn(file.shown, 'JSON of something else');
  }
  const traces = mergeTraces(readings).sort((a, b) => (a.id < b.id ? -1 : 1));
  const isCut = signal?.aborted === true;
  if (traces.length > 0 || isCut) return { traces, files: readings.length, passedOver, isCut };
  const others = passedOver.length > 0 ? `; ${passedOver.length} are JSON of something else` : '';
  const read = files.size === 0 ? 'no JSON file' : `${files.size} JSON files without any trace${others}`;
  throw nothingIn(given.join(', '), read);
}

/** Text of a file, or why there is none. @throws ImportError */
export function readText(shown: string, path: string): string {
  return attempt(shown, () => readFileSync(path, 'utf8'));
}

/** undefined: it is JSON, and not of traces. */
async function readOne(
  shown: string,
  source: ByteSource,
  told: () => void,
  { wholeBytes = WHOLE_BYTES, signal, isLarge }: ReadingOptions & { readonly isLarge: boolean },
): Promise<readonly Trace[] | undefined> {
  const first: Buffer[] = [];
  let bytes = 0;
  let dump = isLarge ? openDump(shown) : undefined;
  try {
    try {
      for await (const chunk of source.chunks) {
        told();
        if (dump !== undefined) await dump.push(chunk);
        else {
          first.push(chunk);
          bytes += chunk.length;
          if (bytes > wholeBytes) {
            dump = openDump(shown);
            for (const early of first.splice(0)) await dump.push(early);
          }
        }
        if (signal?.aborted) return dump === undefined ? [] : await dump.take();
      }
    } catch (error) {
      throw error instanceof ImportError ? error : unreadable(shown, error);
    }
    return dump === undefined ? readDump(Buffer.concat(first).toString('utf8'), shown) : await dump.end();
  } finally {
    await dump?.stop();
  }
}

function openDump(shown: string): ParallelDump {
  keepHeapSmall();
  return new ParallelDump(new DumpStream(shown));
}

function filesOf(given: string, cwd: string): readonly DumpFile[] {
  if (given === STDIN) return [{ shown: 'standard input', path: STDIN, isFound: false }];
  const path = attempt(given, () => realpathSync(resolve(cwd, given)));
  const stat = attempt(given, () => statSync(path));
  if (!stat.isDirectory()) return [{ shown: given, path, isFound: false, ...(stat.isFile() && { bytes: stat.size }) }];
  return attempt(given, () => readdirSync(path, { recursive: true, encoding: 'utf8' }))
    .filter((name) => /\.(json|jsonl|ndjson)(\.(gz|zst))?$/i.test(name))
    .toSorted()
    .flatMap((name): DumpFile[] => {
      const shown = join(given, name);
      const found = attempt(shown, () => realpathSync(join(path, name)));
      const entry = attempt(shown, () => statSync(found));
      return entry.isFile() ? [{ shown, path: found, isFound: true, bytes: entry.size }] : [];
    });
}

function attempt<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function unreadable(file: string, cause: unknown): ImportError {
  const received = cause instanceof Error ? cause.message : String(cause);
  return new ImportError(
    { file },
    { expected: 'a file or folder that can be read', received, example: EXAMPLE, cause },
  );
}

function nothingIn(file: string, received: string): ImportError {
  const expected = 'at least one trace, saved from /api/traces or /api/v3/traces';
  return new ImportError({ file }, { expected, received, example: EXAMPLE });
}
