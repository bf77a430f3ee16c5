import { describe, expect, it } from 'vitest';
import { lastRan } from './last-ran.ts';
import { entry, history, suite } from './testing.ts';

const real = suite('real', { parts: 3 });
const part = (index: number) => ({ index, of: 3 });

describe('lastRan', () => {
  it('names the newest run on record of this part or of the whole', () => {
    const at = history(9);
    const entries = [entry('real', 4), entry('real', 6, { part: '2/3' }), entry('real', 8, { part: '1/3' })];
    const ran = (words: string) => ({ how: 'ran', words });
    expect(lastRan(real, part(2), at, entries)).toEqual(ran('last ran at c6 on 2026-11-27'));
    expect(lastRan(real, part(3), at, entries)).toEqual(ran('last ran at c4 on 2026-11-27, with the whole'));
    const failed = [entry('real', 8, { part: '1/3', passed: false })];
    expect(lastRan(real, part(1), at, failed)).toEqual(ran('last ran at c8 on 2026-11-27, and failed'));
  });

  it('takes a run of the whole only for the parts that it had', () => {
    const istio = suite('istio', { parts: 3, partsInWhole: [1] });
    expect(lastRan(istio, part(1), history(9), [entry('istio', 4)])).toMatchObject({ how: 'ran' });
    expect(lastRan(istio, part(2), history(9), [entry('istio', 4)])).toEqual({ how: 'turn', commit: 'c7' });
  });

  it('derives the last turn from the rotation where no run is on record', () => {
    // 7 mod 3 + 1 = 2, 8 mod 3 + 1 = 3; the turn of this very commit is part 1.
    expect(lastRan(real, part(3), history(9), [])).toEqual({ how: 'turn', commit: 'c8' });
    expect(lastRan(real, part(2), history(9), [])).toEqual({ how: 'turn', commit: 'c7' });
  });

  it('looks back to the first commit with both the row and the script, and no further', () => {
    const since = (row: string | undefined, script: string | undefined) =>
      history(9, { broughtBy: (_text, path) => (path === 'package.json' ? script : row) });
    const never = (words: string) => ({ how: 'never', words: `never ran: ${words}` });
    expect(lastRan(real, part(2), since('c7', 'c1'), [])).toEqual({ how: 'turn', commit: 'c7' });
    expect(lastRan(real, part(2), since('c1', 'c8'), [])).toEqual(never('no turn since c8, where the suite joined'));
    expect(lastRan(real, part(2), since('c9', 'c1'), [])).toEqual(never('no turn since c9, where the suite joined'));
    for (const nowhere of [since(undefined, 'c1'), since('c1', undefined)])
      expect(lastRan(real, part(2), nowhere, [])).toEqual(never('no commit has the suite yet'));
  });

  it('asks for the row in the table, and for the script', () => {
    const asked: string[][] = [];
    const one = suite('real', { parts: 3, title: 'test:real', command: ['npm', 'run', '--silent', 'test:real', '--'] });
    lastRan(one, part(2), history(9, { broughtBy: (...args) => void asked.push(args) }), []);
    expect(asked).toEqual([
      ["title: 'test:real'", 'tools/suites.ts'],
      ['"test:real":', 'package.json'],
    ]);
  });
});
