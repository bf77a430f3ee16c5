import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VERDICTS } from '../../model/report.ts';
import type { WatchedRun, WatchState } from '../../model/watch.ts';
import { GATE_STATUS } from './gate.ts';
import { NO_HISTORY } from './history.ts';
import { readSince } from './since.ts';
import { standingOf } from './standing.ts';

const NOW = Date.UTC(2026, 10, 29, 12);

function run(change: Partial<WatchedRun> = {}): WatchedRun {
  const course = { id: 'a', startedAtMs: NOW - 60_000, endedAtMs: NOW - 30_000, end: 'complete' } as const;
  const rest = { sentence: 'all hold', codes: [], hop: '', promises: { propagation: 'pass' }, signs: [], probes: 9 };
  return { ...course, ...rest, verdict: 'pass', ...change } as WatchedRun;
}

function state(runs: readonly WatchedRun[], change: Partial<WatchState> = {}): WatchState {
  const { verdicts, ends, probes } = NO_HISTORY;
  return {
    ...{ nowMs: NOW, watchStartedAtMs: NOW - 3_600_000, everyMs: 900_000, staleAfterMs: 1_200_000 },
    ...{ runs, totals: { verdicts, ends, probes }, nextAtMs: NOW + 840_000, alerts: [] },
    ...change,
  };
}
const statusOf = (...args: Parameters<typeof standingOf>) => GATE_STATUS[standingOf(...args).name];

describe('the gate', () => {
  it.each([
    { what: 'no run', runs: [], status: 503 },
    { what: 'a pass', runs: [run()], status: 200 },
    { what: 'a failure', runs: [run({ verdict: 'fail' })], status: 412 },
    { what: 'a run that could not decide', runs: [run({ verdict: 'inconclusive' })], status: 503 },
    { what: 'a pass before a failure', runs: [run(), run({ verdict: 'fail' })], status: 412 },
    { what: 'a pass that is too old', runs: [run({ startedAtMs: NOW - 1_200_001 })], status: 503 },
    { what: 'a failure that is too old', runs: [run({ verdict: 'fail', startedAtMs: NOW - 1_200_001 })], status: 503 },
    { what: 'a pass as old as may be', runs: [run({ startedAtMs: NOW - 1_200_000 })], status: 200 },
  ] as const)('answers $status for $what', ({ runs, status }) => {
    expect(statusOf(state(runs))).toBe(status);
  });

  it('counts only a run that started after the given time', () => {
    const asked = (sinceMs: number) => statusOf(state([run()]), { sinceMs });
    expect({ before: asked(NOW - 60_001), same: asked(NOW - 60_000), after: asked(NOW) }).toEqual({
      before: 200,
      same: 503,
      after: 503,
    });
  });

  it('goes by one promise where that is asked for, and takes one that was not judged for no pass', () => {
    const failed = run({ verdict: 'fail', promises: { propagation: 'fail', ingress: 'pass', sampling: 'skipped' } });
    const asked = (promise: 'propagation' | 'ingress' | 'sampling' | 'links') =>
      statusOf(state([failed]), { promise: promise as 'ingress' });
    expect([asked('propagation'), asked('ingress'), asked('sampling'), asked('links')]).toEqual([412, 200, 503, 503]);
  });

  it('never passes on anything but a young pass that started in time', () => {
    const time = fc.integer({ min: NOW - 5_000_000, max: NOW });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...VERDICTS), time)), fc.option(time), (made, since) => {
        const runs = made
          .toSorted(([, a], [, b]) => a - b)
          .map(([verdict, startedAtMs]) => run({ verdict, startedAtMs }));
        const last = runs.at(-1);
        const passes =
          last?.verdict === 'pass' && NOW - last.startedAtMs <= 1_200_000 && last.startedAtMs > (since ?? 0);
        const standing = standingOf(state(runs), since === null ? {} : { sinceMs: since });
        expect({ passes: standing.name === 'pass', later: standing.retryAfterS >= 1 }).toEqual({ passes, later: true });
      }),
    );
  });
});

describe("a machine's clock that is set while the watch goes on", () => {
  const HOUR = 3_600_000;
  /** The run began at NOW - 60 000 by the clock of the watch. */
  const asked = (aheadMs: { atStart: number; now: number }, sinceMs?: number) =>
    statusOf(
      state([run({ aheadMs: aheadMs.atStart })], { aheadMs: aheadMs.now }),
      sinceMs === undefined ? {} : { sinceMs },
    );

  it.each([
    // The caller's time is that of the machine's clock as it is now.
    { what: 'set back an hour', atStart: 0, now: -HOUR, sinceMs: NOW - HOUR - 30_000, status: 503 },
    {
      what: 'set back an hour, and the run is later',
      atStart: 0,
      now: -HOUR,
      sinceMs: NOW - HOUR - 90_000,
      status: 200,
    },
    { what: 'suspended for an hour', atStart: 0, now: HOUR, sinceMs: NOW - 30_000, status: 503 },
    { what: 'set back before the run', atStart: -HOUR, now: -HOUR, sinceMs: NOW - HOUR - 90_000, status: 200 },
    { what: 'set forward before the run', atStart: HOUR, now: HOUR, sinceMs: NOW + HOUR - 90_000, status: 200 },
    { what: 'set forward before the run, and the deploy', atStart: HOUR, now: HOUR, sinceMs: NOW + HOUR, status: 503 },
  ])('never makes a run seem later than it was: $what', ({ atStart, now, sinceMs, status }) => {
    // An hour would be stale by itself.
    const at = state([run({ aheadMs: atStart })], { aheadMs: now, staleAfterMs: 10 * HOUR });
    expect(statusOf(at, { sinceMs })).toBe(status);
  });

  it('makes a verdict as old as the machine was suspended, and none younger', () => {
    expect(asked({ atStart: 0, now: HOUR })).toBe(503);
    expect(asked({ atStart: 0, now: -HOUR })).toBe(200);
    expect(standingOf(state([run({ aheadMs: 0 })], { aheadMs: -HOUR })).ageMs).toBe(60_000);
    expect(standingOf(state([run({ aheadMs: 0 })], { aheadMs: 1000 })).ageMs).toBe(61_000);
  });
});

describe('the time to ask again', () => {
  it('is the end of the run that goes on, or of the next one', () => {
    const running = { id: 'b', startedAtMs: NOW - 10_000 };
    const again = (change: Partial<WatchState>, sinceMs?: number) =>
      standingOf(state([run()], change), sinceMs === undefined ? {} : { sinceMs }).retryAfterS;
    expect({
      idle: again({}),
      running: again({ running, nextAtMs: NOW + 890_000 }),
      started: again({ running, nextAtMs: NOW + 890_000 }, NOW - 10_001),
      'started too early': again({ running, nextAtMs: NOW + 890_000 }, NOW),
    }).toEqual({ idle: 870, running: 20, started: 20, 'started too early': 920 });
  });
});

describe('the time in a query', () => {
  it.each([
    ['2026-11-29T12:00:00.500Z', NOW + 500],
    ['2026-11-29T13:00:00.000+01:00', NOW],
    ['2026-11-29T13:00:00.000 01:00', NOW],
    ['2026-11-29t12:00:00.0z', NOW],
    ['2026-11-29T12:00:00Z', NOW + 999],
  ])('reads %s, and one without a fraction as the whole of its second', (text, ms) => {
    expect(readSince(text)).toBe(ms);
  });

  it.each([
    '',
    'yesterday',
    '2026-11-29',
    '2026-11-29T12:00:00',
    '2026-13-29T12:00:00Z',
    '1764417600',
    '2026-02-30T25:00:00Z',
  ])('refuses %j', (text) => {
    expect(readSince(text)).toBeUndefined();
  });
});
