import type { Verdict } from '../../model/report.ts';
import type { RunEnd, WatchedRun } from '../../model/watch.ts';

/** What a watch remembers: the last runs, and sums. */
export interface History {
  /** Oldest first. */
  readonly runs: readonly WatchedRun[];
  /** The last ones that passed or failed: those that could not decide do not push them out. */
  readonly decided: readonly WatchedRun[];
  readonly verdicts: Readonly<Record<Verdict, number>>;
  readonly ends: Readonly<Record<RunEnd, number>>;
  readonly probes: number;
}

export const NO_HISTORY: History = {
  runs: [],
  decided: [],
  verdicts: { pass: 0, fail: 0, inconclusive: 0 },
  ends: { complete: 0, deadline: 0, hung: 0, failed: 0, stopped: 0 },
  probes: 0,
};

/** The history with one more run. @param keep how many runs are remembered. */
export function withRun(history: History, run: WatchedRun, keep: number): History {
  const { runs, decided, verdicts, ends, probes } = history;
  return {
    runs: [...runs, run].slice(-keep),
    decided: run.verdict === 'inconclusive' ? decided : [...decided, run].slice(-keep),
    verdicts: { ...verdicts, [run.verdict]: verdicts[run.verdict] + 1 },
    ends: { ...ends, [run.end]: ends[run.end] + 1 },
    probes: probes + run.probes,
  };
}
