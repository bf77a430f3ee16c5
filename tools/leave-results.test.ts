import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { countResults } from './count.ts';
import { leaveResults } from './leave-results.ts';

describe('the results of a script', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'results-'));
    vi.stubEnv('HOPCHECK_TEST_RESULTS', folder);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are counted, and name each failed run with its result', () => {
    leaveResults('soak-envoy', 18, [
      { name: 'seed 3', message: 'reviews v3 was never served\nHC201 0 of 86 attempts' },
      { name: 'seed 7', message: '' },
    ]);
    expect(countResults(folder)).toEqual({
      passed: 18,
      failed: 2,
      skipped: 0,
      red: ['test: seed 3\n    reviews v3 was never served\n    HC201 0 of 86 attempts', 'test: seed 7'],
      skips: [],
    });
  });

  it('are green where no run failed', () => {
    leaveResults('soak-standin', 199, [], ['seed 4: reviews gave up its call of ratings']);
    const skips = ['seed 4: reviews gave up its call of ratings'];
    expect(countResults(folder)).toEqual({ passed: 199, failed: 0, skipped: 1, red: [], skips });
  });

  it('are left nowhere outside of CI', () => {
    vi.stubEnv('HOPCHECK_TEST_RESULTS', '');
    leaveResults('try', 3, []);
    expect(readdirSync(folder)).toEqual([]);
  });
});
