import { createRedactor } from '../capture/redact.ts';
import { checkAgainst } from '../config/check-against.ts';
import { secretsOf } from '../config/server.ts';
import type { Settings } from '../config/settings.ts';
import type { HttpClient, HttpTarget } from '../http/http.ts';
import { createHttpClient } from '../http/undici-client.ts';
import { type ReasonSince, withReason } from '../http/with-reason.ts';
import { judge } from '../judge/judge.ts';
import type { ReadableApplication } from '../model/application.ts';
import type { Capture } from '../model/capture.ts';
import type { Clock } from '../model/clock.ts';
import { ofPart, type PlannedProbe } from '../model/exchange.ts';
import type { ProgressEvent } from '../model/progress.ts';
import type { JudgedRun } from '../model/report.ts';
import { survey } from '../survey/survey.ts';
import type { SurveyedCluster, SurveyInput } from '../survey/survey-input.ts';
import { awaitReady } from '../survey/wait.ts';
import { checkPlan } from './check-plan.ts';
import { openRecorder } from './open-recorder.ts';

export interface Drive {
  readonly settings: Settings;
  readonly application: ReadableApplication;
  readonly plan: readonly PlannedProbe[];
  /** Which part of the plan is sent; absent: all of it. */
  readonly part?: { readonly index: number; readonly of: number };
  /** Name of the target, for the judge of several. */
  readonly target?: string;
  readonly clock: Clock;
  /** Default: over the network. */
  readonly createClient?: CreateClient;
  /** Whether the second stage is sent, by the judgement of the first one. Default: there is none. */
  readonly wantsMore?: (judged: JudgedRun) => boolean;
  /** Where the capture goes; absent: nowhere. */
  readonly capturePath?: string;
  /** The cluster that the settings were found in, where they were. */
  readonly cluster?: SurveyedCluster & Reasons;
  /** Of `settings.waitMs`, what was spent on the cluster already. Default 0. */
  readonly waitedMs?: number;
  readonly onProgress?: (event: ProgressEvent) => void;
  /** The judged run carries what pictures need. Default false. */
  readonly detail?: boolean;
  readonly signal: AbortSignal;
}

export interface Driven {
  readonly judged: JudgedRun;
  /** What it was judged from. */
  readonly capture: Capture;
  /** What went wrong that is our own fault, or the disk's; the run is judged all the same. */
  readonly problems: readonly string[];
}

/** Surveys, records and judges. Whatever happens on the way, what was recorded until then is judged. */
export async function drive(input: Drive): Promise<Driven> {
  const { clock } = input;
  const { capture, problems } = await collect(input);
  const startedAtMs = clock.now();
  const judged = judge(capture, { detail: input.detail ?? false });
  const judgeMs = Math.round(clock.now() - startedAtMs);
  return { judged: { ...judged, timings: { ...judged.timings, judgeMs } }, capture, problems };
}

/** Surveys and records. Judges nothing, but where the first stage of a plan decides about the second. */
export async function collect(input: Drive): Promise<Omit<Driven, 'judged'>> {
  const { settings, application, capturePath, clock } = input;
  checkAgainst(settings, application.definition);
  const { wantsMore, part, target } = input;
  checkPlan(settings, part === undefined ? input.plan : ofPart(input.plan, part.index));
  const problems: string[] = [];
  const redact = createRedactor([...secretsOf(settings), ...(application.secrets ?? [])]);
  const recorder = openRecorder(redact, capturePath);
  const { cluster } = input;
  const http = clientsOf(settings, cluster, clock, input.createClient);
  try {
    const surveying = {
      settings,
      application,
      plan: input.plan,
      ...(part !== undefined && { part }),
      ...(target !== undefined && { target }),
      ...(wantsMore !== undefined && { wantsMore: (collected: Capture) => wantsMore(judge(collected)) }),
      clock,
      http,
      ...(cluster !== undefined && { cluster }),
      ...(input.onProgress !== undefined && { onProgress: input.onProgress }),
      signal: input.signal,
    };
    // What is still missing in the end preflight finds and names.
    if (settings.waitMs !== undefined && cluster?.stopped === undefined)
      await waited(surveying, Math.max(0, settings.waitMs - (input.waitedMs ?? 0)));
    await survey({ ...surveying, onPart: (part) => recorder.add(part) });
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    problems.push(`hopcheck failed (this is a bug; what was collected is judged): ${redact(text)}`);
  } finally {
    recorder.close();
    await Promise.all([http.ingress.close(), http.traceBackend.close()]);
  }
  if (recorder.problem !== undefined) problems.push(`the capture is not whole: ${recorder.problem.message}`);
  return { capture: recorder.capture(), problems };
}

/** An end from outside is the survey's to record. */
async function waited(surveying: SurveyInput, waitMs: number): Promise<void> {
  try {
    await awaitReady(surveying, waitMs);
  } catch (error) {
    if (!surveying.signal.aborted) throw error;
  }
}

export interface Reasons {
  readonly reasonSince: { readonly ingress: ReasonSince; readonly traceBackend: ReasonSince };
}

type CreateClient = (target: HttpTarget) => HttpClient;

/** The HTTP clients of a run; where a port-forward knows more of a failure than the socket does, they say it. */
export function clientsOf(
  settings: Settings,
  cluster: Reasons | undefined,
  clock: Clock,
  create: CreateClient = createHttpClient,
) {
  return {
    ingress: withReason(create(settings.ingress), clock, cluster?.reasonSince.ingress),
    traceBackend: withReason(create(settings.traceBackend), clock, cluster?.reasonSince.traceBackend),
  };
}
