import { describe, expect, it } from 'vitest';
import { close, markdownTable, rowsOf, textTable } from './closing.ts';
import type { Outcome } from './run.ts';
import { suite, whole } from './testing.ts';

const counts = { passed: 3, failed: 0, skipped: 0, red: [], skips: [] };
const good: Outcome = { chosen: whole(suite('a')), seconds: 40, counts };
const bad: Outcome = {
  chosen: { ...whole(suite('b')), part: { index: 2, of: 3 } },
  seconds: 140.4,
  counts: { passed: 1, failed: 1, skipped: 1, red: ['test: does it'], skips: ['draws: no Chromium'] },
  failure: 'ended with 1',
};
const build = { id: 'kube', command: ['make'], budgetS: 900 };

describe('close', () => {
  it('adds up the counts of the suites', () => {
    expect(close([good, good], [{ build, seconds: 1 }], [])).toEqual({
      ...{ red: [], skips: [] },
      ...{ line: '6 passed, 0 failed, 0 skipped', exitCode: 0 },
    });
  });

  it('counts and names every failure, and every skip with its reason', () => {
    const broken = { build, seconds: 1, failure: 'ended with 2' };
    expect(close([good, bad], [broken], ['install'])).toEqual({
      red: ['step: install', 'build: kube ended with 2', 'suite: b ended with 1', 'b: test: does it'],
      skips: ['skipped: b: draws: no Chromium'],
      line: '4 passed, 4 failed, 1 skipped',
      exitCode: 1,
    });
  });

  it('is red where a suite did not run, and where none ran', () => {
    const { chosen } = good;
    expect(close([good, { chosen, failure: 'was not run: its build kube failed' }], [], []).exitCode).toBe(1);
    expect(close([], [], [])).toMatchObject({ line: '0 passed, 0 failed, 0 skipped', exitCode: 1 });
  });
});

describe('the table', () => {
  const rows = rowsOf(
    [good, bad, { chosen: whole(suite('c')), failure: 'was not run: interrupted by SIGINT' }],
    [{ build, seconds: 3 }],
  );

  it('has a row for every suite', () => {
    expect(textTable(rows)).toEqual([
      'suite      | budget | measured     | part   | tests',
      'build kube | 900 s  | 3 s          | –      | –',
      'a          | 100 s  | 40 s         | whole  | 3 passed',
      'b          | 100 s  | 140 s (over) | 2 of 3 | 1 passed, 1 failed, 1 skipped, FAILED',
      'c          | 100 s  | not run      | whole  | was not run: interrupted by SIGINT',
    ]);
  });

  it('says of a suite that is left out that it is, which is not a failure', () => {
    const leftOut = { chosen: { ...good.chosen, isLeftOut: true } } as const;
    expect(rowsOf([leftOut], [])[1]).toEqual(['a', '100 s', 'left out', '–', '–']);
    expect(close([good, leftOut], [], [])).toMatchObject({ line: '3 passed, 0 failed, 0 skipped', exitCode: 0 });
  });

  it('can be Markdown', () => {
    expect(markdownTable(rows).slice(0, 3)).toEqual([
      '| suite | budget | measured | part | tests |',
      '| --- | --- | --- | --- | --- |',
      '| build kube | 900 s | 3 s | – | – |',
    ]);
  });
});
