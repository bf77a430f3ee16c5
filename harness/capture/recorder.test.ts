import {
  lstatSync,
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
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRecording, toCapture } from '../../fixtures/recordings/load.ts';
import { decodeCapture } from './decode.ts';
import { partsOf } from './part.ts';
import { CaptureRecorder } from './recorder.ts';
import { createRedactor } from './redact.ts';

const capture = toCapture(readRecording('healthy-v1-zipkin-gw2'));
const parts = [...partsOf(capture)];
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-recorder-'));
  path = join(folder, 'run.capture');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const open = () => new CaptureRecorder(createRedactor([]), path);
const read = () => decodeCapture(readFileSync(path, 'utf8'));

describe('a capture on disk', () => {
  it('has its name only when it is whole, and until then a file beside it has what is known', () => {
    writeFileSync(path, 'of an earlier run');
    const recorder = open();
    for (const part of parts.slice(0, 3)) recorder.add(part);
    expect(readFileSync(path, 'utf8')).toBe('of an earlier run');
    const beside = readdirSync(folder).filter((name) => name !== 'run.capture');
    expect(beside).toEqual([`.run.capture.${process.pid}.part`]);
    expect(decodeCapture(readFileSync(join(folder, beside[0]!), 'utf8')).end).toBe('cut');
    for (const part of parts.slice(3)) recorder.add(part);
    recorder.close();
    expect({ end: read().end, left: readdirSync(folder) }).toEqual({ end: 'complete', left: ['run.capture'] });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is one whole file where two processes write to one path at a time', () => {
    const pid = process.pid;
    const [first, second] = [open(), undefined as CaptureRecorder | undefined];
    Object.defineProperty(process, 'pid', { value: pid + 1, configurable: true });
    const other = second ?? open();
    Object.defineProperty(process, 'pid', { value: pid, configurable: true });
    for (const part of parts) {
      first.add(part);
      other.add(part);
    }
    other.close();
    expect(read().traces).toHaveLength(capture.traces.length);
    first.close();
    expect(read()).toEqual(first.capture());
    expect(readdirSync(folder)).toEqual(['run.capture']);
  });

  it('follows a link, and leaves it one', () => {
    symlinkSync(join(folder, 'real.capture'), path);
    const recorder = open();
    for (const part of parts) recorder.add(part);
    recorder.close();
    expect({ isLink: lstatSync(path).isSymbolicLink(), end: read().end }).toEqual({ isLink: true, end: 'complete' });
  });

  it('is refused before the run where it cannot be written', () => {
    path = folder;
    expect(open).toThrow(/is a folder/);
    path = '/proc/none/run.capture';
    expect(open).toThrow(/ENOENT/);
  });

  it('reports that it could not get its name', () => {
    const recorder = open();
    for (const part of parts) recorder.add(part);
    rmSync(folder, { recursive: true });
    recorder.close();
    expect(recorder.problem?.message).toContain('ENOENT');
  });

  it('is the same where a thread writes it, and has its name only then', async () => {
    const recorder = open();
    recorder.writeInThread();
    for (const part of parts) recorder.add(part);
    expect(recorder.capture()).toEqual(capture);
    expect(readdirSync(folder)).toEqual([`.run.capture.${process.pid}.part`]);
    await recorder.finish();
    recorder.close();
    expect({ read: read(), left: readdirSync(folder) }).toEqual({ read: capture, left: ['run.capture'] });
    expect(recorder.problem).toBeUndefined();
  });

  it('says why a thread could not write it', async () => {
    const recorder = new CaptureRecorder(createRedactor([]), '/dev/full');
    recorder.writeInThread();
    for (const part of parts) recorder.add(part);
    await recorder.finish();
    recorder.close();
    expect(recorder.problem?.message).toContain('ENOSPC');
    expect(recorder.capture()).toEqual(capture);
  });
});
