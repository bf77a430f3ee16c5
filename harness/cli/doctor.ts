import { renderDoctor } from '../../reports/doctor.ts';
import { jsonText } from '../../reports/no-command.ts';
import { createRedactor } from '../capture/redact.ts';
import { checkAgainst } from '../config/check-against.ts';
import { expectationsOf } from '../config/expectations.ts';
import { OPTION_GROUPS, RUN_GROUPS } from '../config/options.ts';
import { totalTimeoutOf } from '../config/resolve.ts';
import { secretsOf } from '../config/server.ts';
import type { Settings } from '../config/settings.ts';
import { type Examination, examine } from '../doctor/doctor.ts';
import { toDiagnosis } from '../doctor/preconditions.ts';
import { urlsInstead } from '../doctor/swapped.ts';
import { clientsOf } from '../drive/drive.ts';
import { openTarget, type Target } from '../drive/target.ts';
import { sampleOf, sensitivityOf } from '../judge/sensitivity.ts';
import type { Diagnosis } from '../model/doctor.ts';
import type { ProgressEvent } from '../model/progress.ts';
import type { Sensitivity } from '../model/sensitivity.ts';
import { awaitReady } from '../survey/wait.ts';
import { calledAs } from './called-as.ts';
import type { CommandContext, CommandRow } from './context.ts';
import { endingOf } from './ending.ts';
import { wantsColor } from './io.ts';
import { commandAgain } from './next-command.ts';
import { addConfigOption, addGroups, readInput } from './options.ts';
import { columnsOf, progressOn } from './output.ts';
import { withApplication } from './own-application.ts';

export const doctorCommand: CommandRow = {
  name: 'doctor',
  about: 'check whether a run can reach a verdict, and say how to fix what is missing',
  examples: ['hopcheck doctor --kube', 'hopcheck doctor --config hopcheck.config.yaml --json'],
  define(command, world, done) {
    const { io, clock } = world;
    addGroups(command, [...RUN_GROUPS, 'kube']);
    command.optionsGroup(OPTION_GROUPS.output);
    command.option('--json', 'as JSON, for scripts').option('--no-color', 'no colours (also NO_COLOR)');
    command.optionsGroup('Options:');
    addConfigOption(command);
    command.action(async (flags: { json?: true; color: boolean; config?: string }) => {
      const context = await withApplication(flags, world);
      const { definition, secrets = [] } = context.application;
      const input = await readInput(flags, context);
      const progress = progressOn(context);
      const onProgress = (event: ProgressEvent) => progress.event(event);
      using ending = endingOf(context, 'ending', totalTimeoutOf(input));
      const { signal } = ending;
      try {
        await using target = await openTarget(input, definition, { clock, onProgress, signal });
        signal.throwIfAborted();
        const { settings, cluster } = target;
        checkAgainst(settings, definition);
        // One root cause is enough: without a way there nothing else can be looked at.
        const examination =
          cluster?.stopped === undefined ? await examined(target, context, onProgress, signal) : undefined;
        progress.end();
        const redact = createRedactor([...secretsOf(settings), ...secrets]);
        const found = toDiagnosis(examination, settings, definition, cluster?.facts);
        const reach =
          found.ready && examination !== undefined ? { reach: sensitivityOfRun(settings, context, examination) } : {};
        const instead = examination === undefined ? undefined : urlsInstead(examination, settings);
        const command = `${calledAs(io.env)} ${found.ready ? 'run' : 'doctor'}`;
        const next = commandAgain(command, settings.configuration, flags.config, instead ?? {});
        const diagnosis = redacted({ ...found, ...reach, next }, redact);
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
  },
};

async function examined(
  { settings, cluster, waitedMs }: Target,
  { io, application, clock }: CommandContext,
  onProgress: (event: ProgressEvent) => void,
  signal: AbortSignal,
): Promise<Examination> {
  const http = clientsOf(settings, cluster, clock, io.createClient);
  try {
    const examining = { settings, application, plan: [], clock, http, onProgress, signal };
    if (settings.waitMs !== undefined) await awaitReady(examining, Math.max(0, settings.waitMs - waitedMs));
    return await examine(examining);
  } finally {
    await Promise.all([http.ingress.close(), http.traceBackend.close()]);
  }
}

/** By the plan of a run, as `hopcheck run` would say it before its first probe. */
function sensitivityOfRun(
  settings: Settings,
  { application: { definition }, plan }: CommandContext,
  { preflight: { format, markerSearch } }: Examination,
): Sensitivity {
  const sample = sampleOf(plan(settings.probes, settings.undecided), format?.value, markerSearch !== 'not-supported');
  return sensitivityOf(definition, expectationsOf(settings, definition), sample);
}

/** An answer of a server may repeat what it was sent. */
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
