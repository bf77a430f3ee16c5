import { describe, expect, it } from 'vitest';
import { sideBySide } from './side-by-side.ts';

const tick = () => new Promise((resolve) => setImmediate(resolve));

describe('sideBySide', () => {
  it('does all the work, and no more at a time than asked for', async () => {
    let atWork = 0;
    let most = 0;
    const done: number[] = [];
    await sideBySide([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      atWork += 1;
      most = Math.max(most, atWork);
      await tick();
      atWork -= 1;
      done.push(item);
    });
    expect(most).toBe(3);
    expect(done.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('ends with the first error, and begins no more work after it', async () => {
    const begun: number[] = [];
    const run = sideBySide([1, 2, 3, 4, 5], 2, async (item) => {
      begun.push(item);
      await tick();
      if (item === 2) throw new Error('two');
      await tick();
    });
    await expect(run).rejects.toThrow('two');
    expect(begun).not.toContain(5);
  });
});
