import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRecording, readV3, toRequestList } from '../../fixtures/recordings/load.ts';
import { decodeCapture } from '../capture/decode.ts';
import type { RunReport } from '../model/report.ts';
import { callMain } from './testing/call-main.ts';

const SCENARIO = 'drop-all-reviews';
const recording = readRecording(SCENARIO);
const { data } = recording.legacy as { readonly data: readonly object[] };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-import-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const call = (...argv: string[]) => callMain(['import', ...argv], { cwd: folder });
const write = (name: string, value: unknown) =>
  writeFileSync(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value));
const captureIn = (name: string) => decodeCapture(readFileSync(join(folder, name), 'utf8'));

describe('hopcheck import', () => {
  it('writes a capture that only its owner can read, and prints its content and the command to judge it', async () => {
    write('traces.json', recording.legacy);
    const { exitCode, stdout, stderr } = await call('traces.json');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    await expect(stdout).toMatchFileSnapshot('golden/import.txt');
    expect(statSync(join(folder, 'traces.imported.capture')).mode & 0o777).toBe(0o600);
    const judged = await callMain(['judge', 'traces.imported.capture', '--short'], { cwd: folder });
    expect({ exitCode: judged.exitCode, stdout: judged.stdout }).toEqual({
      exitCode: 1,
      stdout: expect.stringContaining('HC501'),
    });
  });

  it('reads a packed dump from standard input, as judge reads its capture', async () => {
    const stdin = gzipSync(JSON.stringify(recording.legacy));
    const { exitCode, stderr } = await callMain(['import', '-', '--report', 'json=a.json'], { cwd: folder, stdin });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining('stdin.imported.capture') });
    const capture = zstdCompressSync(readFileSync(join(folder, 'stdin.imported.capture')));
    await callMain(['judge', '-', '--report', 'json=b.json'], { cwd: folder, stdin: capture });
    expect(readFileSync(join(folder, 'b.json'), 'utf8')).toBe(readFileSync(join(folder, 'a.json'), 'utf8'));
  });

  it('judges at once, with the report alone on standard output', async () => {
    write('traces.json', recording.legacy);
    const { exitCode, stdout, stderr } = await call('traces.json', '--report', 'json', '--out', 'kept/a.capture');
    const report = JSON.parse(stdout) as RunReport;
    expect({ exitCode, verdict: report.verdict, imported: report.run.imported }).toEqual({
      exitCode: 1,
      verdict: 'fail',
      imported: { files: 1, traces: 10, foreign: 0, requests: false, complete: false },
    });
    expect(stderr).toContain('kept/a.capture: 10 traces of 1 file');
    expect(captureIn('kept/a.capture').end).toBe('complete');
    const judged = await callMain(['judge', 'kept/a.capture', '--report', 'json'], { cwd: folder });
    expect(JSON.parse(judged.stdout)).toEqual(report);
  });

  it('keeps no capture where none is wanted, and reports the same', async () => {
    write('traces.json', recording.legacy);
    const { stdout: kept } = await call('traces.json', '--report', 'json');
    rmSync(join(folder, 'traces.imported.capture'));
    const { exitCode, stdout, stderr } = await call('traces.json', '--report', 'json', '--no-out');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: kept });
    expect(stderr).toContain('no capture is kept: 10 traces of 1 file');
    expect(readdirSync(folder)).toEqual(['traces.json']);
  });

  it('judges where no capture is kept, because nothing else would be left', async () => {
    write('traces.json', recording.legacy);
    const { exitCode, stdout } = await call('traces.json', '--no-out', '--short');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: expect.stringContaining('HC501') });
  });

  it('reads files and folders, in any depth and through links, each once, and merges traces found twice', async () => {
    mkdirSync(join(folder, 'saved/deep'), { recursive: true });
    write('saved/deep/b.json', { data: data.slice(0, 4) });
    write(
      'saved/a.ndjson',
      data
        .slice(2, 7)
        .map((trace) => JSON.stringify(trace))
        .join('\n'),
    );
    write('saved/c.JSON', readV3(SCENARIO));
    write('saved/notes.txt', 'not a dump');
    write('saved/meta.json', { scenario: 'x' });
    write('more.json', { data: data.slice(7) });
    symlinkSync(join(folder, 'more.json'), join(folder, 'saved/link.json'));
    const { exitCode, stdout } = await call('saved', 'more.json', 'saved/deep', '--out', 'x.capture');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining('10 traces of 4 files') });
    expect(stdout).toContain('saved/meta.json: JSON of something else, passed over');
    const { traces, fragments } = captureIn('x.capture');
    expect([...traces, ...fragments].map(({ spans }) => spans.length).toSorted()).toEqual(
      data.map((trace) => (trace as { spans: unknown[] }).spans.length).toSorted(),
    );
  });

  it('is the command that judge names when it gets a dump', async () => {
    write('traces.json', recording.legacy);
    const { exitCode, stderr } = await callMain(['judge', 'traces.json'], { cwd: folder });
    expect({ exitCode, stderr: stderr.replace(/\s+/g, ' ') }).toEqual({
      exitCode: 64,
      stderr: expect.stringContaining(
        'traces.json is not a capture but traces saved from a trace backend: hopcheck import traces.json',
      ),
    });
  });

  it.each([
    ['--out', 'traces.json'],
    ['--report', 'json=traces.json'],
  ])('does not replace its input: %s %s', async (option, value) => {
    write('traces.json', recording.legacy);
    const { exitCode, stderr } = await call('traces.json', option, value);
    expect({ exitCode, stderr }).toEqual({ exitCode: 64, stderr: expect.stringContaining('a separate file') });
    expect(JSON.parse(readFileSync(join(folder, 'traces.json'), 'utf8'))).toEqual(recording.legacy);
  });

  it('makes the same capture of the same dump', async () => {
    write('a.json', recording.legacy);
    write('b.json', { data: data.toReversed() });
    await call('a.json');
    await call('b.json');
    const text = (name: string) => readFileSync(join(folder, name), 'utf8').replace(/"traces":\[.*/, '');
    expect(text('b.imported.capture')).toEqual(text('a.imported.capture'));
  });

  it('takes the list of requests, which may lie beside the dump, and --complete', async () => {
    mkdirSync(join(folder, 'saved'));
    write('saved/a.json', recording.legacy);
    write('saved/sent.json', toRequestList(recording));
    const { exitCode, stdout } = await call('saved', '--requests', 'saved/sent.json', '--complete');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.not.stringContaining('passed over') });
    expect(stdout).toMatch(/^saved.imported.capture: 10 traces of 1 file, declared complete · 6 listed requests · 0/);
    expect(captureIn('saved.imported.capture').preflight.markerSearch).toBe('supported');
  });

  it('keeps credentials of the list out of every output', async () => {
    const canary = 'canary-7f3a9c51';
    const list = toRequestList(recording) as { requests: { headers: object; page: { banners: object[] } }[] };
    for (const { headers, page } of list.requests) {
      Object.assign(headers, { Cookie: `session=${canary}`, Authorization: `Bearer ${canary}`, 'x-color': 'blue' });
      page.banners.push({ service: 'details', text: `no such user: ${canary}` });
    }
    write('a.json', recording.legacy);
    write('sent.json', list);
    const { stdout, stderr } = await call('a.json', '--requests', 'sent.json', '--judge', '--verbose');
    const text = readFileSync(join(folder, 'a.imported.capture'), 'utf8');
    expect(text).toContain('["authorization","$REQUEST_AUTHORIZATION"]');
    expect(text).toContain('["x-color","$REQUEST_X_COLOR"]');
    for (const written of [stdout, stderr, text]) expect(written).not.toContain(canary);
  });

  it('applies the configuration, by flag, environment and file', async () => {
    write('a.json', recording.legacy);
    write('hopcheck.config.json', {
      ingress: 'http://me:secret-word@shop.example',
      jaeger: 'http://jaeger.example/ui/',
    });
    const { exitCode } = await call('a.json', '--shares', 'reviews=v1:1,v2:1,v3:2');
    const { run, expectations, configuration } = captureIn('a.imported.capture');
    expect({ exitCode, ingress: run.ingress, traceBackend: run.traceBackend }).toEqual({
      exitCode: 0,
      ingress: 'http://shop.example/',
      traceBackend: 'http://jaeger.example/ui',
    });
    expect(expectations.shares).toMatchObject({ value: { v1: 1, v2: 1, v3: 2 }, source: 'flag' });
    expect(JSON.stringify(configuration)).not.toContain('secret-word');
  });

  it('ends with exit 2 where it finds no trace to judge', async () => {
    write('a.json', {
      data: data.slice(0, 1).map((trace) => ({ ...trace, spans: (trace as { spans: object[] }).spans.slice(-1) })),
    });
    const { exitCode, stdout } = await call('a.json');
    expect(stdout).toContain('nothing to judge: none of 1 trace has a span of istio-ingressgateway');
    expect(exitCode).toBe(2);
    expect((await call('a.json', '--judge')).exitCode).toBe(2);
  });

  it('lets no control character of a name or a file reach the terminal', async () => {
    write('a.json', '{"data": [{"traceID": "\\u001b[2J", "spans": [{}]}]}');
    const { exitCode, stderr } = await call('a.json');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
    expect({ exitCode, stderr }).toEqual({ exitCode: 64, stderr: expect.not.stringMatching(/\u001b/) });
  });
});

describe('bad usage of hopcheck import', () => {
  const said: string[] = [];
  it.each([
    [[], "missing required argument 'path', or the option --from"],
    [['none.json'], 'none.json: expected a file or folder that can be read'],
    [['empty'], 'empty: expected at least one trace'],
    [['other.json'], 'other.json: expected at least one trace'],
    [
      ['cut.json'],
      "cut.json, line 2 column 11: expected JSON of a trace backend's query API; received JSON that ends too early",
    ],
    [['page.json'], 'received an HTML or XML page'],
    [['a.json', '--requests', 'none.json'], 'none.json: expected a file or folder that can be read'],
    [['a.json', '--requests', 'a.json'], 'a.json, schema: expected "hopcheck/requests@1"'],
    [
      ['a.json', '--out', '/proc/none/x'],
      '--out "/proc/none/x" (from flag --out): expected a path that can be written',
    ],
    [['a.json', '--shares', 'reviews=v9:1'], 'expected versions of reviews: v1, v2, v3'],
    [['a.json', '--complet'], '(Did you mean --complete?)'],
    [['a.json', '--format', 'b4'], '--format "b4"'],
    [['a.json', '--report', 'yaml'], '--report "yaml"'],
  ])('gets one message and exit 64, and no file: %j', async (argv, message) => {
    mkdirSync(join(folder, 'empty'));
    write('a.json', recording.legacy);
    write('other.json', '{"scenario": "x"}');
    write('cut.json', '{"data": [\n{"spans": ');
    write('page.json', '<!doctype html>');
    const { exitCode, stdout, stderr } = await call(...argv);
    expect(stderr.replace(/\s+/g, ' ')).toContain(message);
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' });
    expect(readdirSync(folder).filter((name) => name.endsWith('.capture'))).toEqual([]);
    said.push(`hopcheck import ${argv.join(' ')}\n${stderr.replaceAll(folder, '…')}`);
  });

  it('gets the messages of the golden file', async () => {
    await expect(said.join('\n')).toMatchFileSnapshot('golden/import-errors.txt');
  });
});
