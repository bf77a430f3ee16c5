import { expect, it } from 'vitest';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import type { Exchange, Probe } from '../model/exchange.ts';
import { probeId } from '../model/exchange.ts';
import { makeProbe } from './make-probe.ts';
import { cryptoRandom } from './random.ts';
import { fixedRate } from './rate.ts';
import { sendAll } from './send-all.ts';

const probes = Array.from({ length: 20 }, (_, index) =>
  makeProbe(probeId(index), 'forced-on', 'b3', 'cafe0123', cryptoRandom),
);

function sending(answerMs: number, clock: SimulatedClock) {
  const sentAtMs: number[] = [];
  const log = { underWay: 0, most: 0, sentAtMs };
  const send = async (probe: Probe): Promise<Exchange> => {
    sentAtMs.push(clock.now());
    log.underWay += 1;
    log.most = Math.max(log.most, log.underWay);
    await clock.sleep(answerMs);
    log.underWay -= 1;
    return { probe, sentAtMs: 0, answeredAtMs: 0, error: { kind: 'other', message: 'x' } };
  };
  return { log, send };
}

it('sendAll sends each probe once, in its slot, in order', async () => {
  const clock = new SimulatedClock(0);
  const { log, send } = sending(1, clock);
  const done: string[] = [];
  const jitters = [0.5, 0, 0.99];
  let at = 0;
  const pace = { rate: fixedRate(10), concurrency: 8, clock, jitter: () => jitters[at++ % 3] ?? 0 };
  await sendAll(probes, send, pace, ({ probe }) => done.push(probe.id), new AbortController().signal);
  expect(done).toEqual(probes.map(({ id }) => id));
  log.sentAtMs.forEach((ms, index) => {
    expect(ms).toBeGreaterThanOrEqual(index * 100);
    expect(ms).toBeLessThan((index + 1) * 100);
  });
});

it('sendAll never exceeds the concurrency, however slow the answers', async () => {
  const clock = new SimulatedClock(0);
  const { log, send } = sending(5000, clock);
  await sendAll(
    probes,
    send,
    { rate: fixedRate(100), concurrency: 3, clock, jitter: () => 0 },
    () => undefined,
    new AbortController().signal,
  );
  expect({ most: log.most, sent: log.sentAtMs.length }).toEqual({ most: 3, sent: 20 });
});

it('sendAll sends no more after it is interrupted, and waits for the open requests', async () => {
  const clock = new SimulatedClock(0);
  const { log, send } = sending(50, clock);
  const ending = new AbortController();
  const done: string[] = [];
  clock.sleep(420).then(() => ending.abort(new Error('enough')));
  await sendAll(
    probes,
    send,
    { rate: fixedRate(10), concurrency: 8, clock, jitter: () => 0 },
    ({ probe }) => done.push(probe.id),
    ending.signal,
  );
  expect({ sent: log.sentAtMs.length, answered: done.length, underWay: log.underWay }).toEqual({
    sent: 5,
    answered: 5,
    underWay: 0,
  });
});
