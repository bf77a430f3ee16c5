import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readBucketsInThreads } from '../import/bucket-traces.ts';
import { DumpStream } from '../import/dump-stream.ts';
import { ImportError } from '../import/import-error.ts';
import { mergeTraces } from '../import/merge-traces.ts';
import { ParallelDump } from '../import/parallel-dump.ts';
import { readDump } from '../import/read-dump.ts';
import { type BucketsOptions, SpanBuckets } from '../import/span-buckets.ts';
import { TraceWorkers } from '../import/trace-workers.ts';
import type { BackendApi, SearchedWindow } from '../model/capture.ts';
import { CompactSpans } from '../model/compact-spans.ts';
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
  /** Files are parsed at once as long as all of them have no more bytes than this, unpacked. Default: 16 MiB. */
  readonly wholeBytes?: number;
  /** Where and beyond which size spans of OTLP and Zipkin lie on disk. */
  readonly buckets?: BucketsOptions;
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
  await using reading = new Reading(options);
  for (const file of files.values()) {
    if (signal?.aborted) break;
    const isLarge = reading.isLarge(file.bytes ?? 0);
    const source = openBytes(file.path, file.path === STDIN ? options.stdin : undefined, !isLarge);
    const told = () => options.onProgress?.(before + source.position(), total);
    const hasTraces = await reading.read(file.shown, source, told, isLarge);
    before += source.position();
    if (hasTraces) continue;
    if (!file.isFound) throw nothingIn(file.shown, 'JSON of something else');
    passedOver.push(file.shown);
  }
  const readings = await reading.end();
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

/** The reading of several files: what they have in common, and what each of them had. */
class Reading implements AsyncDisposable {
  readonly #options: ReadingOptions;
  readonly #buckets: SpanBuckets;
  readonly #workers = new TraceWorkers();
  readonly #compact = new CompactSpans();
  readonly #files: (readonly Trace[] | DumpStream)[] = [];
  /** Bytes that were parsed at once. */
  #parsedBytes = 0;
  /** Memory is given back early. */
  #isSmall = false;

  constructor(options: ReadingOptions) {
    this.#options = options;
    this.#buckets = new SpanBuckets(options.buckets);
  }

  /** With so many bytes more, not all is parsed at once. */
  isLarge(bytes: number): boolean {
    return this.#parsedBytes + bytes > (this.#options.wholeBytes ?? WHOLE_BYTES);
  }

  /** @returns false: it is JSON, and not of traces. @throws ImportError */
  async read(shown: string, source: ByteSource, told: () => void, isLarge: boolean): Promise<boolean> {
    const { signal } = this.#options;
    const first: Buffer[] = [];
    let bytes = 0;
    let dump = isLarge ? this.#open(shown) : undefined;
    try {
      for await (const chunk of source.chunks) {
        told();
        if (dump !== undefined) await dump.parallel.push(chunk);
        else {
          first.push(chunk);
          bytes += chunk.length;
          if (this.isLarge(bytes)) {
            dump = this.#open(shown);
            for (const early of first.splice(0)) await dump.parallel.push(early);
          }
        }
        if (signal?.aborted) break;
      }
    } catch (error) {
      throw error instanceof ImportError ? error : unreadable(shown, error);
    }
    if (dump !== undefined) {
      if (!(await dump.parallel.close(signal?.aborted !== true))) return false;
      this.#files.push(dump.stream);
      return true;
    }
    this.#parsedBytes += bytes;
    const traces = signal?.aborted === true ? [] : readDump(Buffer.concat(first).toString('utf8'), shown);
    if (traces !== undefined) this.#files.push(traces);
    return traces !== undefined;
  }

  /** The traces of each file that has some. @throws ImportError */
  async end(): Promise<readonly (readonly Trace[])[]> {
    const cut = (await readBucketsInThreads(this.#buckets, this.#compact, this.#workers)).end();
    return this.#files.map((file) => (file instanceof DumpStream ? file.traces(cut) : file));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#buckets[Symbol.dispose]();
    await this.#workers.stop();
  }

  #open(shown: string): { readonly stream: DumpStream; readonly parallel: ParallelDump } {
    if (!this.#isSmall) keepHeapSmall();
    this.#isSmall = true;
    const stream = new DumpStream(shown, this.#compact, false, this.#buckets);
    return { stream, parallel: new ParallelDump(stream, this.#workers) };
  }
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
