import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { countResults } from './count.ts';
import { countingInto, takePart } from './vitest-project.ts';

describe('takePart', () => {
  it.each([[['a', '--part', '2/3', '-t', 'b']], [['a', '--part=2/3', '-t', 'b']]])('takes --part out of %s', (args) => {
    expect(takePart(args)).toEqual({ part: { index: 2, of: 3 }, others: ['a', '-t', 'b'] });
  });

  it('leaves everything else to Vitest', () => {
    expect(takePart(['a', '-t', 'part'])).toEqual({ part: undefined, others: ['a', '-t', 'part'] });
  });

  it.each([[['--part']], [['--part', '4/3']], [['--part=']]])('refuses %s', (args) => {
    expect(() => takePart(args)).toThrow(/expected i\/n with i from 1 to n, e\.g\. --part 2\/3/);
  });
});

describe('countingInto', () => {
  it('leaves counts, and each skip with its reason', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hopcheck-counts-'));
    try {
      const test = [
        "it('is run', () => undefined);",
        "it('is skipped', ({ skip }) => skip('no Chromium\\nat all'));",
        "describe.skip('a group (openssl is missing)', () => { it('is left out', () => undefined); });",
      ].join('\n');
      writeFileSync(join(folder, 'a.test.js'), test);
      vi.stubEnv('HOPCHECK_TEST_RESULTS', folder);
      const args = ['run', '--globals', '--root', folder, ...countingInto('a.json')];
      const vitest = resolve(import.meta.dirname, '../node_modules/.bin/vitest');
      const { status, stderr } = spawnSync(vitest, args, { encoding: 'utf8', cwd: folder });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(countResults(folder)).toEqual({
        ...{ passed: 1, failed: 0, skipped: 2, red: [] },
        skips: [
          'is skipped: no Chromium at all',
          'a group (openssl is missing) > is left out: the reason is in its title',
        ],
      });
      expect(JSON.parse(readFileSync(join(folder, 'a.json'), 'utf8'))).toMatchObject({ numPassedTests: 1 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('changes nothing without a file for the results', () => {
    vi.stubEnv('HOPCHECK_TEST_RESULTS', '');
    expect(countingInto('a.json')).toEqual([]);
  });
});
