import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { surveyLab } from '../../fixtures/testing/survey-lab.ts';
import { judge } from '../judge/judge.ts';
import { parseFault } from '../lab/faults.ts';
import type { LabOptions } from '../lab/lab.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';

// Spans of one proxy that come later than flush and margin, on the simulated clock. Only the last requests show it, and
// chance says which: the seed sets when proxies flush.

const SERVICES = ['productpage', 'details', 'reviews', 'ratings'];
const SEEDS = 4;

async function runs(fault: string, different: Partial<LabOptions>) {
  const results: { readonly verdict: string; readonly codes: readonly string[]; readonly settleMs: number }[] = [];
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const clock = new SimulatedClock();
    const faults = [parseFault(fault, SERVICES)];
    await using lab = await startStandin(labOptions({ clock, network: 'memory', faults, seed, ...different }));
    const capture = await surveyLab(lab);
    const { verdict, promises } = judge(capture);
    const codes = promises.flatMap(({ findings }) => findings).map(({ code }) => code);
    results.push({ verdict, codes, settleMs: capture.timings.settleMs });
  }
  return results;
}

describe.each([
  { driver: 'zipkin', workers: 1 },
  { driver: 'zipkin', workers: 2 },
  { driver: 'otel', workers: 1 },
  { driver: 'otel', workers: 2 },
] as const)('spans of one proxy that come late, $driver, workers: $workers', (lab) => {
  it.each([500, 1500])('are not taken for lost: %i ms', async (ms) => {
    const verdicts = (await runs(`slow-report:details:${ms}`, lab)).map(({ verdict }) => verdict);
    expect(verdicts).toEqual(Array(SEEDS).fill('pass'));
  });

  it.each([3000, 4500])('are not taken for lost, and always reported: %i ms', async (ms) => {
    const all = await runs(`slow-report:details:${ms}`, lab);
    const reported = all.map(({ verdict, codes }) => [verdict, codes.includes('HC716')]);
    expect(reported).toEqual(Array(SEEDS).fill(['pass', true]));
  });
});

it('spread loss is waited for no longer than before', async () => {
  const waits = (await runs('lose-spans:details@0.2', { workers: 2 })).map(({ settleMs }) => settleMs);
  expect(Math.max(...waits)).toBeLessThanOrEqual(7500);
});

describe('a mesh that flushes at five spans, and later than configured', () => {
  it.each([6500, 8000])('is not accused of what its workers still hold: %i ms', async (intervalMs) => {
    const flush = { minSpans: 5, intervalMs };
    const verdicts = (await runs('backend-slow:1', { flush, workers: 2 })).map(({ verdict }) => verdict);
    expect(verdicts).toEqual(Array(SEEDS).fill('pass'));
  });
});
