import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { renderReport } from '../../reports/text/render-report.ts';
import { DEFAULT_ANSWERS } from '../applications/default.ts';
import { writeFileAtomic } from '../capture/atomic-write.ts';
import { checkBaseline } from '../config/check-baseline.ts';
import { resolvePolicy } from '../config/policy.ts';
import { encodeContract, redactContract } from '../contract/capture-file.ts';
import { driveContract } from '../contract/drive.ts';
import { CONTRACT_PROMISES, judgeContract } from '../contract/judge/judge-contract.ts';
import { readProto } from '../contract/proto.ts';
import { readContractFile } from '../contract/read-file.ts';
import { resolveContract } from '../contract/resolve-settings.ts';
import { applyPolicy } from '../judge/policy.ts';
import { isLeftOut } from '../judge/selection.ts';
import { HOPCHECK_VERSION } from '../system/version.ts';
import type { CommandContext } from './context.ts';
import { checkDeliveries, deliver } from './deliver.ts';
import { endingOf, exitCodeOf } from './ending.ts';
import { unmetSelectionLines } from './mistyped-tolerations.ts';
import { checkNewBaseline, writeNewBaseline } from './new-baseline.ts';
import { readInput } from './options.ts';
import { type OutputFlags, say } from './output.ts';
import { asSaid, readOutput } from './run-output.ts';

/** The flags of the command alone, by the keys of its file, and those that it shares. */
export interface ContractFlags {
  readonly own: Readonly<Record<string, unknown>>;
  readonly output: OutputFlags;
}

/** Drives, judges, reports. @returns the exit code. @throws ConfigError, ContractError */
export async function runContract(
  path: string | undefined,
  { own, output: flags }: ContractFlags,
  context: CommandContext,
): Promise<number> {
  const { io, clock } = context;
  const input = await readInput(flags, context);
  const policy = resolvePolicy(input);
  const readFile = (name: string) => readFileSync(resolve(io.cwd, name), 'utf8');
  const settings = resolveContract({
    flags: own,
    ...(path !== undefined && { file: { path, values: readContractFile(path, readFile) } }),
    cwd: io.cwd,
    knownAnswers: DEFAULT_ANSWERS,
    readFile,
    readProto: (paths, answers) =>
      readProto(
        paths.map((name) => resolve(io.cwd, name)),
        answers,
      ),
  });
  checkBaseline(policy.baseline, {
    hops: settings.upstreams.map(({ name }) => `${settings.service.name}->${name}`),
    promises: CONTRACT_PROMISES.filter((id) => !isLeftOut(id, policy)),
  });
  const ownFile = path === undefined ? {} : { [resolve(io.cwd, path)]: 'the contract file' };
  const output = readOutput(flags, input, io.cwd, { own: ownFile, keeps: 'as configured' });
  asSaid(output.said, () => {
    checkDeliveries(output.deliveries);
    checkNewBaseline(output.newBaseline);
  });
  using ending = endingOf(context, 'ending the service; what was seen is judged and written');
  const drives = await driveContract(settings, {
    clock,
    random: (digits) =>
      randomBytes(Math.ceil(digits / 2))
        .toString('hex')
        .slice(0, digits),
    signal: ending.signal,
    env: io.env,
    hopcheck: HOPCHECK_VERSION,
    ...(!output.flags.quiet && io.stderr.isTTY && { progress: (what: string) => say(io.stderr, what) }),
  });
  const capture = redactContract(drives, settings, { ...io.env, ...settings.env });
  let complete = true;
  if (output.capturePath !== undefined) complete = keep(output.capturePath, encodeContract(capture), context);
  const report = renderReport(applyPolicy(judgeContract(capture), policy));
  for (const line of unmetSelectionLines(report)) say(io.stderr, line);
  const delivered = deliver(report, output.deliveries, io, output.flags);
  const written = writeNewBaseline(report, output.newBaseline, io) && delivered;
  return exitCodeOf(report, io, complete && written, ending.exitCode);
}

function keep(path: string, text: string, { io }: CommandContext): boolean {
  try {
    writeFileAtomic(path, text);
    return true;
  } catch (error) {
    say(io.stderr, `--capture: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}
