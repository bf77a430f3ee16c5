import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import type { Exchange, Probe } from '../model/exchange.ts';
import { probeId } from '../model/exchange.ts';
import { AUTO_RATE } from '../model/limits.ts';
import { makeProbe } from './make-probe.ts';
import { cryptoRandom } from './random.ts';
import { AdaptiveRate, fixedRate, type Rate } from './rate.ts';
import { sendAll } from './send-all.ts';

interface Ingress {
  readonly latencyMs: number;
  /** Requests a second that it answers without a queue; default: any number. */
  readonly capacity?: number;
  /** Index of the first request that it answers with 503. */
  readonly failsFrom?: number;
  readonly failsUntil?: number;
}

interface Sent {
  readonly atMs: number[];
  readonly rates: number[];
}

/** Sends so many probes to an ingress with one queue; times from 0, ms. */
async function send(many: number, ingress: Ingress, rate: Rate = new AdaptiveRate()): Promise<Sent> {
  const clock = new SimulatedClock(0);
  const sent: Sent = { atMs: [], rates: [] };
  const perRequestMs = 1000 / (ingress.capacity ?? Number.POSITIVE_INFINITY);
  let busyUntilMs = 0;
  const request = async (probe: Probe): Promise<Exchange> => {
    const index = sent.atMs.length;
    const sentAtMs = clock.now();
    sent.atMs.push(sentAtMs);
    sent.rates.push(rate.now());
    busyUntilMs = Math.max(busyUntilMs, sentAtMs) + perRequestMs;
    await clock.sleep(busyUntilMs - sentAtMs + ingress.latencyMs);
    const { failsFrom = many, failsUntil = many } = ingress;
    const status = index >= failsFrom && index < failsUntil ? 503 : 200;
    const answer = { status, headers: [], body: '', page: { whole: true, banners: [] } };
    return { probe, sentAtMs, answeredAtMs: clock.now(), answer };
  };
  const probes = Array.from({ length: many }, (_, index) =>
    makeProbe(probeId(index), 'forced-on', 'b3', 'cafe0123', cryptoRandom),
  );
  const pace = { rate, concurrency: 8, clock, jitter: () => 0.5 };
  await sendAll(probes, request, pace, () => undefined, new AbortController().signal);
  return sent;
}

describe('the rate of auto', () => {
  it('is that of the start for twenty answers, and then rises to the bound', async () => {
    const { rates, atMs } = await send(200, { latencyMs: 20 });
    expect(new Set(rates.slice(0, 20))).toEqual(new Set([AUTO_RATE.from]));
    expect([...new Set(rates)]).toEqual([20, 30, 45, 67.5, 100]);
    expect(rates.at(-1)).toBe(AUTO_RATE.most);
    const fixed = await send(200, { latencyMs: 20 }, fixedRate(AUTO_RATE.from));
    expect(Math.round(fixed.atMs.at(-1) ?? 0)).toBe(9975);
    expect(atMs.at(-1)).toBeLessThan(4000);
  });

  it('is that of the start again, for the rest, from the first failure on', async () => {
    const { rates } = await send(200, { latencyMs: 20, failsFrom: 60, failsUntil: 61 });
    const highest = rates.indexOf(Math.max(...rates));
    const back = rates.indexOf(AUTO_RATE.from, highest);
    expect(back).toBeGreaterThan(60);
    expect(new Set(rates.slice(back))).toEqual(new Set([AUTO_RATE.from]));
  });

  it('rises where the ingress fails no more often than at the start', async () => {
    const { rates } = await send(100, { latencyMs: 20, failsFrom: 0 });
    expect(rates.at(-1)).toBe(AUTO_RATE.most);
  });

  it('is that of the start again where answers take longer than at the start', async () => {
    const { rates } = await send(300, { latencyMs: 10, capacity: 40 });
    expect(Math.max(...rates)).toBeGreaterThan(AUTO_RATE.from);
    expect(Math.max(...rates)).toBeLessThan(AUTO_RATE.most);
    expect(rates.at(-1)).toBe(AUTO_RATE.from);
  });

  it('stays within its bounds, and goes down once at most, whatever the ingress does', async () => {
    const ingress = fc.record({
      latencyMs: fc.integer({ min: 0, max: 500 }),
      capacity: fc.integer({ min: 5, max: 500 }),
      failsFrom: fc.integer({ min: 0, max: 150 }),
      failsUntil: fc.integer({ min: 0, max: 150 }),
    });
    await fc.assert(
      fc.asyncProperty(ingress, async (one) => {
        const { rates, atMs } = await send(150, one);
        expect(Math.min(...rates)).toBe(AUTO_RATE.from);
        expect(Math.max(...rates)).toBeLessThanOrEqual(AUTO_RATE.most);
        const falls = rates.flatMap((rate, index) => (index > 0 && rate < (rates[index - 1] ?? 0) ? [index] : []));
        expect(falls.length).toBeLessThanOrEqual(1);
        if (falls[0] !== undefined) expect(new Set(rates.slice(falls[0]))).toEqual(new Set([AUTO_RATE.from]));
        expect(atMs).toHaveLength(150);
      }),
      { numRuns: 50 },
    );
  });

  it('sends at most so many requests in any second as the bound has slots', async () => {
    const { atMs } = await send(300, { latencyMs: 1 });
    for (const from of atMs) {
      const within = atMs.filter((ms) => ms >= from && ms < from + 1000).length;
      expect(within).toBeLessThanOrEqual(AUTO_RATE.most + 1);
    }
  });
});
