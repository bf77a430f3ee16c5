import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { retry } from './retry.ts';

/** Fails so often, then gives the number of the attempt. */
function failing(times: number) {
  let attempts = 0;
  const attempt = async () => {
    attempts += 1;
    if (attempts <= times) throw new Error(`failure ${attempts}`);
    return attempts;
  };
  return { attempt, count: () => attempts };
}
const waits = [250, 500, 60_000];
const waitMs = (_error: Error, failures: number) => waits[failures - 1];

describe('retry', () => {
  it('waits between attempts on the clock it is given', async () => {
    const clock = new SimulatedClock();
    const startedAtMs = clock.now();
    expect(await retry(failing(3).attempt, { clock, waitMs })).toBe(4);
    expect(clock.now() - startedAtMs).toBe(250 + 500 + 60_000);
  });

  it('ends with the last failure when the policy has no further wait', async () => {
    const { attempt, count } = failing(9);
    await expect(retry(attempt, { clock: new SimulatedClock(), waitMs })).rejects.toThrow('failure 4');
    expect(count()).toBe(4);
  });

  it('does not try again after a failure that the policy calls final', async () => {
    const { attempt, count } = failing(9);
    const final = (error: Error) => (error.message === 'failure 2' ? undefined : 10);
    await expect(retry(attempt, { clock: new SimulatedClock(), waitMs: final })).rejects.toThrow('failure 2');
    expect(count()).toBe(2);
  });

  it('ends with the reason of the signal, even in the middle of a wait', async () => {
    const controller = new AbortController();
    const { attempt, count } = failing(9);
    const clock = new SimulatedClock();
    const trying = retry(attempt, { clock, signal: controller.signal, waitMs: () => 10_000 });
    void clock.sleep(25_000).then(() => controller.abort(new Error('Ctrl-C')));
    await expect(trying).rejects.toThrow('Ctrl-C');
    expect(count()).toBe(3);
  });
});
