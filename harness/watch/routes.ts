import { CONTENT_TYPES } from '../../reports/exposition.ts';
import { FORMATS, isFormat } from '../../reports/formats.ts';
import { renderWatchMetrics } from '../../reports/watch-metrics.ts';
import type { Clock } from '../model/clock.ts';
import { type Answer, type Asked, json, line } from './answer.ts';
import { GateRoutes } from './gate-routes.ts';
import { prefersOpenMetrics } from './prefers-openmetrics.ts';
import { unclearParameter } from './question.ts';
import { standingOf } from './state/standing.ts';
import { bearsToken } from './token.ts';
import { LAST_WORDS_MS, type Watch } from './watch.ts';

export interface RoutesInput {
  readonly watch: Watch;
  readonly clock: Clock;
  /** Time limit of a run, ms. */
  readonly deadlineMs: number;
  /** Opens `/run` and `/report`; absent: they are closed. */
  readonly token?: string;
}

type Route = (asked: Asked) => Answer | Promise<Answer>;

const TYPES: Readonly<Record<string, string>> = {
  json: 'application/json',
  html: 'text/html',
  junit: 'application/xml',
};

/** A run that is this much over its limit shows that the watch itself does not go on, ms. */
const SLACK_MS = 60_000;

/** The answers of a watch, by path and method. */
export function routesOf({ watch, clock, deadlineMs, token }: RoutesInput): (asked: Asked) => Promise<Answer> {
  const gate = new GateRoutes(watch, clock);
  const guarded = (route: Route): Route => {
    return (asked) => {
      if (token === undefined)
        return line(
          403,
          'no token is configured: set --watch-token-file or HOPCHECK_WATCH_TOKEN to use /run and /report',
        );
      if (bearsToken(asked.authorization, token)) return route(asked);
      return line(401, 'expected the header Authorization: Bearer TOKEN', { 'www-authenticate': 'Bearer' });
    };
  };
  const table: Readonly<Record<string, Readonly<Record<string, Route>>>> = {
    '/verdict': { GET: (asked) => gate.verdict(asked) },
    '/gate': { GET: (asked) => gate.gate(asked), POST: (asked) => gate.gate(asked) },
    '/rollback': { GET: (asked) => gate.rollback(asked), POST: (asked) => gate.rollback(asked) },
    '/metrics': { GET: ({ accept }) => metrics(watch, accept) },
    '/healthz': { GET: () => health(watch, deadlineMs) },
    '/run': { POST: guarded(() => start(watch)) },
    '/report': { GET: guarded(({ query }) => report(watch, query)) },
  };
  return async (asked) => {
    const methods = Object.hasOwn(table, asked.path) ? table[asked.path] : undefined;
    if (methods === undefined) return line(404, `expected one of ${Object.keys(table).join(', ')}`);
    const route = methods[asked.method === 'HEAD' ? 'GET' : asked.method];
    const allow = Object.keys(methods).join(', ');
    return route === undefined ? line(405, `expected ${allow}`, { allow }) : route(asked);
  };
}

function metrics(watch: Watch, accept: string): Answer {
  const state = watch.state();
  const style = prefersOpenMetrics(accept) ? 'openmetrics' : 'text';
  const last = watch.reports().at(-1);
  // A run without a report has no metrics: those of an earlier one would say what is no longer known.
  const report = last?.run.id === state.runs.at(-1)?.id ? last?.report : undefined;
  return {
    status: 200,
    type: CONTENT_TYPES[style],
    body: renderWatchMetrics(state, standingOf(state).name, report, style),
  };
}

/** Alive, whatever the verdict: a run goes on within its limit, or the next one is due. */
function health(watch: Watch, deadlineMs: number): Answer {
  const { nowMs, running, runs, watchStartedAtMs, everyMs } = watch.state();
  const last = runs.at(-1);
  const dueMs = Math.max(last?.endedAtMs ?? 0, (last?.startedAtMs ?? watchStartedAtMs - everyMs) + everyMs);
  const latestMs = running === undefined ? dueMs : running.startedAtMs + deadlineMs + LAST_WORDS_MS;
  return nowMs <= latestMs + SLACK_MS ? line(200, 'ok') : line(503, 'the watch does not go on: restart it');
}

function start(watch: Watch): Answer {
  const id = watch.request();
  const { nowMs, nextAtMs } = watch.state();
  const location = `/report?run=${id}`;
  return json(202, { id, startsIn: Math.max(0, Math.ceil((nextAtMs - nowMs) / 1000)), report: location }, { location });
}

function report(watch: Watch, query: URLSearchParams): Answer {
  const unclear = unclearParameter(query, ['run', 'format']);
  if (unclear !== undefined) return unclear;
  const [id, format] = [query.get('run'), query.get('format') ?? 'json'];
  if (!isFormat(format))
    return line(
      400,
      `format ${JSON.stringify(format.slice(0, 200))}: expected one of ${Object.keys(FORMATS).join(', ')}, e.g. ?format=html`,
    );
  const reports = watch.reports();
  const kept = id === null ? reports.at(-1) : reports.find(({ run }) => run.id === id);
  if (kept === undefined) {
    const { running, runs } = watch.state();
    const known = runs.find((run) => run.id === id);
    const why = running?.id === id ? 'this run has not ended' : (known?.sentence ?? 'no report is kept for this run');
    return line(404, why);
  }
  return { status: 200, type: `${TYPES[format] ?? 'text/plain'}; charset=utf-8`, body: FORMATS[format](kept.report) };
}
