import { BackendError, type TraceBackend } from '../backend/backend.ts';
import { negotiate } from '../backend/negotiate.ts';
import { createJsonReader } from '../backend/read-json.ts';
import type { Probe } from '../model/exchange.ts';
import { probeId } from '../model/exchange.ts';
import { asGatewayTrace } from '../model/gateway-profile.ts';
import { listedAs } from '../model/listed-services.ts';
import type { Trace } from '../model/trace.ts';
import type { UnknownName } from '../model/unknown-names.ts';
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
  const sent: Probe[] = [];
  for (let round = 0; ; round += 1) {
    const missing = await whatIsMissing(run, round, sent);
    signal.throwIfAborted();
    if (missing === undefined) return undefined;
    const leftMs = Math.max(0, deadlineMs - clock.now());
    onProgress?.({ phase: 'wait', waitingFor: missing, leftMs });
    if (leftMs === 0) return missing;
    await clock.sleep(Math.min(EVERY_MS, deadlineMs - clock.now()), signal);
  }
}

/** @param sent the requests of earlier rounds; this one's is added. */
async function whatIsMissing(run: RunContext, round: number, sent: Probe[]): Promise<string | undefined> {
  const { settings, http, clock, signal } = run.input;
  // The formats a mesh may speak take turns, so that one of them is traced at any sampling rate.
  const formats = settings.format.value === 'auto' ? (['b3', 'w3c'] as const) : [settings.format.value];
  const format = formats[round % formats.length] ?? 'b3';
  const probe = makeProbe(probeId(round, 'w'), 'forced-on', format, run.head.run.id, run.random);
  sent.push(probe);
  const { error } = await run.send(probe, signal);
  if (error !== undefined) return `the ingress to answer (${error.message})`;
  try {
    const backend = await negotiate(
      settings.jaeger.url,
      createJsonReader(run.backendTarget(), http.jaeger, clock),
      signal,
    );
    const listed = await backend.services(signal);
    const isMissing = (name: string) =>
      listedAs(listed, name, settings.services?.value).length === 0 && run.names.fullNames(name).length === 0;
    const allMissing = () =>
      [run.application.gateway, ...run.application.services.map(({ name }) => name)].filter(isMissing);
    // A gateway, or a name that is not its Service's, is known by the spans that it leaves.
    const other = allMissing().length > 0 ? await learnFrom(sent, backend, run) : [];
    // Under another name it is there, and the run says so (HC723).
    const missing = allMissing().filter((name) => !other.some(({ expected }) => expected === name));
    return missing.length === 0 ? undefined : `Jaeger to know ${missing.join(', ')}`;
  } catch (error) {
    if (error instanceof BackendError) return `Jaeger to answer (${error.message})`;
    throw error;
  }
}

/** The last few, for a service that has only just come up is in none of the first. */
const LOOKED_AT = 10;

/** @returns services that these traces know by another name. */
async function learnFrom(
  sent: readonly Probe[],
  backend: TraceBackend,
  { names, input }: RunContext,
): Promise<readonly UnknownName[]> {
  const read: Trace[] = [];
  for (let at = Math.max(0, sent.length - LOOKED_AT); at < sent.length; at += backend.batchSize) {
    const some = sent.slice(at, at + backend.batchSize);
    const ids = some.flatMap(({ traceId }) => traceId ?? []);
    const traces = await backend.traces(ids, input.signal);
    for (const probe of some) {
      const trace = probe.traceId === undefined ? undefined : traces.get(probe.traceId);
      if (trace === undefined) continue;
      read.push(trace);
      names.learn([asGatewayTrace(probe, trace.spans)]);
    }
  }
  return names.infer(read);
}
