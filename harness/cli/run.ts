import { checkConfirm } from '../config/check-confirm.ts';
import { ConfigError } from '../config/config-error.ts';
import { RUN_GROUPS } from '../config/options.ts';
import { resolvePolicy } from '../config/policy.ts';
import { totalTimeoutOf } from '../config/resolve.ts';
import { checkSelection } from '../config/unmet-selections.ts';
import { openTarget, type Target } from '../drive/target.ts';
import type { Capture } from '../model/capture.ts';
import type { Policy } from '../model/policy.ts';
import type { JudgedRun, RunReport } from '../model/report.ts';
import { calledAs } from './called-as.ts';
import type { CommandContext, CommandRow } from './context.ts';
import { checkDeliveries, deliver } from './deliver.ts';
import { describeRun } from './dry-run.ts';
import { type Ending, endingOf, exitCodeOf } from './ending.ts';
import { type KuberhealthyCheck, limitFor, readKuberhealthy, tellKuberhealthy } from './kuberhealthy.ts';
import { unmetSelectionLines } from './mistyped-tolerations.ts';
import { checkNewBaseline, writeNewBaseline } from './new-baseline.ts';
import { addConfigOption, addGroups, addOptions, readInput } from './options.ts';
import { otherApplicationLines } from './other-application.ts';
import { addOutOption, addOutputOptions, columnsOf, type OutputFlags, progressOn, say } from './output.ts';
import { withApplication } from './own-application.ts';
import { asSaid, type RunOutput, readOutput, retold } from './run-output.ts';
import { addPartOptions, checkPartOutput, collectPart, type PartFlags, readPart } from './run-part.ts';
import { reportOf } from './run-report.ts';
import { writtenLines } from './written-lines.ts';

interface RunFlags extends OutputFlags, PartFlags {
  readonly dryRun?: true;
  readonly out?: string;
}

export const runCommand: CommandRow = {
  name: 'run',
  about: 'probe an ingress, collect the traces, judge, report',
  examples: [
    'hopcheck run --ingress http://127.0.0.1:8080 --traces http://127.0.0.1:16686',
    'hopcheck run --kube',
    'hopcheck run --wait 5m --report junit=out.xml --report html=out.html',
    "hopcheck run --only smoke --tolerate HC501='fixed next week'",
    'hopcheck run --shard 2/4 --target shop --capture shop.2.capture',
    'hopcheck run --dry-run',
  ],
  define(command, world, done) {
    const { io } = world;
    addGroups(command, [...RUN_GROUPS, 'kube']);
    addOutputOptions(command);
    addOptions(command, ['capture', 'kuberhealthy']);
    addOutOption(command);
    command.optionsGroup('Options:');
    addConfigOption(command);
    command.option('--dry-run', 'show what would be sent, and where; send nothing');
    addPartOptions(command);
    command.addHelpText(
      'after',
      '\nEach option but --config, --dry-run, --out, --shard, --target and --no-color is\nalso a variable (HOPCHECK_PROBES) and a key of the configuration file (probes).',
    );
    command.action(async (flags: RunFlags) => {
      const context = await withApplication(flags, world);
      const input = await readInput(flags, context);
      const part = readPart(flags);
      const policy = resolvePolicy(input);
      checkConfirm(input, policy);
      checkSelection(input);
      const output = readOutput(flags, input, io.cwd, {
        keeps: 'as configured',
        ...(flags.out !== undefined && { out: flags.out }),
      });
      if (part !== undefined) checkPartOutput(output, input);
      if (flags.dryRun !== true)
        asSaid(output.said, () => {
          checkDeliveries(output.deliveries);
          checkNewBaseline(output.newBaseline);
        });
      // Reading a cluster and waiting for it are part of the run, and can be ended like it.
      const check = readKuberhealthy(input);
      using ending = endingOfRun(context, limitFor(check, totalTimeoutOf(input), context.clock));
      const progress = progressOn(context);
      await using target = await openTarget(input, context.application.definition, {
        clock: context.clock,
        waits: flags.dryRun !== true,
        ...(!output.flags.quiet && { onProgress: (event) => progress.event(event) }),
        signal: ending.signal,
      });
      if (flags.dryRun) {
        progress.end();
        const stopped = target.cluster?.stopped;
        if (stopped === undefined)
          io.stdout.write(describeRun(target.settings, context, output, columnsOf(io.stdout), target.cluster));
        else io.stderr.write(`nothing would be sent: ${stopped.message}; see hopcheck doctor --kube\n`);
        done(ending.exitCode ?? (stopped === undefined ? 0 : 2));
      } else if (part !== undefined) done(await collectPart(target, part, output, context, ending));
      else {
        const { exitCode } = await runAndReport(target, policy, output, context, ending, check);
        if (!output.flags.quiet) for (const line of writtenLines(output, io)) io.stderr.write(`${line}\n`);
        done(exitCode);
      }
    });
  },
};

/** @param totalTimeoutMs undefined: as long as it takes. */
export function endingOfRun(context: CommandContext, totalTimeoutMs: number | undefined): Ending {
  return endingOf(context, 'ending the run; all it has is judged and written', totalTimeoutMs);
}

/** A run that has been reported. */
export interface ReportedRun {
  readonly report: RunReport;
  /** The same before it got its texts, after the policy. */
  readonly judged: JudgedRun;
  readonly capture: Capture;
  /** Everything that was asked for is written. */
  readonly complete: boolean;
  readonly exitCode: number;
}

/** Drives, reports, and gives the exit code with what was found. */
export async function runAndReport(
  { settings, cluster, waitedMs }: Pick<Target, 'settings' | 'cluster' | 'waitedMs'>,
  policy: Policy,
  { flags, deliveries, newBaseline, capturePath, said }: RunOutput,
  context: CommandContext,
  ending: Ending,
  check?: KuberhealthyCheck,
): Promise<ReportedRun> {
  const { io, application } = context;
  const progress = progressOn(context);
  const { report, judged, capture, problems } = await reportOf(
    { settings, waitedMs, ...(cluster !== undefined && { cluster }) },
    policy,
    context,
    {
      ...(capturePath !== undefined && { capturePath }),
      ...(!flags.quiet && {
        onProgress: (event) => progress.event(event),
      }),
      signal: ending.signal,
    },
  ).catch((error: unknown) => {
    throw error instanceof ConfigError ? retold(error, said) : error;
  });
  progress.end();
  for (const problem of problems) io.stderr.write(`${problem}\n`);
  for (const line of unmetSelectionLines(report)) say(io.stderr, line);
  for (const line of otherApplicationLines(judged, application, calledAs(io.env))) say(io.stderr, line);
  const delivered = deliver(report, deliveries, io, flags);
  const reported = check === undefined || (await tellKuberhealthy(report, check, context));
  const complete = writeNewBaseline(report, newBaseline, io) && delivered && reported && problems.length === 0;
  return { report, judged, capture, complete, exitCode: exitCodeOf(report, io, complete, ending.exitCode) };
}
