import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRecording, readV3 } from '../../fixtures/recordings/load.ts';
import { zipkinSpans } from '../../fixtures/testing/zipkin-spans.ts';
import { type ReadingOptions, readDumpFiles } from './dump-files.ts';

const { legacy } = readRecording('healthy-v1-zipkin-gw2') as unknown as { legacy: { data: { traceID: string }[] } };
const text = JSON.stringify(legacy);
const ids = legacy.data.map(({ traceID }) => traceID).toSorted();

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-dump-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const read = (given: readonly string[], options: Partial<ReadingOptions> = {}) =>
  readDumpFiles(given, { cwd: folder, ...options });
const idsOf = async (dump: ReturnType<typeof read>) => (await dump).traces.map(({ id }) => id);

describe.each([
  { way: 'at once', wholeBytes: 2 ** 20 },
  { way: 'as a stream', wholeBytes: 0 },
])('a dump that is read $way', ({ wholeBytes }) => {
  it('is plain, gzip or zstd, whatever its name says, and in a folder', async () => {
    writeFileSync(join(folder, 'a.json'), text);
    writeFileSync(join(folder, 'b.json.gz'), gzipSync(text));
    writeFileSync(join(folder, 'c.jsonl.zst'), zstdCompressSync(text));
    writeFileSync(join(folder, 'd.json'), gzipSync(text));
    writeFileSync(join(folder, 'e.txt'), 'no JSON');
    for (const name of ['a.json', 'b.json.gz', 'c.jsonl.zst', 'd.json'])
      await expect(idsOf(read([name], { wholeBytes }))).resolves.toEqual(ids);
    const all = await read(['.'], { wholeBytes });
    expect({ files: all.files, traces: all.traces.length }).toEqual({ files: 4, traces: ids.length });
  });

  it('comes from standard input', async () => {
    async function* stdin() {
      const packed = gzipSync(text);
      for (let at = 0; at < packed.length; at += 3) yield packed.subarray(at, at + 3);
    }
    await expect(idsOf(read(['-'], { wholeBytes, stdin: stdin() }))).resolves.toEqual(ids);
  });

  it('is refused with its name where it is packed and cut', async () => {
    writeFileSync(join(folder, 'cut.json.gz'), gzipSync(text).subarray(0, 500));
    await expect(read(['cut.json.gz'], { wholeBytes })).rejects.toThrow(/^cut\.json\.gz: expected a file or folder/);
  });
});

describe('traces that lie scattered', () => {
  const v3 = readV3('healthy-v1-zipkin-gw2') as { result: { resourceSpans: object[] } };
  const groups = v3.result.resourceSpans;
  const spans = zipkinSpans(v3);
  const parts = [0, 1, 2].map((nth) => groups.filter((_, index) => index % 3 === nth));
  const plain = async (dump: ReturnType<typeof read>) => JSON.parse(JSON.stringify((await dump).traces));
  const onDisk = { wholeBytes: 0, buckets: { mostHeldBytes: 0 } };

  it.each([
    ['OTLP, several files', parts.map((resourceSpans) => JSON.stringify({ resourceSpans }))],
    ['OTLP, a line per group', [groups.map((group) => JSON.stringify({ resourceSpans: [group] })).join('\n')]],
    ['Tempo', parts.map((batches) => JSON.stringify({ batches }))],
    ['Zipkin, several files', [JSON.stringify(spans.slice(0, 9)), JSON.stringify([spans.slice(9)])]],
    ['the same traces twice', [JSON.stringify(v3), JSON.stringify(v3), JSON.stringify(groups)].slice(0, 2)],
    ['all of them', [JSON.stringify(v3), JSON.stringify(spans), text, JSON.stringify({ batches: parts[0] })]],
  ])('are the same from buckets on disk and from memory: %s', async (_, files) => {
    for (const [index, one] of files.entries()) {
      const packed = [one, gzipSync(one), zstdCompressSync(one)][index % 3] ?? one;
      writeFileSync(join(folder, `${index}.json${['', '.gz', '.zst'][index % 3]}`), packed);
    }
    const whole = await plain(read(['.']));
    expect(whole).toHaveLength(ids.length);
    await expect(plain(read(['.'], onDisk))).resolves.toEqual(whole);
    // As soon as the first bytes are too many.
    await expect(plain(read(['.'], { ...onDisk, wholeBytes: 20_000 }))).resolves.toEqual(whole);
  });

  it('come from standard input, and as far as they were read when they end', async () => {
    const bytes = Buffer.from(groups.map((group) => JSON.stringify({ resourceSpans: [group] })).join('\n'));
    const ending = new AbortController();
    async function* stdin(isEnded: boolean) {
      yield bytes.subarray(0, bytes.length / 2);
      if (!isEnded) {
        yield bytes.subarray(bytes.length / 2);
        return;
      }
      ending.abort();
      yield bytes.subarray(bytes.length / 2, bytes.length / 2 + 10);
      throw new Error('nothing more is read');
    }
    await expect(idsOf(read(['-'], { ...onDisk, stdin: stdin(false) }))).resolves.toEqual(ids);
    const some = await read(['-'], { ...onDisk, stdin: stdin(true), signal: ending.signal });
    expect(some.isCut).toBe(true);
    expect(some.traces.flatMap((trace) => trace.spans).length).toBeLessThan(spans.length);
    expect(some.traces.length).toBeGreaterThan(0);
  });

  it('are refused with folder, reason and remedy where there is no folder for temporary files', async () => {
    writeFileSync(join(folder, 'a.json'), JSON.stringify(v3));
    const missing = join(folder, 'missing');
    await expect(read(['a.json'], { ...onDisk, buckets: { mostHeldBytes: 0, folder: missing } })).rejects.toThrow(
      `${missing}: expected a folder for temporary files`,
    );
  });
});

describe('reading', () => {
  it('says how far it is', async () => {
    writeFileSync(join(folder, 'a.json'), text);
    writeFileSync(join(folder, 'b.json'), text);
    const told: (readonly [number, number | undefined])[] = [];
    await read(['.'], { onProgress: (bytes, of) => told.push([bytes, of]) });
    expect(told).toEqual([
      [text.length, 2 * text.length],
      [2 * text.length, 2 * text.length],
    ]);
  });

  it('can be ended, and gives what was read', async () => {
    async function* stdin(ending: AbortController) {
      const bytes = Buffer.from(text);
      yield bytes.subarray(0, bytes.length / 2);
      ending.abort();
      yield bytes.subarray(bytes.length / 2, bytes.length / 2 + 10);
      throw new Error('nothing more is read');
    }
    const ended = (wholeBytes?: number) => {
      const ending = new AbortController();
      const options = { stdin: stdin(ending), signal: ending.signal };
      return read(['-'], { ...options, ...(wholeBytes !== undefined && { wholeBytes }) });
    };
    const dump = await ended(0);
    expect(dump.isCut).toBe(true);
    expect(dump.traces.length).toBeGreaterThan(0);
    expect(dump.traces.length).toBeLessThan(ids.length);
    // A small file is parsed as a whole, and this one is not whole.
    await expect(ended()).resolves.toMatchObject({ traces: [], isCut: true });
  });
});
