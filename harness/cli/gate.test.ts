import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCaptureText } from '../../fixtures/corpus/cases.ts';
import { callMain } from './testing/call-main.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'hopcheck-gate-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const judge = (capture: string, ...flags: readonly string[]) => {
  writeFileSync(join(cwd, `${capture}.capture`), readCaptureText(capture));
  return callMain(['judge', `${capture}.capture`, ...flags], { cwd });
};
const inFolder = (name: string) => join(cwd, name);

describe('--write-baseline', () => {
  it('writes the report that the next run takes', async () => {
    expect(await judge('context-dropped', '--write-baseline', 'before.json')).toMatchObject({ exitCode: 1 });
    const next = await judge('context-dropped', '--baseline', 'before.json', '--fail-on', 'new');
    expect(next).toMatchObject({ exitCode: 0 });
    expect(next.stdout).toContain('0 new · 1 known · 0 gone');
  });

  it('does not write where the run could not decide, and the command fails', async () => {
    const { exitCode, stderr } = await judge('backend-down', '--write-baseline', 'before.json');
    expect({ exitCode, written: existsSync(inFolder('before.json')) }).toEqual({ exitCode: 2, written: false });
    expect(stderr).toContain('before.json is not written as a baseline: the run could not decide environment');
  });

  it('does not replace a baseline by a run with something new', async () => {
    await judge('healthy-zipkin', '--write-baseline', 'before.json');
    const before = readFileSync(inFolder('before.json'), 'utf8');
    const flags = ['--baseline', 'before.json', '--write-baseline', 'before.json'];
    const { stderr } = await judge('context-dropped', ...flags);
    expect(stderr.replace(/\s+/g, ' ')).toContain('1 new and 0 worse findings would be known');
    expect(readFileSync(inFolder('before.json'), 'utf8')).toBe(before);
    expect(await judge('healthy-zipkin', ...flags)).toMatchObject({
      exitCode: 0,
      stderr: 'baseline: before.json\n',
    });
  });

  it('is refused where it would replace what is read, and where it cannot be written', async () => {
    expect(await judge('context-dropped', '--write-baseline', 'context-dropped.capture')).toMatchObject({
      exitCode: 64,
    });
    expect(await judge('context-dropped', '--write-baseline', '.')).toMatchObject({ exitCode: 64 });
  });
});

describe('--baseline', () => {
  it('that did not judge what the run judges is refused with words', async () => {
    await judge('context-dropped', '--only', 'smoke', '--write-baseline', 'smoke.json');
    const { exitCode, stderr } = await judge('context-dropped', '--baseline', 'smoke.json');
    expect(exitCode).toBe(64);
    expect(stderr.replace(/\s+/g, ' ')).toContain('expected a report of the same promises; this one did not judge');
    expect(await judge('context-dropped', '--baseline', 'smoke.json', '--only', 'smoke')).not.toMatchObject({
      exitCode: 64,
    });
  });
});

describe('--tolerate', () => {
  // The capture is of November 2026.
  it('warns on standard error of one that ended, and the run fails', async () => {
    const { exitCode, stderr } = await judge('context-dropped', '--tolerate', 'HC501=why until 2026-01-31');
    expect(exitCode).toBe(1);
    expect(stderr.replace(/\s+/g, ' ')).toContain('the toleration of HC501 ended on 2026-01-31');
  });

  it('passes up to its last day', async () => {
    const { exitCode, stdout } = await judge('context-dropped', '--tolerate', 'HC501=why until 2999-01-31');
    expect(exitCode).toBe(0);
    expect(stdout.replace(/\s+/g, ' ')).toContain('HC501: why, until 2999-01-31 (1 finding)');
  });

  it('that fits nothing fails with --fail-on stale, in JUnit too', async () => {
    const flags = ['--tolerate', 'HC502=why', '--fail-on', 'stale', '--report', 'junit=out.xml'];
    expect(await judge('healthy-zipkin', ...flags)).toMatchObject({ exitCode: 1 });
    expect(readFileSync(inFolder('out.xml'), 'utf8')).toMatch(
      /failures="1"[\s\S]*every toleration fits a finding[\s\S]*<failure type="stale"/,
    );
  });
});

it('--max leaves a run open that has too few requests, with the number that would do', async () => {
  const limits = ['HC101', 'HC102', 'HC104', 'HC105'].flatMap((code) => ['--max', `${code}=5%`]);
  const { exitCode, stdout } = await judge('broken-ingress', ...limits);
  expect(exitCode).toBe(2);
  expect(stdout.replace(/\s+/g, ' ')).toMatch(
    /HC101 was seen in 5 of 54, which does not decide whether it is above the limit of 5 %: about \d+ requests would/,
  );
});

it('--confirm without --max is refused, because more probes must not be a second chance', async () => {
  const target = ['--ingress', 'http://127.0.0.1:9', '--traces', 'http://127.0.0.1:9'];
  const { exitCode, stderr } = await callMain(['run', ...target, '--confirm', '300'], { cwd });
  expect(exitCode).toBe(64);
  expect(stderr.replace(/\s+/g, ' ')).toContain(
    '--confirm "300" (from flag --confirm): expected --max beside it, because only a limit is decided by more probes',
  );
});
