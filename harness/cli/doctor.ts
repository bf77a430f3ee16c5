import type { Command } from 'commander';
import { renderDoctor } from '../../reports/doctor.ts';
import { jsonText } from '../../reports/no-command.ts';
import { bookinfo } from '../applications/bookinfo.ts';
import { createRedactor } from '../capture/redact.ts';
import { checkAgainst } from '../config/check-against.ts';
import { expectationsOf } from '../config/expectations.ts';
import { KUBE_OPTIONS, RUN_OPTIONS } from '../config/options.ts';
import { totalTimeoutOf } from '../config/resolve.ts';
import { secretsOf } from '../config/server.ts';
import type { Settings } from '../config/settings.ts';
import { type Examination, examine } from '../doctor/doctor.ts';
import { toDiagnosis } from '../doctor/preconditions.ts';
import { clientsOf } from '../drive/drive.ts';
import { openTarget, type Target } from '../drive/target.ts';
import { reachOf, sampleOf } from '../judge/reach.ts';
import type { Diagnosis } from '../model/doctor.ts';
import type { ProgressEvent } from '../model/progress.ts';
import type { Reach } from '../model/reach.ts';
import { makePlan } from '../probe/plan.ts';
import { awaitReady } from '../survey/wait.ts';
import { systemClock } from '../system/system-clock.ts';
import { endingOf } from './ending.ts';
import { type Io, wantsColor } from './io.ts';
import { addConfigOption, addOptions, readInput } from './options.ts';
import { columnsOf, progressOn } from './output.ts';

export function addDoctorCommand(program: Command, io: Io, done: (exitCode: number) => void): void {
  const command = program
    .command('doctor')
    .description('check that a run could decide: the preflight alone, a line a precondition');
  command.optionsGroup('What would be run:');
  addOptions(command, RUN_OPTIONS);
  command.optionsGroup('In a Kubernetes cluster:');
  addOptions(command, KUBE_OPTIONS);
  addConfigOption(command);
  command.optionsGroup('What is written:');
  command.option('--json', 'as JSON, for scripts').option('--no-color', 'no colours (also NO_COLOR)');
  command.action(async (flags: { json?: true; color: boolean }) => {
    const input = await readInput(flags, io);
    const progress = progressOn(io);
    const onProgress = (event: ProgressEvent) => progress.event(event);
    using ending = endingOf(io, 'ending', totalTimeoutOf(input));
    const { signal } = ending;
    try {
      await using target = await openTarget(input, bookinfo.definition, { onProgress, signal });
      signal.throwIfAborted();
      const { settings, cluster } = target;
      checkAgainst(settings, bookinfo.definition);
      // One root cause is enough: without a way there nothing else can be looked at.
      const examination = cluster?.stopped === undefined ? await examined(target, onProgress, signal) : undefined;
      progress.end();
      const redact = createRedactor(secretsOf(settings));
      const found = toDiagnosis(examination, settings, bookinfo.definition, cluster?.facts);
      const reach = found.ready && examination !== undefined ? { reach: reachOfRun(settings, examination) } : {};
      const diagnosis = redacted({ ...found, ...reach }, redact);
      const color = wantsColor(io.stdout, io.env, flags.color);
      if (flags.json) io.stdout.data(jsonText(diagnosis));
      else io.stdout.write(renderDoctor(diagnosis, { color, columns: columnsOf(io.stdout) }));
      done(diagnosis.exitCode);
    } catch (error) {
      if (!signal.aborted) throw error;
      progress.end();
      done(ending.exitCode ?? 2);
    }
  });
}

async function examined(
  { settings, cluster, waitedMs }: Target,
  onProgress: (event: ProgressEvent) => void,
  signal: AbortSignal,
): Promise<Examination> {
  const http = clientsOf(settings, cluster);
  try {
    const examining = { settings, application: bookinfo, plan: [], clock: systemClock, http, onProgress, signal };
    if (settings.waitMs !== undefined) await awaitReady(examining, Math.max(0, settings.waitMs - waitedMs));
    return await examine(examining);
  } finally {
    await Promise.all([http.ingress.close(), http.jaeger.close()]);
  }
}

/** By the plan of a run, as `hopcheck run` would say it before its first probe. */
function reachOfRun(settings: Settings, { preflight: { format, markerSearch } }: Examination): Reach {
  const plan = makePlan(settings.probes, settings.undecided);
  const sample = sampleOf(plan, format?.value, markerSearch !== 'not-supported');
  return reachOf(bookinfo.definition, expectationsOf(settings, bookinfo.definition), sample);
}

/** What servers say may hold what they were sent. */
function redacted(diagnosis: Diagnosis, redact: (text: string) => string): Diagnosis {
  return {
    ...diagnosis,
    preconditions: diagnosis.preconditions.map(({ observed, fix, ...rest }) => ({
      ...rest,
      observed: redact(observed),
      ...(fix !== undefined && { fix: redact(fix) }),
    })),
  };
}
