import { Readable } from 'node:stream';
import { DEFAULT_APPLICATION } from '../../applications/default.ts';
import type { Clock } from '../../model/clock.ts';
import { makePlan } from '../../probe/plan.ts';
import { systemClock } from '../../system/system-clock.ts';
import type { Io, Output } from '../io.ts';
import { main } from '../main.ts';

export interface Called {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in this process, without a terminal, or in one of so many columns. */
export async function callMain(
  argv: readonly string[],
  options: {
    cwd?: string;
    env?: Record<string, string>;
    stdin?: Buffer;
    columns?: number;
    /** How hopcheck was called; default: by its own name. */
    called?: string;
    clock?: Clock;
    createClient?: Io['createClient'];
    runSelf?: Io['runSelf'];
  } = {},
): Promise<Called> {
  let stdout = '';
  let stderr = '';
  const exitCode = await main(argv, {
    io: {
      stdout: collect((text) => {
        stdout += text;
      }, options.columns),
      stderr: collect((text) => {
        stderr += text;
      }, options.columns),
      ...(options.stdin !== undefined && { stdin: () => Readable.from([options.stdin]) }),
      env: options.env ?? {},
      cwd: options.cwd ?? process.cwd(),
      onSignal: () => () => undefined,
      ...(options.called !== undefined && { called: options.called }),
      ...(options.createClient !== undefined && { createClient: options.createClient }),
      ...(options.runSelf !== undefined && { runSelf: options.runSelf }),
    },
    application: DEFAULT_APPLICATION,
    plan: makePlan,
    clock: options.clock ?? systemClock,
  });
  return { exitCode, stdout, stderr };
}

function collect(write: (text: string) => void, columns: number | undefined): Output {
  return { write, data: write, isTTY: columns !== undefined, ...(columns !== undefined && { columns }) };
}
