import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WatchedRun } from '../../model/watch.ts';
import { alertsOf } from './alerts.ts';
import { forecast, spacingMs } from './budget.ts';
import { NO_HISTORY, withRun } from './history.ts';
import { nextStartMs } from './schedule.ts';

describe('the schedule', () => {
  const input = { nowMs: 100_000, everyMs: 60_000, spacingMs: 10_000, isRequested: false };

  it('starts the first run at once, and the next one at the interval', () => {
    expect({
      first: nextStartMs(input),
      next: nextStartMs({ ...input, lastStartedAtMs: 95_000 }),
      'asked for': nextStartMs({ ...input, lastStartedAtMs: 80_000, isRequested: true }),
      'asked for too early': nextStartMs({ ...input, lastStartedAtMs: 95_000, isRequested: true }),
      'after a long run': nextStartMs({ ...input, lastStartedAtMs: 1000 }),
      'under a small budget': nextStartMs({ ...input, lastStartedAtMs: 95_000, spacingMs: 90_000 }),
    }).toEqual({
      first: 100_000,
      next: 155_000,
      'asked for': 100_000,
      'asked for too early': 105_000,
      'after a long run': 100_000,
      'under a small budget': 185_000,
    });
  });

  it('keeps to the budget, however often a run is asked for', () => {
    const sizes = fc.record({
      requests: fc.integer({ min: 1, max: 500 }),
      perSecond: fc.double({ min: 0.1, max: 20, noNaN: true }),
    });
    fc.assert(
      fc.property(
        sizes,
        fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 5 }),
        ({ requests, perSecond }, waits) => {
          const apart = spacingMs(requests, { perSecond });
          const starts = [0];
          let nowMs = 0;
          for (const waitMs of waits) {
            const lastStartedAtMs = starts.at(-1) ?? 0;
            nowMs = nextStartMs({
              nowMs: nowMs + waitMs,
              everyMs: 900_000,
              spacingMs: apart,
              lastStartedAtMs,
              isRequested: true,
            });
            starts.push(nowMs);
          }
          const sent = (starts.length - 1) * requests;
          expect(sent).toBeLessThanOrEqual(((starts.at(-1) ?? 0) / 1000) * perSecond + 1e-6 * sent);
        },
      ),
    );
  });
});

it('the forecast is of a day, and lengthens an interval that the budget does not allow', () => {
  expect(forecast(120, 900_000, { perSecond: 2 })).toEqual({
    everyMs: 900_000,
    runsADay: 96,
    requestsADay: 11_520,
    mostADay: 172_800,
  });
  expect(forecast(120, 60_000, { perSecond: 1 })).toMatchObject({ everyMs: 120_000, requestsADay: 86_400 });
});

describe('an alert', () => {
  type Step = 'pass' | 'fail' | 'other' | 'inconclusive';
  const SIGNS = {
    pass: [],
    fail: [{ code: 'HC501', subject: 'a->b' }],
    other: [{ code: 'HC501', subject: 'a->c' }],
    inconclusive: [{ code: 'inconclusive', subject: '' }],
  };
  const after = (steps: readonly Step[]) => {
    const history = steps.reduce((before, step, index) => {
      const verdict = step === 'other' ? 'fail' : step;
      const run = {
        id: String(index),
        end: 'complete',
        verdict,
        signs: SIGNS[step],
        probes: 1,
      } as unknown as WatchedRun;
      return withRun(before, run, 3);
    }, NO_HISTORY);
    return alertsOf(history, { runs: 2, of: 3 }).map(({ code, subject, runs }) => `${code} ${subject} ${runs}`.trim());
  };

  it.each([
    { steps: ['fail'], alerts: [] },
    { steps: ['fail', 'fail'], alerts: ['HC501 a->b 2'] },
    { steps: ['fail', 'pass', 'fail'], alerts: ['HC501 a->b 2'] },
    { steps: ['fail', 'other'], alerts: [] },
    { steps: ['fail', 'fail', 'pass', 'pass'], alerts: [] },
    { steps: ['inconclusive', 'inconclusive'], alerts: ['inconclusive  2'] },
  ] as const)('is raised by $steps: $alerts', ({ steps, alerts }) => {
    expect(after(steps)).toEqual(alerts);
  });

  it('is not ended by runs that could not decide', () => {
    expect(after(['fail', 'fail', 'inconclusive', 'inconclusive', 'inconclusive'])).toEqual([
      'inconclusive  3',
      'HC501 a->b 2',
    ]);
  });
});
