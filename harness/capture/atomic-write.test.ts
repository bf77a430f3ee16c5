import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
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
