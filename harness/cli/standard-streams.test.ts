import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordedCapture } from './testing/recorded-capture.ts';

const BIN = resolve(import.meta.dirname, 'bin.ts');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-streams-'));
  for (const name of ['healthy-v1-zipkin-gw2', 'drop-all-reviews'])
    writeFileSync(join(folder, name), recordedCapture(name));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Its standard output and error go where the shell says. */
function hopcheck(args: string, redirection: string) {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', `"$NODE" "$BIN" ${args} ${redirection}`], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NODE: process.execPath, BIN },
  });
  return { exitCode: status, stdout, stderr };
}

describe('a full disk behind a stream', () => {
  const FULL = 'standard output could not be written: ENOSPC';

  it('turns a pass into exit 2, and is reported on the other stream', () => {
    const { exitCode, stderr } = hopcheck('judge healthy-v1-zipkin-gw2 --report junit=a.xml', '> /dev/full');
    expect(exitCode).toBe(2);
    expect(stderr.match(/.*could (?:not )?be written.*/g)).toEqual([
      expect.stringContaining(FULL),
      'exit 2: not everything that was asked for could be written',
    ]);
    expect(readFileSync(join(folder, 'a.xml'), 'utf8')).toContain('</testsuites>');
  });

  it('leaves the verdict on standard error when a format had standard output', () => {
    const { exitCode, stderr } = hopcheck('judge healthy-v1-zipkin-gw2 --report json --quiet', '> /dev/full');
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('PASS (exit 0)') });
  });

  it('changes no other exit code, and stays silent where both streams are full', () => {
    const { exitCode, stderr } = hopcheck('judge drop-all-reviews', '> /dev/full');
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining(FULL) });
    expect(hopcheck('judge drop-all-reviews', '> /dev/full 2>&1').exitCode).toBe(1);
    expect(hopcheck('judge healthy-v1-zipkin-gw2', '> /dev/full 2>&1').exitCode).toBe(2);
  });

  it('adds no remark to JSON', () => {
    const { exitCode, stdout } = hopcheck('judge healthy-v1-zipkin-gw2 --report json', '2> /dev/full');
    expect({ exitCode, verdict: JSON.parse(stdout).verdict }).toEqual({ exitCode: 2, verdict: 'pass' });
  });

  it('does not end a run, and the reports of the run are written', () => {
    const nowhere = '--ingress http://127.0.0.1:1 --traces http://127.0.0.1:1';
    const { exitCode, stdout } = hopcheck(`run ${nowhere} --report json=a.json`, '2> /dev/full');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: expect.stringContaining('INCONCLUSIVE (exit 2)') });
    expect(stdout).toContain('standard error could not be written: ENOSPC');
    expect(JSON.parse(readFileSync(join(folder, 'a.json'), 'utf8')).exitCode).toBe(2);
  });
});

it('a reader that closes early, or does not exist, changes nothing', () => {
  const { stdout, stderr } = hopcheck('judge drop-all-reviews', '| true');
  expect(stdout + stderr).toBe('');
  expect(hopcheck('judge healthy-v1-zipkin-gw2', '>&- 2>&-').exitCode).toBe(0);
});

it('a working folder that is gone is reported in one sentence', () => {
  const { status, stderr } = spawnSync('sh', ['-c', 'mkdir gone && cd gone && rmdir "$PWD" && "$NODE" "$BIN" codes'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NODE: process.execPath, BIN },
  });
  expect({ status, stderr }).toEqual({
    status: 64,
    stderr: expect.stringMatching(/^the working folder is not there any more: expected/),
  });
});
