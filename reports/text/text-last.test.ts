import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { JUDGED_SAMPLES } from '../../fixtures/testing/sample-reports.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** What was made for people to read, taken apart or compared by a program. */
const READS_TEXT =
  /\.(?:expected|received|observed|sentence|remedy)(?: \?\? '')?\)*\??(?:\s*[=!]==?\s(?!undefined)|\.(?:split|slice|replace|replaceAll|match|includes|startsWith|endsWith|indexOf)\()/;

/** Sources outside of this room, tests left out. */
function sources(): readonly string[] {
  return ['harness', 'reports'].flatMap((top) =>
    readdirSync(join(ROOT, top), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !path.startsWith(import.meta.dirname) && !path.includes('/generated/')),
  );
}

describe('text comes last', () => {
  it.each(Object.keys(JUDGED_SAMPLES))('the judged run of %s has no text of a finding or a promise', (name) => {
    const { promises, hops, formats, run } = JUDGED_SAMPLES[name]!();
    expect(promises.length).toBeGreaterThan(0);
    const cells = hops.flatMap(({ headers }) => Object.values(headers));
    expect([...cells, ...formats].flatMap(Object.keys)).not.toContain('why');
    const steps = (run.cluster?.steps ?? []).filter((step) => 'facts' in step);
    expect(steps.flatMap(Object.keys).filter((field) => !['id', 'status', 'facts'].includes(field))).toEqual([]);
    const fields = [...promises, ...promises.flatMap(({ findings }) => findings)].flatMap(Object.keys);
    for (const text of ['title', 'observed', 'reason', 'expected', 'received', 'remedy'])
      expect(fields).not.toContain(text);
  });

  it('no module takes texts apart or compares them', () => {
    const files = sources();
    expect(files.length).toBeGreaterThan(300);
    const lines = files.flatMap((path) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => READS_TEXT.test(line))
        .map((line) => `${relative(ROOT, path)}: ${line.trim()}`),
    );
    expect(lines).toEqual([]);
  });

  it.each([
    "if (finding.received === 'none') return;",
    "const [head] = promise.observed.split(' · ');",
    "const [place] = (error.expected ?? '').split(': ');",
    'report.sentence.includes(name)',
  ])('would notice %s', (line) => {
    expect(line).toMatch(READS_TEXT);
  });
});
