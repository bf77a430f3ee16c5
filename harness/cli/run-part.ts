import type { Command } from 'commander';
import { ConfigError } from '../config/config-error.ts';
import type { ConfigInput } from '../config/config-input.ts';
import { POLICY_OPTIONS } from '../config/options.ts';
import { isGiven } from '../config/resolve.ts';
import { collect } from '../drive/drive.ts';
import type { Target } from '../drive/target.ts';
import type { Capture } from '../model/capture.ts';
import { plural } from '../model/numbers.ts';
import { partPlan } from '../probe/part-plan.ts';
import type { CommandContext } from './context.ts';
import type { Ending } from './ending.ts';
import { progressOn, say } from './output.ts';
import { type RunOutput, retold } from './run-output.ts';

export interface PartFlags {
  readonly shard?: string;
  readonly target?: string;
}

/** The part of a run that one process collects, and the name of the target that it belongs to. */
export interface RunPart {
  /** From 1. */
  readonly index: number;
  readonly of: number;
  /** Absent: the target is known by its ingress alone. */
  readonly target?: string;
}

/** More processes than these do not help a plan. */
const MOST_PARTS = 1000;
const EXAMPLE = '--shard 2/4 --capture shop.2.capture';

export function addPartOptions(command: Command): void {
  command.option(
    '--shard <part/parts>',
    'send this part of the plan and judge nothing; hopcheck merge judges all parts',
  );
  command.option('--target <name>', 'with --shard: name of the target in the merged report');
}

/** @returns undefined: the run is a whole one. @throws ConfigError */
export function readPart({ shard, target }: PartFlags): RunPart | undefined {
  if (shard === undefined) {
    if (target !== undefined)
      throw wrong('--target', target, 'beside --shard: a report of one target needs no name for it', EXAMPLE);
    return undefined;
  }
  const [, index, of] = /^(\d{1,4})\/(\d{1,4})$/.exec(shard) ?? [];
  const part = { index: Number(index), of: Number(of) };
  if (!(part.index >= 1 && part.index <= part.of && part.of <= MOST_PARTS))
    throw wrong('--shard', shard, `<part>/<parts>, the part from 1 to the number of parts, at most ${MOST_PARTS}`);
  if (target !== undefined && !/^[\w./:-]{1,200}$/.test(target))
    throw wrong('--target', target, 'a name of letters, digits and . _ / : -, at most 200', '--target shop/prod');
  return { ...part, ...(target !== undefined && { target }) };
}

/**
 * A part is not judged: flags about a verdict are for `hopcheck merge`. In the configuration file they may stand, because
 * merge reads the same one. @throws ConfigError
 */
export function checkPartOutput({ capturePath }: RunOutput, { flags, page, readFile }: ConfigInput): void {
  if (capturePath === undefined)
    throw new ConfigError([{ option: '--capture', expected: 'a file for the capture of the part', example: EXAMPLE }]);
  const given = { flags, env: {}, readFile, ...(page !== undefined && { page }) };
  const judged = (['report', 'write-baseline', 'confirm', ...POLICY_OPTIONS] as const).filter((name) =>
    isGiven(name, given),
  );
  if (judged.length === 0) return;
  const expected = 'none beside --shard, because a part is not judged: give it to hopcheck merge';
  const example = 'hopcheck merge shop.*.capture';
  throw new ConfigError(judged.map((name) => ({ option: `--${name}`, source: `flag --${name}`, expected, example })));
}

/**
 * Collects one part. @returns the exit code: 0 once the capture is written, whatever it shows; 2 where nothing could be
 * collected, or not all of it; that of a signal that ended it. @throws ConfigError
 */
export async function collectPart(
  { settings, cluster, waitedMs }: Pick<Target, 'settings' | 'cluster' | 'waitedMs'>,
  { target, ...part }: RunPart,
  { flags, capture: given = '', capturePath, said }: RunOutput,
  context: CommandContext,
  ending: Ending,
): Promise<number> {
  const { io, application, plan, clock } = context;
  const whole = plan(settings.probes, settings.undecided);
  if (part.of > whole.length)
    throw wrong('--shard', `${part.index}/${part.of}`, `at most ${plural(whole.length, 'part')}, one for each probe`);
  const progress = progressOn(context);
  const { capture, problems } = await collect({
    settings,
    application,
    plan: partPlan(whole, part.of),
    part,
    ...(target !== undefined && { target }),
    clock,
    ...(io.createClient !== undefined && { createClient: io.createClient }),
    ...(cluster !== undefined && { cluster }),
    waitedMs,
    ...(capturePath !== undefined && { capturePath }),
    ...(!flags.quiet && { onProgress: (event) => progress.event(event) }),
    signal: ending.signal,
  }).catch((error: unknown) => {
    throw error instanceof ConfigError ? retold(error, said) : error;
  });
  progress.end();
  for (const problem of problems) io.stderr.write(`${problem}\n`);
  const name = `part ${part.index} of ${part.of}${target === undefined ? '' : ` of ${target}`}`;
  const trouble = troubleOf(capture);
  if (trouble !== undefined || problems.length > 0) {
    say(io.stderr, `${name} could not be collected${trouble === undefined ? '' : `: ${trouble}`}`);
    return ending.exitCode ?? 2;
  }
  say(
    io.stderr,
    `${name}: ${plural(capture.exchanges.length, 'probe')} sent, and not judged; hopcheck merge ${given} …`,
  );
  return 0;
}

/** Why the capture is not all of its part; undefined: it is. Its traces do not matter. */
function troubleOf({ end, preflight }: Capture): string | undefined {
  if (preflight.stopped !== undefined) return preflight.stopped.message;
  return end === 'complete' ? undefined : 'it was ended from outside';
}

function wrong(option: string, value: string, expected: string, example = EXAMPLE): ConfigError {
  return new ConfigError([{ option, value, source: `flag ${option}`, expected, example }]);
}
