import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withWholeRun } from './benchmarks.ts';
import { addEntry, entriesOfCheckAll, newest, readEntries } from './record.ts';
import { entry, history } from './testing.ts';

describe('the record of a machine', () => {
  it('is read as it was written, and skips lines that it cannot read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hopcheck-record-'));
    try {
      const path = join(folder, 'cache/ci.jsonl');
      expect(readEntries(path)).toEqual([]);
      addEntry(path, entry('real', 1, { part: '2/3' }));
      appendFileSync(path, '{"suite": "real"}\n{"sui\n');
      addEntry(path, entry('kube', 2));
      expect(readEntries(path)).toEqual([entry('real', 1, { part: '2/3' }), entry('kube', 2)]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('newest', () => {
  it('is the last entry of the newest commit', () => {
    const entries = [entry('a', 3), entry('a', 2), entry('a', 3, { passed: false }), entry('a', 9)];
    expect(newest(entries, history(5).mainline)).toEqual({
      entry: entry('a', 3, { passed: false }),
      point: { commit: 'c3', tree: 't3', date: '2026-11-27' },
    });
    expect(newest([entry('a', 9)], history(5).mainline)).toBeUndefined();
  });
});

describe('the section of check:all', () => {
  const run = {
    point: { commit: '0123456789', tree: 'abcdef', date: '2026-11-26' },
    date: '2026-11-27',
    machine: '2 cores, Node v24.21.0',
    minutes: 31.4,
    line: '12 passed, 0 failed, 0 skipped',
    suites: ['test', 'real'],
    table: ['| suite |', '| --- |', '| npm test |'],
  };

  it('is at the end at first, and replaces itself later', () => {
    const page = withWholeRun('# Benchmarks\n\nText.\n', run);
    expect(page).toMatch(/^# Benchmarks\n\nText\.\n\n<!-- check:all [\s\S]*<!-- end of check:all -->\n$/);
    expect(page).toContain(
      'on 2026-11-27 at commit 0123456 (2 cores, Node v24.21.0): 12 passed, 0 failed, 0 skipped, in 31 minutes.',
    );
    const later = withWholeRun(`${page}\nMore.\n`, { ...run, date: '2026-11-28' });
    expect(later).toBe(`${page.replaceAll('2026-11-27', '2026-11-28')}\nMore.\n`);
  });

  it('is read as a whole run of each suite', () => {
    const of = { commit: '0123456789', tree: 'abcdef', date: '2026-11-27' };
    expect(entriesOfCheckAll(withWholeRun('', run))).toEqual(
      ['test', 'real'].map((suite) => ({ suite, part: '1/1', ...of, passed: true, covers: true })),
    );
    expect(entriesOfCheckAll('# Benchmarks')).toEqual([]);
    expect(entriesOfCheckAll('<!-- check:all {"commit": 1} -->')).toEqual([]);
  });
});
