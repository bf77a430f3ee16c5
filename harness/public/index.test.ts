import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { judgeCapture } from './index.ts';

const path = join(import.meta.dirname, '../capture/golden/small.capture');

it('gives the same report of the same capture', () => {
  const text = readFileSync(path, 'utf8');
  const report = judgeCapture(text);
  expect(report).toMatchObject({ schema: 'hopcheck/report@1', promises: expect.any(Array) as object });
  expect(judgeCapture(text)).toEqual(report);
});

it('names what is not a capture', () => {
  expect(() => judgeCapture('{}', 'mine.json')).toThrow(/mine\.json/);
});
