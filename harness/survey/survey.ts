import { BackendError, type TraceBackend, toIncident } from '../backend/backend.ts';
import { negotiate } from '../backend/negotiate.ts';
import { createJsonReader, type JsonReader } from '../backend/read-json.ts';
import type { Capture, Fragment, Incident } from '../model/capture.ts';
import { PREFLIGHT_REQUESTS } from '../model/limits.ts';
import { type PreflightInput, type PreflightResult, preflight } from '../preflight/preflight.ts';
import { AdaptiveRate, fixedRate } from '../probe/rate.ts';
import { sendAll } from '../probe/send-all.ts';
import type { Entry } from '../settle/entry.ts';
import { findByMarker, hasGateway } from '../settle/find-by-marker.ts';
import { findForgotten } from '../settle/forgotten.ts';
import type { SettlerInput } from '../settle/settled.ts';
import { Settler } from '../settle/settler.ts';
import { NO_PREFLIGHT, RunContext } from './context.ts';
import { RunLog } from './log.ts';
import type { SurveyInput } from './survey-input.ts';

/**
 * target → preflight → probe → settle → capture. Sends, waits and writes down; judges nothing. Never rejects for what
 * the world does: that is in the capture. When the signal aborts, what was collected comes back with end `interrupted`.
 */
export async function survey(input: SurveyInput): Promise<Capture> {
  const run = new RunContext(input);
  const log = new RunLog(run);
  const startedAtMs = input.clock.now();
  const stopped = input.cluster?.stopped;
  if (stopped !== undefined) {
    log.preflighted({ ...NO_PREFLIGHT, stopped });
    return log.end('stopped-in-preflight', 0);
  }
  if (input.signal.aborted) return log.end('interrupted', 0);
  const { checked, reader } = await checkTarget(run);
  log.preflighted(checked.preflight);
  if (checked.backendTrouble !== undefined) log.incident(checked.backendTrouble);
  const preflightDoneMs = input.clock.now();
  log.timings = { ...log.timings, preflightMs: preflightDoneMs - startedAtMs };
  if (checked.backend === undefined || checked.preflight.stopped !== undefined || input.signal.aborted) {
    return log.end(input.signal.aborted ? 'interrupted' : 'stopped-in-preflight', reader.calls);
  }
  await probeAndSettle(run, log, checked.backend, checked.arrival);
  const isPlanned = input.plan.some(({ stage }) => stage === 2);
  if (isPlanned && !input.signal.aborted && input.wantsMore?.(log.soFar()) === true)
    await probeAndSettle(run, log, checked.backend, checked.arrival, 2);
  const changes = input.signal.aborted ? undefined : await input.cluster?.changesSince?.();
  if (changes !== undefined) log.changes(changes);
  return log.end(input.signal.aborted ? 'interrupted' : 'complete', reader.calls);
}

/** The preflight of a run; `hopcheck doctor` is this alone. */
export async function checkTarget(
  run: RunContext,
  how: Pick<PreflightInput, 'refusesUnserved'> = {},
): Promise<{ readonly checked: PreflightResult; readonly reader: JsonReader }> {
  const { settings, http, clock, onProgress, signal } = run.input;
  const reader = createJsonReader(run.backendTarget(), http.traceBackend, clock);
  const checked = await preflight(
    {
      settings,
      names: run.names,
      negotiate: (stop) => negotiate(settings.traceBackend.url, reader, stop),
      send: (probe, stop) => run.send(probe, stop),
      runId: run.head.run.id,
      random: run.random,
      clock,
      onWaiting: (waitingFor) => onProgress?.({ phase: 'preflight', waitingFor }),
      ...how,
    },
    signal,
  );
  return { checked, reader };
}

/** Where the backend has given up what it had shown, what is missing could have been there: those traces stay open. */
async function markForgotten(
  run: RunContext,
  log: RunLog,
  entries: readonly Entry[],
  backend: TraceBackend,
): Promise<void> {
  const { signal } = run.input;
  if (signal.aborted) return;
  try {
    const forgotten = await findForgotten(entries, log.preflight, backend, signal);
    if (forgotten === undefined) return;
    log.incident(forgotten);
    for (const entry of entries) if (!entry.complete) entry.reason = 'deadline';
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof BackendError)) throw error;
    log.incident(toIncident(error, 'settle'));
  }
}

async function probeAndSettle(
  run: RunContext,
  log: RunLog,
  backend: TraceBackend,
  earlier: SettlerInput['earlier'] | undefined,
  stage?: 2,
): Promise<void> {
  const { settings, clock, signal } = run.input;
  const probes = run.probes(backend, log.preflight, stage);
  const before = log.exchanges.length;
  const fragments = new Map<string, Fragment>();
  /** A later search of the same trace knows more. */
  const keep = (some: readonly Fragment[]) => {
    for (const each of some) fragments.set(`${each.probe} ${each.traceId}`, each);
  };
  const startedAtMs = clock.now();
  const onIncident = (incident: Incident) => log.incident(incident);
  const search = () => run.markerSearch(backend, log.preflight);
  const settler = new Settler({
    backend,
    clock,
    probes: probes.length,
    lateRequests: Math.max(0, log.preflight.requests.length - PREFLIGHT_REQUESTS),
    flushMs: settings.flushMs.value,
    ...(earlier !== undefined && { earlier }),
    settleTimeoutMs: settings.settleTimeoutMs,
    meshAheadMs: run.meshAheadMs(log.preflight),
    longestUpstreamTimeoutMs: run.application.longestUpstreamTimeoutMs,
    isComplete: (entry) => run.isComplete(entry, log.preflight),
    lacksOf: (entry) => run.lacksOf(entry),
    glance: async (entries, seen, stop) => {
      run.learn(seen);
      const { traces } = await findByMarker(entries, seen, search(), stop);
      return new Map([...traces].filter(([, trace]) => hasGateway(trace, search())));
    },
    findByMarker: async (entries, seen, stop) => {
      run.learn(seen);
      const found = await findByMarker(entries, seen, search(), stop);
      keep(found.fragments);
      for (const [{ probe }, { id, spans }] of found.traces)
        if (probe.traceId !== undefined && probe.trial === undefined) keep([{ probe: probe.id, traceId: id, spans }]);
      return found.traces;
    },
    onIncident,
    onProgress: (progress) => {
      if (log.exchanges.length - before >= probes.length || signal.aborted)
        run.input.onProgress?.({ phase: 'settle', ...progress });
    },
  });
  const settling = settler.run(signal);
  let sent = 0;
  await sendAll(
    probes,
    (probe) => {
      sent += 1;
      return run.send(probe, signal);
    },
    {
      rate: settings.adaptsRate === true ? new AdaptiveRate() : fixedRate(settings.rate),
      concurrency: settings.concurrency,
      clock,
      jitter: () => Number.parseInt(run.random(6), 16) / 2 ** 24,
    },
    (exchange) => {
      log.exchange(exchange);
      settler.answered(exchange);
      run.input.onProgress?.({ phase: 'probe', sent, answered: log.exchanges.length - before, of: probes.length });
    },
    signal,
  );
  settler.allAnswered();
  const probedAtMs = clock.now();
  const settled = await settling;
  try {
    if (!signal.aborted) keep(await run.fragments(settled, search, onIncident, signal));
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  await markForgotten(run, log, settled.entries, backend);
  for (const entry of settled.entries) log.trace(entry);
  for (const fragment of fragments.values()) log.fragment(fragment);
  log.timings = {
    ...log.timings,
    probeMs: log.timings.probeMs + probedAtMs - startedAtMs,
    settleMs: log.timings.settleMs + clock.now() - probedAtMs,
    polls: log.timings.polls + settled.polls,
    graceMs: settled.graceMs,
    ...(settled.longestLagMs !== undefined && { longestLagMs: Math.round(settled.longestLagMs) }),
    ...(settled.slowWay !== undefined && {
      slowWay: { ...settled.slowWay, wayMs: Math.round(settled.slowWay.wayMs) },
    }),
    ...(settled.backendAwayMs !== undefined && { backendAwayMs: Math.round(settled.backendAwayMs) }),
  };
}
