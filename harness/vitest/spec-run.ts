import { calledAs } from '../cli/called-as.ts';
import type { CommandContext } from '../cli/context.ts';
import { checkDeliveries } from '../cli/deliver.ts';
import type { Io } from '../cli/io.ts';
import { checkNewBaseline } from '../cli/new-baseline.ts';
import { readInput } from '../cli/options.ts';
import { withApplication } from '../cli/own-application.ts';
import { endingOfRun, type ReportedRun, runAndReport } from '../cli/run.ts';
import { asSaid, readOutput } from '../cli/run-output.ts';
import { checkConfirm } from '../config/check-confirm.ts';
import type { ConfigInput } from '../config/config-input.ts';
import { resolvePolicy } from '../config/policy.ts';
import { totalTimeoutOf } from '../config/resolve.ts';
import { checkSelection } from '../config/unmet-selections.ts';
import type { Config } from '../definition/define-config.ts';
import { openTarget } from '../drive/target.ts';
import { seeTraces } from '../judge/seen-traces.ts';
import type { ReadableApplication } from '../model/application.ts';
import type { Clock } from '../model/clock.ts';
import type { Plan } from '../model/exchange.ts';
import type { RunReport } from '../model/report.ts';
import { systemClock } from '../system/system-clock.ts';
import { checkOutputOfSpecs, flagsOf, SpecRunError } from './spec-options.ts';
import type { KeptTraces } from './traces.ts';

/** Options of the setup: those of a configuration file, and where that file is. They go before environment and file. */
export interface SpecOptions extends Config {
  /** Path of the configuration file; default: hopcheck.config.ts, .yaml or .json in the working directory. */
  readonly config?: string;
}

export interface SpecRunInput {
  /** Where no option names one. */
  readonly application: ReadableApplication;
  readonly plan: Plan;
  readonly options?: SpecOptions;
  /** Default: the process's. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default: the process's working directory. */
  readonly cwd?: string;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Default: over the network. */
  readonly createClient?: NonNullable<Io['createClient']>;
  /** Default: the process's standard error; standard output belongs to Vitest. */
  readonly write?: (text: string) => void;
}

export interface SpecRun {
  readonly report: RunReport;
  readonly traces: KeptTraces;
}

/**
 * The one run of a Vitest project, with the options and the output of `hopcheck run`: policy, reports, baselines and
 * capture hold as there.
 * @throws ConfigError for options that are wrong or cannot hold in specs; SpecRunError where something that was asked for
 * could not be written, or where only `--fail-on stale` fails the run, which no spec would show.
 */
export async function runForSpecs(given: SpecRunInput): Promise<SpecRun> {
  const { plan, options = {}, env = process.env, cwd = process.cwd(), clock = systemClock } = given;
  const flags = flagsOf(options);
  const write = given.write ?? ((text: string) => process.stderr.write(text));
  const { createClient } = given;
  const io: Io = { ...ioOf(env, cwd, write), ...(createClient !== undefined && { createClient }) };
  const context = await withApplication(flags, { io, application: given.application, plan, clock });
  const input = await readInput(flags, context);
  const run = await drive(input, context);
  const requests = context.application.requestNames ?? [];
  const traces = seeTraces(run.capture, { requestNames: requests, promises: run.judged.promises });
  // Pictures are written; to each worker of Vitest they would only be a load.
  const { detail: _, ...report } = run.report;
  return { report, traces: { requests, traces } };
}

async function drive(input: ConfigInput, context: CommandContext): Promise<ReportedRun> {
  const { io, clock } = context;
  const policy = resolvePolicy(input);
  checkConfirm(input, policy);
  checkSelection(input);
  const output = readOutput({ color: false }, input, io.cwd, { keeps: 'as configured' });
  asSaid(output.said, () => {
    checkOutputOfSpecs(output);
    checkDeliveries(output.deliveries);
    checkNewBaseline(output.newBaseline);
  });
  using ending = endingOfRun(context, totalTimeoutOf(input));
  await using target = await openTarget(input, context.application.definition, { clock, signal: ending.signal });
  // Vitest reports the specs; of the run itself only the verdict is printed, unless more is asked for.
  const { verbose, short, report } = output.flags;
  const isAsked = verbose === true || short === true || report.includes('terminal');
  const quiet = isAsked ? {} : { quiet: true as const };
  const run = await runAndReport(target, policy, { ...output, flags: { ...output.flags, ...quiet } }, context, ending);
  const { exitCode, verdict, promises, sentence } = run.report;
  if (!run.complete)
    throw new SpecRunError('not everything that was asked for is written: standard error names what is missing', 2);
  // Of all that fails a run, this alone fails no promise.
  if (verdict === 'fail' && promises.every(({ status }) => status !== 'fail'))
    throw new SpecRunError(`${sentence} (--fail-on stale, which no spec shows)`, exitCode);
  return run;
}

/** Standard output belongs to Vitest, and so do signals. */
function ioOf(env: Io['env'], cwd: string, write: (text: string) => void): Io {
  const output = { write, data: write, isTTY: false };
  return { stdout: output, stderr: output, env, cwd, called: calledAs(env), onSignal: () => () => undefined };
}
