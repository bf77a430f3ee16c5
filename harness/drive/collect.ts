import { createRedactor } from '../capture/redact.ts';
import { secretsOf } from '../config/server.ts';
import type { Capture } from '../model/capture.ts';
import { MARGIN_MS } from '../model/limits.ts';
import type { Trace } from '../model/trace.ts';
import { type Loose, looseTraces } from '../survey/loose.ts';
import { survey } from '../survey/survey.ts';
import { awaitReady } from '../survey/wait.ts';
import { checkPlan } from './check-plan.ts';
import { clientsOf, type Drive } from './drive.ts';
import { openRecorder } from './open-recorder.ts';

export interface Collected {
  readonly capture: Capture;
  /** Other traces of the same services and time. */
  readonly loose: Loose;
  /** Why the capture could not be written. */
  readonly problem?: string;
}

/** Surveys, records, and looks for what else the services did meanwhile. Judges nothing. */
export async function collect(input: Omit<Drive, 'wantsMore' | 'detail'>): Promise<Collected> {
  const { settings, application, plan, clock, cluster, signal, onProgress } = input;
  checkPlan(settings, plan);
  const recorder = openRecorder(
    createRedactor([...secretsOf(settings), ...(application.secrets ?? [])]),
    input.capturePath,
  );
  const http = clientsOf(settings, cluster, clock, input.createClient);
  try {
    const surveying = {
      settings,
      application,
      plan,
      clock,
      http,
      ...(cluster !== undefined && { cluster }),
      ...(onProgress !== undefined && { onProgress }),
      signal,
    };
    if (settings.waitMs !== undefined && cluster?.stopped === undefined)
      await awaitReady(surveying, Math.max(0, settings.waitMs - (input.waitedMs ?? 0)));
    await survey({ ...surveying, onPart: (part) => recorder.add(part) });
    const capture = recorder.capture();
    const { url, headers } = settings.traceBackend;
    const target = { url, headers, timeoutMs: settings.timeoutMs, maxBodyBytes: settings.maxBodyBytes };
    const own = ownTraces(capture);
    const graceMs = settings.flushMs.value + MARGIN_MS;
    const loose =
      capture.end === 'complete' && own.length > 0
        ? await looseTraces({ target, http: http.traceBackend, clock, own, ...timesOf(capture), graceMs, signal })
        : { traces: [] };
    const { problem } = recorder;
    return { capture, loose, ...(problem !== undefined && { problem: problem.message }) };
  } finally {
    recorder.close();
    await Promise.all([http.ingress.close(), http.traceBackend.close()]);
  }
}

/** Of the plan alone: a trace of preflight may hold the calls of later requests. */
function ownTraces({ traces }: Capture): readonly Trace[] {
  return traces.flatMap(({ traceId, spans }) =>
    traceId === undefined || spans.length === 0 ? [] : [{ id: traceId, spans }],
  );
}

function timesOf({ exchanges }: Capture): { readonly fromMs: number; readonly toMs: number } {
  return {
    fromMs: Math.min(...exchanges.map(({ sentAtMs }) => sentAtMs)),
    toMs: Math.max(...exchanges.map(({ answeredAtMs }) => answeredAtMs)),
  };
}
