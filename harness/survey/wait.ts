import { BackendError, type TraceBackend } from '../backend/backend.ts';
import { negotiate } from '../backend/negotiate.ts';
import { createJsonReader } from '../backend/read-json.ts';
import { formatInTurn } from '../formats/formats.ts';
import type { Answer, Probe } from '../model/exchange.ts';
import { probeId } from '../model/exchange.ts';
import { asGatewayTrace } from '../model/gateway-profile.ts';
import { WAIT_EVERY_MS } from '../model/limits.ts';
import { listedAs } from '../model/listed-services.ts';
import { rightStatuses } from '../model/of-request.ts';
import type { Trace } from '../model/trace.ts';
import type { UnknownName } from '../model/unknown-names.ts';
import { makeProbe } from '../probe/make-probe.ts';
import { RunContext } from './context.ts';
import type { SurveyInput } from './survey-input.ts';

/**
 * Whole pages in a row until the application counts as started. Pods may have no readiness probes: a Java server then
 * answers with errors for a while although its pod is ready (docs/facts/bookinfo.md). Two turns of three versions, because one
 * of them may start later than the others.
 */
export const WHOLE_IN_A_ROW = 6;

/**
 * After a deploy: waits until the ingress serves whole pages, the backend answers, and it knows every service; never for a
 * verdict. Marked requests in each round let the services show themselves; none of them is judged.
 * @returns what was still missing when the time was up, or undefined. Rejects only with the reason of the signal.
 */
export async function awaitReady(input: SurveyInput, waitMs: number): Promise<string | undefined> {
  const { clock, signal, onProgress } = input;
  const run = new RunContext(input);
  const deadlineMs = clock.now() + waitMs;
  const sent: Probe[] = [];
  for (;;) {
    const missing = await whatIsMissing(run, sent);
    signal.throwIfAborted();
    if (missing === undefined) return undefined;
    const leftMs = Math.max(0, deadlineMs - clock.now());
    onProgress?.({ phase: 'wait', waitingFor: missing, leftMs });
    if (leftMs === 0) return missing;
    await clock.sleep(Math.min(WAIT_EVERY_MS, deadlineMs - clock.now()), signal);
  }
}

/** @param sent the requests of earlier rounds; those of this round are added. */
async function whatIsMissing(run: RunContext, sent: Probe[]): Promise<string | undefined> {
  const { settings, http, clock, signal } = run.input;
  const trouble = await pageTrouble(run, sent);
  if (trouble !== undefined) return trouble;
  try {
    const backend = await negotiate(
      settings.traceBackend.url,
      createJsonReader(run.backendTarget(), http.traceBackend, clock),
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
    return missing.length === 0 ? undefined : `the trace backend to know ${missing.join(', ')}`;
  } catch (error) {
    if (error instanceof BackendError) return `the trace backend to answer (${error.message})`;
    throw error;
  }
}

/** Sends until a page is not whole. @returns what is wrong with it; undefined: {@link WHOLE_IN_A_ROW} pages were whole. */
async function pageTrouble(run: RunContext, sent: Probe[]): Promise<string | undefined> {
  const { settings, signal } = run.input;
  for (let whole = 0; whole < WHOLE_IN_A_ROW; whole += 1) {
    // The formats a mesh may speak take turns, so that one of them is traced at any sampling rate.
    const format = formatInTurn(settings.format.value, sent.length);
    const probe = makeProbe(probeId(sent.length, 'w'), 'forced-on', format, run.head.run.id, run.random);
    sent.push(probe);
    const { answer, error } = await run.send(probe, signal);
    if (answer === undefined) return `the ingress to answer (${error?.message ?? 'no answer'})`;
    const wrong = pageProblem(answer, rightStatuses(run.application, probe));
    if (wrong !== undefined) return `${WHOLE_IN_A_ROW} whole pages in a row (${whole} so far, then ${wrong})`;
  }
  return undefined;
}

function pageProblem({ status, page }: Answer, right: readonly number[]): string | undefined {
  if (!right.includes(status)) return `status ${status}`;
  const [banner] = page.banners;
  if (banner !== undefined) return `${banner.service}: ${banner.text}`;
  return page.whole ? undefined : `a page without ${page.lacks ?? 'its marks'}`;
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
