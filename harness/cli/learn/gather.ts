import { renderReport } from '../../../reports/text/render-report.ts';
import type { ConfigInput } from '../../config/config-input.ts';
import { expectationsOf } from '../../config/expectations.ts';
import { resolveImport } from '../../config/import-settings.ts';
import { isGiven } from '../../config/resolve.ts';
import type { Settings } from '../../config/settings.ts';
import { compileApplication } from '../../definition/compile.ts';
import type { Definition } from '../../definition/schema.ts';
import { collect } from '../../drive/collect.ts';
import type { Target } from '../../drive/target.ts';
import { importCapture } from '../../import/import-capture.ts';
import { judge } from '../../judge/judge.ts';
import { applyPolicy } from '../../judge/policy.ts';
import type { ClusterStart } from '../../kube/connect/start.ts';
import { requestsOfCapture } from '../../learn/from-capture.ts';
import { partDump } from '../../learn/from-dump.ts';
import type { AskedRequest, LearnInput } from '../../learn/learn-input.ts';
import { requestsToSee } from '../../learn/missable.ts';
import type { ReadableApplication } from '../../model/application.ts';
import type { Capture } from '../../model/capture.ts';
import type { Policy } from '../../model/policy.ts';
import type { Trace } from '../../model/trace.ts';
import { HOPCHECK_VERSION } from '../../system/version.ts';
import type { CommandContext } from '../context.ts';
import type { Ending } from '../ending.ts';
import { progressOn } from '../output.ts';

/** What is learnt from, however it came. */
export interface Gathered extends Pick<LearnInput, 'requests' | 'traces' | 'loose'> {
  /** For people: `60 requests`, `4 files`. */
  readonly notes: readonly string[];
  /** Day of the requests, `2026-11-29`, UTC. */
  readonly day: string;
  /** Why nothing can be learnt, whatever was gathered; absent: nothing stands in the way. */
  readonly stopped?: string;
  /** What the cluster has of the application; absent: none was read. */
  readonly start?: ClusterStart;
  /** As if a run had had this definition. */
  readonly captureFor: (application: ReadableApplication) => Capture;
}

/** Forced-on probes per request, where no number of probes is configured: a call of 5 % is seen in them with 99 %. */
const PROBES_PER_REQUEST = requestsToSee(0.05);

/** Drives a mesh. */
export async function gatherFromMesh(
  { settings: configured, cluster, waitedMs }: Pick<Target, 'settings' | 'cluster' | 'waitedMs'>,
  asked: readonly AskedRequest[],
  { input, context, capturePath, ending }: GatherOptions,
): Promise<Gathered> {
  const { application, io, clock } = context;
  const settings = isGiven('probes', input) ? configured : withProbes(configured, PROBES_PER_REQUEST * asked.length);
  const progress = progressOn(context);
  const { capture, loose, problem } = await collect({
    settings,
    application,
    plan: Array.from({ length: settings.probes }, () => ({ purpose: 'forced-on' as const })),
    clock,
    ...(io.createClient !== undefined && { createClient: io.createClient }),
    ...(cluster !== undefined && { cluster }),
    waitedMs,
    ...(capturePath !== undefined && { capturePath }),
    onProgress: (event) => progress.event(event),
    signal: ending.signal,
  });
  progress.end();
  const { stopped } = capture.preflight;
  return {
    requests: asked,
    traces: requestsOfCapture(capture, asked[0]?.name ?? ''),
    loose: loose.traces,
    notes: [
      ...(loose.incident === undefined
        ? []
        : [`calls that lost their context were not looked for: ${loose.incident.message}`]),
      ...(problem === undefined ? [] : [`the capture is not whole: ${problem}`]),
    ],
    day: capture.run.startedAt.slice(0, 10),
    ...(cluster?.start !== undefined && { start: cluster.start }),
    ...(stopped !== undefined && { stopped: [stopped.message, stopped.hint].filter(Boolean).join('; ') }),
    ...(stopped === undefined &&
      capture.end !== 'complete' && { stopped: 'it was ended before all traces were there' }),
    captureFor: ({ definition }) => ({
      ...capture,
      application: definition,
      expectations: { ...capture.expectations, ...expectationsOf(settings, definition) },
    }),
  };
}

export interface GatherOptions {
  readonly input: ConfigInput;
  /** With the application that is driven. */
  readonly context: CommandContext;
  readonly capturePath?: string;
  readonly ending: Ending;
}

function withProbes(settings: Settings, probes: number): Settings {
  const configuration = settings.configuration.map((option) =>
    option.name === 'probes'
      ? { ...option, value: String(probes), source: 'assumed' as const, from: 'hopcheck learn' }
      : option,
  );
  return { ...settings, probes, configuration };
}

/** Takes saved traces. @param asked undefined: every GET of the dump. */
export function gatherFromDump(
  dump: { readonly traces: readonly Trace[]; readonly files: number },
  asked: readonly AskedRequest[] | undefined,
  input: ConfigInput,
): Gathered {
  const settings = resolveImport(input);
  const parted = partDump(dump.traces, asked, settings.services?.value ?? {});
  const first = Math.min(...parted.traces.flatMap(({ trace }) => trace.spans.map(({ startMicros }) => startMicros)));
  return {
    requests: parted.requests,
    traces: parted.traces,
    loose: parted.loose,
    notes: [...parted.passedOver].map(
      ([request, count]) =>
        `${count} of ${request} are not learnt from: name it with --get or --post where it is meant`,
    ),
    day: new Date(Number.isFinite(first) ? first / 1000 : 0).toISOString().slice(0, 10),
    ...(parted.requests.length === 0 && { stopped: 'no trace of the dump begins at a gateway with a GET' }),
    captureFor: (application) =>
      importCapture({
        application,
        traces: dump.traces,
        files: dump.files,
        complete: false,
        expectations: expectationsOf(settings, application.definition),
        hopcheck: HOPCHECK_VERSION,
      }),
  };
}

/** Promises about single traces; shares and answers say nothing about calls. */
const OF_TRACES = ['trace-shape', 'parentage', 'propagation'];

/**
 * Judges what was gathered with the definition that was learnt of it: what is wrong with the traces by themselves.
 * @returns a line per error; empty: nothing is wrong.
 */
export function errorsWith(
  definition: Definition,
  gathered: Gathered,
  env: CommandContext['io']['env'],
  policy: Policy,
) {
  const application = compileApplication(definition, { from: 'what was learnt', env });
  const report = renderReport(applyPolicy(judge(gathered.captureFor(application)), policy));
  return report.promises
    .filter(({ id }) => OF_TRACES.includes(id))
    .flatMap(({ findings }) => findings)
    .filter(
      ({ severity, explainedBy, waived }) => severity === 'error' && explainedBy === undefined && waived === undefined,
    )
    .map(({ code, subject, received, remedy }) => ({ code, subject, received, remedy }));
}
