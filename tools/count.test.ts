import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countResults } from './count.ts';

describe('countResults', () => {
  let folder: string;
  const leave = (name: string, counts: Partial<Record<string, number | boolean>>) =>
    writeFileSync(
      join(folder, name),
      JSON.stringify({
        numPassedTests: 0,
        numFailedTests: 0,
        numPendingTests: 0,
        numTodoTests: 0,
        numFailedTestSuites: 0,
        success: true,
        ...counts,
      }),
    );
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'count-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('adds up several runs', () => {
    leave('a.json', { numPassedTests: 3, numPendingTests: 1 });
    leave('b.json', { numPassedTests: 4 });
    expect(countResults(folder)).toEqual({ passed: 7, failed: 0, skipped: 1, red: [], skips: [] });
  });

  it('is red when a file throws at import, though no test of it failed', () => {
    leave('a.json', { numPassedTests: 3, numFailedTestSuites: 1, success: false });
    expect(countResults(folder)).toMatchObject({ passed: 3, failed: 1 });
  });

  it('names each failure, with the beginning of its message', () => {
    const test = { name: join(process.cwd(), 'a.test.ts'), status: 'failed' };
    const assertionResults = [
      {
        fullName: 'a thing does it',
        status: 'failed',
        failureMessages: ['\u001b[31mAssertionError: p7: expected 1 to be 2\u001b[39m\n- 2\n+ 1\n    at a.test.ts:3'],
      },
      { fullName: 'a thing is', status: 'passed', failureMessages: [] },
    ];
    const testResults = [
      { ...test, assertionResults },
      { ...test, assertionResults: [], message: 'no such module' },
    ];
    writeFileSync(
      join(folder, 'a.json'),
      JSON.stringify({
        numPassedTests: 1,
        numFailedTests: 1,
        numPendingTests: 0,
        numTodoTests: 0,
        numFailedTestSuites: 1,
        success: false,
        testResults,
      }),
    );
    expect(countResults(folder).red).toEqual([
      'test: a thing does it\n    AssertionError: p7: expected 1 to be 2\n    - 2\n    + 1',
      'file: a.test.ts\n    no such module',
    ]);
  });

  it('is red when no result was counted', () => {
    expect(countResults(folder)).toMatchObject({ passed: 0, failed: 1, red: ['results: no test was counted'] });
    leave('a.json', { numPendingTests: 4 });
    expect(countResults(folder)).toMatchObject({ failed: 1, skipped: 4 });
  });

  it.each(['{"numPassedTests": 3', '{"numPassedTests": 3}'])('is red when results cannot be read: %s', (text) => {
    leave('a.json', { numPassedTests: 3 });
    writeFileSync(join(folder, 'b.json'), text);
    expect(countResults(folder)).toMatchObject({ passed: 3, failed: 1, red: ['results: b.json cannot be read'] });
  });

  it('gives the reasons of skipped tests', () => {
    leave('a.json', { numPassedTests: 3, numPendingTests: 1 });
    writeFileSync(join(folder, 'skips.txt'), 'a thing does it: no Chromium\n');
    expect(countResults(folder).skips).toEqual(['a thing does it: no Chromium']);
  });
});
