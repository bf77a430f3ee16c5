import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { shownStartMs, type WatchedRun } from '../model/watch.ts';
import { REPORTS, runsOf, simulatedWatch } from './testing.ts';
import { LAST_WORDS_MS } from './watch.ts';

const MINUTE = 60_000;

describe('a watch', () => {
  it('runs at once and then at its interval', async () => {
    const { watch, launched } = simulatedWatch(['pass']);
    const startMs = watch.state().nowMs;
    await runsOf(watch, 3);
    expect(launched.map(({ startedAtMs }) => (startedAtMs - startMs) / MINUTE)).toEqual([0, 15, 30]);
    expect(watch.state().totals.verdicts).toEqual({ pass: 3, fail: 0, inconclusive: 0 });
  });

  it('remembers codes and hop of a failure', async () => {
    const { watch } = simulatedWatch(['fail']);
    await runsOf(watch, 1);
    const [run] = watch.state().runs;
    const { promises, sentence } = REPORTS.fail();
    const codes = promises.flatMap(({ findings }) => findings.map(({ code }) => code));
    expect(run).toMatchObject({ verdict: 'fail', sentence, hop: expect.stringMatching(/^\w+->\w+$/) });
    expect(run?.codes.length).toBeGreaterThan(0);
    expect(codes).toEqual(expect.arrayContaining([...(run?.codes ?? [])]));
  });

  it('runs on demand: once for all who ask before it starts, and once more for those who ask during it', async () => {
    const { watch, launched, clock } = simulatedWatch(['pass']);
    const stop = new AbortController();
    const going = watch.go(stop.signal);
    const never = new AbortController().signal;
    await watch.ended(never);
    const asked = [watch.request(), watch.request()];
    await clock.sleep(40_000);
    const during = watch.request();
    await watch.ended(never);
    await watch.ended(never);
    stop.abort();
    await going;
    const [first, second, third] = launched;
    expect(asked).toEqual([second?.id, second?.id]);
    expect(third?.id).toBe(during);
    // The budget keeps them apart.
    expect([second, third].map((run) => (run?.startedAtMs ?? 0) - (first?.startedAtMs ?? 0))).toEqual([
      60_000, 120_000,
    ]);
  });

  it('keeps its interval and shows the times of the machine, whose clock is set or which was suspended', async () => {
    const { watch, clock, launched } = simulatedWatch(['pass']);
    const startMs = clock.now();
    const stop = new AbortController();
    const going = watch.go(stop.signal);
    const never = new AbortController().signal;
    await watch.ended(never);
    clock.jump(-7_200_000);
    await watch.ended(never);
    stop.abort();
    await going;
    expect(launched.map(({ startedAtMs }) => startedAtMs - startMs)).toEqual([0, 15 * MINUTE]);
    expect(watch.state().runs.map((run) => shownStartMs(run) - startMs)).toEqual([0, 15 * MINUTE - 7_200_000]);
  });

  it('ends a run at its time limit, and counts it', async () => {
    const { watch, launched } = simulatedWatch(['pass'], { deadlineMs: 20_000 });
    await runsOf(watch, 1);
    expect(launched).toHaveLength(1);
    const { runs, totals } = watch.state();
    expect(runs[0]).toMatchObject({ verdict: 'inconclusive', end: 'deadline' });
    expect((runs[0]?.endedAtMs ?? 0) - (runs[0]?.startedAtMs ?? 0)).toBe(20_000);
    expect(totals.ends).toMatchObject({ deadline: 1, complete: 0 });
  });

  it('gives up a run that does not end at its limit either, and goes on', async () => {
    let launches = 0;
    const { watch } = simulatedWatch(['pass'], {
      launch: () => (launches++ === 0 ? new Promise(() => undefined) : Promise.resolve(REPORTS.pass())),
    });
    await runsOf(watch, 2);
    expect(watch.state().runs.map(({ verdict, end }) => [verdict, end])).toEqual([
      ['inconclusive', 'hung'],
      ['pass', 'complete'],
    ]);
    expect({ hung: watch.hung, reports: watch.reports().length }).toEqual({ hung: 1, reports: 1 });
  });

  it('counts a run that fails, whatever it throws and when, and goes on', async () => {
    const failures = [
      () => {
        throw new Error('at once\nin two lines');
      },
      () => Promise.reject(new Error('later')),
      () => Promise.resolve(REPORTS.pass()),
    ];
    let launches = 0;
    const { watch } = simulatedWatch([], { launch: () => (failures[launches++] ?? failures[2]!)() });
    await runsOf(watch, 3);
    expect(watch.state().runs.map(({ end, sentence }) => [end, sentence])).toEqual([
      ['failed', 'could not decide: the run failed: at once in two lines'],
      ['failed', 'could not decide: the run failed: later'],
      ['complete', REPORTS.pass().sentence],
    ]);
  });

  it.each([
    { what: 'that reports', launch: undefined, end: 'stopped', atMostMs: 0 },
    { what: 'that hangs', launch: () => new Promise<never>(() => undefined), end: 'hung', atMostMs: LAST_WORDS_MS },
  ] as const)(
    'ends within 5 s of the signal during a run $what, with the run written',
    async ({ launch, end, atMostMs }) => {
      const written: WatchedRun[] = [];
      const { watch, clock } = simulatedWatch(['pass'], {
        onRun: (run) => written.push(run),
        ...(launch !== undefined && { launch }),
      });
      const stop = new AbortController();
      const going = watch.go(stop.signal);
      await clock.sleep(10_000);
      const stoppedAtMs = clock.now();
      stop.abort(new Error('SIGTERM'));
      await going;
      expect(clock.now() - stoppedAtMs).toBeLessThanOrEqual(atMostMs);
      expect(LAST_WORDS_MS).toBeLessThan(5000);
      expect(written.map((run) => run.end)).toEqual([end]);
    },
  );

  it('ends at once between two runs, and lets go who waits for one', async () => {
    const { watch } = simulatedWatch(['pass']);
    const stop = new AbortController();
    const going = watch.go(stop.signal);
    await watch.ended(new AbortController().signal);
    const waiting = watch.ended(new AbortController().signal);
    stop.abort();
    await Promise.all([going, waiting]);
    expect(watch.state().totals.ends).toMatchObject({ complete: 1, stopped: 0 });
  });

  it('reports what begins and ends to be an alert, once each', async () => {
    const log: string[] = [];
    const { watch } = simulatedWatch(['fail', 'fail', 'fail', 'pass', 'pass', 'pass'], {
      onAlerts: ({ began, ended }) => {
        for (const [sign, alerts] of [
          ['+', began],
          ['-', ended],
        ] as const)
          for (const { code } of alerts) log.push(`${sign}${code}`);
      },
    });
    await runsOf(watch, 6);
    const codes = [...new Set(watch.state().runs.flatMap(({ signs }) => signs.map(({ code }) => code)))];
    expect(log.filter((line) => line.startsWith('+')).length).toBeGreaterThan(0);
    expect(log.filter((line) => line.startsWith('+')).map((line) => line.slice(1))).toEqual(
      log.filter((line) => line.startsWith('-')).map((line) => line.slice(1)),
    );
    expect(codes.every((code) => log.filter((line) => line === `+${code}`).length >= 1)).toBe(true);
  });
});

/** Bytes of the heap after everything is gone that can go. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}

it('10 000 runs leave no more behind than 1 000 do', async () => {
  const clock = new SimulatedClock();
  let sleeping = 0;
  const counting = {
    now: () => clock.now(),
    sleep: (ms: number, signal?: AbortSignal) => {
      sleeping += 1;
      return clock.sleep(ms, signal).finally(() => {
        sleeping -= 1;
      });
    },
  };
  const [{ detail: _, ...pass }, { detail: _detail, ...fail }] = [REPORTS.pass(), REPORTS.fail()];
  let launches = 0;
  const { watch } = simulatedWatch([], {
    clock: counting,
    newId: () => `r${launches}`,
    launch: async ({ signal }) => {
      await counting.sleep(30_000, signal);
      launches += 1;
      return structuredClone(launches % 3 === 0 ? fail : pass);
    },
  });
  const stop = new AbortController();
  const going = watch.go(stop.signal);
  const never = new AbortController().signal;
  const heldAfter = async (runs: number) => {
    while (launches < runs) await watch.ended(never);
    const { runs: kept, alerts } = watch.state();
    return { runs: kept.length, reports: watch.reports().length, alerts: alerts.length, sleeping };
  };
  const [few, before] = [await heldAfter(1000), heapBytes()];
  const [many, after] = [await heldAfter(10_000), heapBytes()];
  stop.abort();
  await going;
  expect(many).toEqual(few);
  expect({ ...many, slept: sleeping }).toMatchObject({ runs: 5, reports: 5, slept: 0 });
  expect(watch.state().totals.ends.complete).toBe(10_000);
  // 9 000 runs that left half a kilobyte each would be more.
  expect({ grown: after - before < 4 * 2 ** 20 }).toEqual({ grown: true });
}, 120_000);

it('only the newest report keeps what its pictures need', async () => {
  const { watch } = simulatedWatch(['pass']);
  await runsOf(watch, 4);
  expect(watch.reports().map(({ report }) => report.detail !== undefined)).toEqual([false, false, false, true]);
});
