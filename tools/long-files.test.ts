import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const MOST = 250;

it('a file over 250 lines gives the reason in its first line', () => {
  const rooms = ['deploy', 'fixtures', 'harness', 'reports', 'specs', 'tools'];
  const files = globSync(`{${rooms.join(',')}}/**/*.{ts,css}`, { cwd: ROOT });
  expect(files.length).toBeGreaterThan(300);
  const silent = files.filter((name) => {
    const text = readFileSync(resolve(ROOT, name), 'utf8');
    const isLong = text.split('\n').length - 1 > MOST;
    return isLong && !/^(?:\/\/|\/\*) (?:Over 250 lines|generated)/.test(text);
  });
  expect(silent).toEqual([]);
  expect(readFileSync(resolve(ROOT, 'CONTRIBUTING.md'), 'utf8')).toContain(
    `Over ${MOST} lines, the first line says why`,
  );
});
