import { setImmediate as turn } from 'node:timers/promises';
import { SAMPLES } from '../../fixtures/testing/sample-reports.ts';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import type { RunReport } from '../model/report.ts';
import { type Launch, Watch, type WatchInput } from './watch.ts';

export const REPORTS = {
  pass: () => sample('pass'),
  fail: () => sample('fail-dropped'),
  inconclusive: () => sample('inconclusive'),
} as const;

const made = new Map<string, RunReport>();

/** A new object each time, of a report that is made once. */
function sample(name: string): RunReport {
  const make = SAMPLES[name];
  if (make === undefined) throw new Error(`no sample called ${name}`);
  const report = made.get(name) ?? make();
  made.set(name, report);
  return structuredClone(report);
}

/** A watch in simulated time. A run takes 30 s, and its verdict is the next one of the list; the last one stays. */
export function simulatedWatch(
  verdicts: readonly (keyof typeof REPORTS)[],
  change: Partial<WatchInput> = {},
): { readonly watch: Watch; readonly clock: SimulatedClock; readonly launched: readonly Launch[] } {
  const clock = new SimulatedClock();
  const launched: Launch[] = [];
  let ids = 0;
  const watch = new Watch({
    clock,
    everyMs: 900_000,
    spacingMs: 60_000,
    deadlineMs: 300_000,
    staleAfterMs: 2_100_000,
    keep: 5,
    agreement: { runs: 2, of: 3 },
    newId: () => `r${ids++}`,
    launch: async (launch) => {
      const verdict = verdicts[Math.min(launched.length, verdicts.length - 1)] ?? 'pass';
      launched.push(launch);
      await clock.sleep(30_000, launch.signal).catch(() => undefined);
      return launch.signal.aborted ? REPORTS.inconclusive() : REPORTS[verdict]();
    },
    ...change,
  });
  return { watch, clock, launched };
}

/** Lets a watch go on until so many runs have ended, then stops it. */
export async function runsOf(watch: Watch, runs: number, stop = new AbortController()): Promise<void> {
  const going = watch.go(stop.signal);
  const never = new AbortController().signal;
  for (let run = 0; run < runs; run += 1) await watch.ended(never);
  stop.abort(new Error('SIGTERM'));
  await going;
  await turn();
}
