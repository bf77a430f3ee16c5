import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRecording } from '../../fixtures/recordings/load.ts';
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
