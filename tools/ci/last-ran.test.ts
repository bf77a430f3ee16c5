import { describe, expect, it } from 'vitest';
import { lastRan } from './last-ran.ts';
import { entry, history, suite } from './testing.ts';

const real = suite('real', { parts: 3 });
const part = (index: number) => ({ index, of: 3 });

describe('lastRan', () => {
  it('names the newest run on record, of this part or of the whole', () => {
    const at = history(9);
    const entries = [entry('real', 4), entry('real', 6, { part: '2/3' }), entry('real', 8, { part: '1/3' })];
    expect(lastRan(real, part(2), at, entries)).toBe('last ran at c6 on 2026-11-27');
    expect(lastRan(real, part(3), at, entries)).toBe('last ran at c4 on 2026-11-27, with the whole');
    expect(lastRan(real, part(1), at, [entry('real', 8, { part: '1/3', passed: false })])).toBe(
      'last ran at c8 on 2026-11-27, and failed',
    );
  });

  it('derives the last turn from the rotation where no run is on record, and says so', () => {
    // 7 mod 3 + 1 = 2, 8 mod 3 + 1 = 3; the turn of this very commit is part 1.
    const at = history(9);
    const words = (commit: string) =>
      `no run on record; by the rotation its turn was at ${commit}, where CI ran it if it ran that commit`;
    expect(lastRan(real, part(3), at, [])).toBe(words('c8'));
    expect(lastRan(real, part(2), at, [])).toBe(words('c7'));
  });

  it('looks back as far as the commit that brought the suite, and no further', () => {
    const since = (commit: string) => history(9, { broughtBy: () => commit });
    expect(lastRan(real, part(2), since('c7'), [])).toContain('its turn was at c7');
    const never = 'never ran: no run on record, and no turn since c8, where the suite joined';
    expect(lastRan(real, part(2), since('c8'), [])).toBe(never);
    expect(lastRan(real, part(2), since('c9'), [])).toContain('no turn since c9');
    expect(lastRan(real, part(2), history(9, { broughtBy: () => undefined }), [])).toBe(
      'never ran: no commit has the suite yet',
    );
  });

  it('asks for the row in the table', () => {
    const asked: string[] = [];
    lastRan(real, part(2), history(9, { broughtBy: (...args) => void asked.push(...args) }), []);
    expect(asked).toEqual(["title: 'real'", 'tools/suites.ts']);
  });
});
