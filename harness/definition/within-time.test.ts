import { expect, it, vi } from 'vitest';
import { withinTime } from './within-time.ts';

const LIMIT_MS = 20;

function forever(): void {
  for (;;);
}

it('ends work that takes more of the processor than it may', () => {
  expect(withinTime(LIMIT_MS, forever)).toBe(false);
});

it('does work again that the machine gave no time to, and ends it at last', () => {
  // What a starved process sees: the clock went on, and the processor was somewhere else.
  vi.spyOn(process, 'cpuUsage').mockReturnValue({ user: 100, system: 0 });
  let turns = 0;
  const starved = () => {
    turns += 1;
    if (turns < 3) forever();
  };
  expect({ done: withinTime(LIMIT_MS, starved), turns }).toEqual({ done: true, turns: 3 });
  expect(withinTime(1, forever)).toBe(false);
});

it('passes on what the work throws', () => {
  expect(() =>
    withinTime(LIMIT_MS, () => {
      throw new TypeError('no list');
    }),
  ).toThrow('no list');
});
