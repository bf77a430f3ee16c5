import type { RunReport } from '../harness/model/report.ts';
import { STANDINGS, type StandingName, shownStartMs, type WatchState } from '../harness/model/watch.ts';
import { type ExpositionStyle, exposition, type Family, type Labels, type Sample } from './exposition.ts';
import { reportFamilies } from './prometheus.ts';

/**
 * What `hopcheck watch` serves under `/metrics`: the watch itself, and the metrics of its last run where that has a
 * report (docs/prometheus.md#of-a-watch). The number of series is bounded by the application definition, whatever traces
 * say: an alert's subject, too, has only names of the definition.
 */
export function renderWatchMetrics(
  state: WatchState,
  standing: StandingName,
  report: RunReport | undefined,
  style: ExpositionStyle,
): string {
  const last = report === undefined ? [] : reportFamilies(report);
  return exposition([...watchFamilies(state, standing), ...last], style);
}

function watchFamilies(state: WatchState, standing: StandingName): readonly Family[] {
  const { totals, runs, alerts, running, nextAtMs, nowMs, aheadMs = 0 } = state;
  const last = runs.at(-1);
  const seconds = (ms: number) => Math.round(ms) / 1000;
  const by = (label: string, counts: Readonly<Record<string, number>>): readonly Sample[] =>
    Object.entries(counts).map(([word, count]) => [{ [label]: word }, count]);
  const gauge = (name: string, help: string, value: number, labels: Labels = {}): Family => ({
    name: `hopcheck_watch_${name}`,
    help,
    samples: [[labels, value]],
  });
  return [
    {
      name: 'hopcheck_watch_verdict',
      help: 'Answer of the gate, 1 for the one it gives; stale and none stand for no verdict.',
      samples: STANDINGS.map((word) => [{ verdict: word }, word === standing ? 1 : 0]),
    },
    {
      name: 'hopcheck_watch_runs',
      help: 'Runs that have ended, by verdict.',
      type: 'counter',
      samples: by('verdict', totals.verdicts),
    },
    {
      name: 'hopcheck_watch_run_ends',
      help: 'Runs that have ended, by how they ended.',
      type: 'counter',
      samples: by('end', totals.ends),
    },
    {
      name: 'hopcheck_watch_probes',
      help: 'Probes that were sent; requests of preflight are not counted.',
      type: 'counter',
      samples: [[{}, totals.probes]],
    },
    gauge('start_timestamp_seconds', 'When the watch started.', seconds(state.watchStartedAtMs + aheadMs)),
    // 0 before the first run: silence from the start is an alert as well.
    gauge(
      'last_run_timestamp_seconds',
      'When the last run that has ended started.',
      last ? seconds(shownStartMs(last)) : 0,
    ),
    gauge('last_run_duration_seconds', 'How long it took.', last ? seconds(last.endedAtMs - last.startedAtMs) : 0),
    gauge('next_run_timestamp_seconds', 'When the next run starts.', seconds(Math.max(nextAtMs, nowMs) + aheadMs)),
    gauge('running', '1 while a run goes on.', running === undefined ? 0 : 1),
    gauge('interval_seconds', 'Time between the starts of two runs.', seconds(state.everyMs)),
    gauge('stale_after_seconds', 'Age from which a verdict counts no more.', seconds(state.staleAfterMs)),
    {
      name: 'hopcheck_watch_alert',
      help: 'What enough of the last runs agree on: how many runs.',
      samples: alerts.map(({ code, subject, runs: count }) => [{ code, subject }, count]),
    },
  ];
}
