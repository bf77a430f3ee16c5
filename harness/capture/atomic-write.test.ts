import { execFileSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeFileAtomic } from './atomic-write.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('makes folders, replaces what was there, and leaves nothing else', () => {
  const path = join(folder, 'deep', 'report.json');
  writeFileAtomic(path, 'one');
  writeFileAtomic(path, 'two');
  expect(readFileSync(path, 'utf8')).toBe('two');
  expect(readdirSync(join(folder, 'deep'))).toEqual(['report.json']);
});

it('leaves no half file where it cannot write', () => {
  expect(() => writeFileAtomic(join(folder, 'x', '..', '..', '\0'), 'one')).toThrow();
  writeFileAtomic(join(folder, 'taken', 'file'), '');
  expect(() => writeFileAtomic(join(folder, 'taken'), 'one')).toThrow(/taken/);
  expect(readdirSync(folder)).toEqual(['taken']);
});

it('is for the owner alone where that is asked for', () => {
  const path = join(folder, 'secret.json');
  writeFileAtomic(path, 'one');
  writeFileAtomic(path, 'two', 0o600);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('writes to what a link leads to, and leaves the link', () => {
  const [path, link] = [join(folder, 'real.json'), join(folder, 'link.json')];
  writeFileAtomic(path, 'one');
  symlinkSync('real.json', link);
  writeFileAtomic(link, 'two');
  expect([readFileSync(path, 'utf8'), lstatSync(link).isSymbolicLink()]).toEqual(['two', true]);
});

it('puts no file where a device or a pipe is', () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const script = `import { writeFileAtomic } from ${JSON.stringify(join(import.meta.dirname, 'atomic-write.ts'))};
    writeFileAtomic(process.argv[1], 'through the pipe');`;
  const run = `"$NODE" --input-type=module -e "$SCRIPT" "$0" & cat "$0"; wait $!`;
  const env = { ...process.env, NODE: process.execPath, SCRIPT: script };
  expect(execFileSync('sh', ['-c', run, pipe], { env, encoding: 'utf8' })).toBe('through the pipe');
  expect([statSync(pipe).isFIFO(), readdirSync(folder)]).toEqual([true, ['pipe']]);
  writeFileAtomic('/dev/null', 'nothing is kept');
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  expect(() => writeFileAtomic('/dev/full', 'one')).toThrow(/ENOSPC/);
});
