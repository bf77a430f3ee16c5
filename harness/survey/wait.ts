import { BackendError } from '../backend/backend.ts';
import { negotiate } from '../backend/negotiate.ts';
import { createJsonReader } from '../backend/read-json.ts';
import { probeId } from '../model/exchange.ts';
import { listedAs } from '../model/listed-services.ts';
import { makeProbe } from '../probe/make-probe.ts';
import { RunContext } from './context.ts';
import type { SurveyInput } from './survey-input.ts';

const EVERY_MS = 2000;

/**
 * After a deploy: waits until ingress and backend answer and the backend knows every service, never for a verdict. A
 * marked request each round lets the services show themselves; none of them is judged.
 * @returns what was still missing when the time was up, or undefined. Rejects only with the reason of the signal.
 */
export async function awaitReady(input: SurveyInput, waitMs: number): Promise<string | undefined> {
  const { clock, signal, onProgress } = input;
  const run = new RunContext(input);
  const deadlineMs = clock.now() + waitMs;
  for (let round = 0; ; round += 1) {
    const missing = await whatIsMissing(run, round);
    signal.throwIfAborted();
    if (missing === undefined) return undefined;
    const leftMs = Math.max(0, deadlineMs - clock.now());
    onProgress?.({ phase: 'wait', waitingFor: missing, leftMs });
    if (leftMs === 0) return missing;
    await clock.sleep(Math.min(EVERY_MS, deadlineMs - clock.now()), signal);
  }
}

async function whatIsMissing(run: RunContext, round: number): Promise<string | undefined> {
  const { settings, http, clock, signal } = run.input;
  // The formats a mesh may speak take turns, so that one of them is traced at any sampling rate.
  const formats = settings.format.value === 'auto' ? (['b3', 'w3c'] as const) : [settings.format.value];
  const format = formats[round % formats.length] ?? 'b3';
  const probe = makeProbe(probeId(round, 'w'), 'forced-on', format, run.head.run.id, run.random);
  const { error } = await run.send(probe, signal);
  if (error !== undefined) return `the ingress to answer (${error.message})`;
  try {
    const backend = await negotiate(
      settings.jaeger.url,
      createJsonReader(run.backendTarget(), http.jaeger, clock),
      signal,
    );
    const listed = await backend.services(signal);
    const { gateway, services } = run.application;
    const wanted = [gateway, ...services.map(({ name }) => name)];
    const missing = wanted.filter((name) => listedAs(listed, name, settings.services?.value).length === 0);
    return missing.length === 0 ? undefined : `Jaeger to know ${missing.join(', ')}`;
  } catch (error) {
    if (error instanceof BackendError) return `Jaeger to answer (${error.message})`;
    throw error;
  }
}
