import { expect, it } from 'vitest';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { AT_ONCE, atOnce } from './at-once.ts';

const NUMBERS = Array.from({ length: 10 }, (_, index) => index);

/** Each takes a second less than the one before. */
function working(clock: SimulatedClock) {
  const seen = { underWay: 0, most: 0, begun: [] as number[] };
  const work = async (item: number) => {
    seen.begun.push(item);
    seen.underWay += 1;
    seen.most = Math.max(seen.most, seen.underWay);
    await clock.sleep(1000 * (NUMBERS.length - item));
    seen.underWay -= 1;
    return item * 10;
  };
  return { seen, work };
}

it('works on a few at a time, begins them in order, and returns the results in that order', async () => {
  const { seen, work } = working(new SimulatedClock(0));
  await expect(atOnce(NUMBERS, work)).resolves.toEqual(NUMBERS.map((item) => item * 10));
  expect({ most: seen.most, begun: seen.begun }).toEqual({ most: AT_ONCE, begun: NUMBERS });
});

it('begins no further one when it is over', async () => {
  const { seen, work } = working(new SimulatedClock(0));
  const results = await atOnce(NUMBERS, work, () => seen.begun.length >= 5);
  expect({ begun: seen.begun, results }).toEqual({ begun: [0, 1, 2, 3, 4], results: [0, 10, 20, 30, 40] });
});

it('rejects with the first failure, after what was under way has ended', async () => {
  const { seen, work } = working(new SimulatedClock(0));
  const failing = async (item: number) => {
    if (item === 2) throw new Error('two');
    return await work(item);
  };
  await expect(atOnce(NUMBERS, failing)).rejects.toThrow('two');
  expect({ underWay: seen.underWay, begun: seen.begun }).toEqual({ underWay: 0, begun: [0, 1, 3] });
});
